import type ts from 'typescript';
import { compiler } from './installed-toolkit.js';

/**
 * Shortens the responses of an operation: `200: Json<Team>` and `404: NoContent` are aliases of objects with headers and
 * content. Most responses of a document have one of these two forms.
 */
export function compactResponses(member: ts.TypeElement): ts.TypeElement {
  const type = typeOf(member);
  if (!compiler.isPropertySignature(member) || nameOf(member) !== 'responses' || type === undefined)
    return member;
  if (!compiler.isTypeLiteralNode(type)) return member;
  return withType(member, compiler.factory.createTypeLiteralNode(type.members.map(compactResponse)));
}

function compactResponse(member: ts.TypeElement): ts.TypeElement {
  const type = typeOf(member);
  if (!compiler.isPropertySignature(member) || type === undefined || !compiler.isTypeLiteralNode(type))
    return member;
  const [headers, content] = type.members;
  if (headers === undefined || content === undefined || nameOf(headers) !== 'headers') return member;
  const headersType = typeOf(headers);
  const hasNamedHeader =
    headersType === undefined ||
    !compiler.isTypeLiteralNode(headersType) ||
    !headersType.members.every(compiler.isIndexSignatureDeclaration);
  if (hasNamedHeader) return member;
  const body = typeOf(content);
  if (body?.kind === compiler.SyntaxKind.NeverKeyword) return withType(member, refer('NoContent'));
  const media = body && compiler.isTypeLiteralNode(body) ? body.members : [];
  const only = media.length === 1 ? media[0] : undefined;
  const json = only && nameOf(only) === 'application/json' ? typeOf(only) : undefined;
  return json === undefined ? member : withType(member, refer('Json', json));
}

function refer(name: string, ...parameters: ts.TypeNode[]): ts.TypeNode {
  return compiler.factory.createTypeReferenceNode(name, parameters);
}

function typeOf(member: ts.TypeElement): ts.TypeNode | undefined {
  return compiler.isPropertySignature(member) ? member.type : undefined;
}

/** Returns the name of a member, whether it is quoted or not. */
export function nameOf({ name }: ts.TypeElement): string | undefined {
  return name !== undefined &&
    (compiler.isIdentifier(name) || compiler.isStringLiteral(name) || compiler.isNumericLiteral(name))
    ? name.text
    : undefined;
}

function withType(member: ts.PropertySignature, type: ts.TypeNode): ts.PropertySignature {
  const { modifiers, name, questionToken } = member;
  const replaced = compiler.factory.createPropertySignature(modifiers, name, questionToken, type);
  // The comment above a member does not belong to its node, so a new node gets it here.
  return compiler.setSyntheticLeadingComments(replaced, compiler.getSyntheticLeadingComments(member));
}
