import ts from 'typescript';

/**
 * Shortens the responses of an operation: `200: Json<Team>` and `404: NoContent` are aliases of objects with headers and
 * content. Most responses of a document have one of these two forms.
 */
export function compactResponses(member: ts.TypeElement): ts.TypeElement {
  const type = typeOf(member);
  if (!ts.isPropertySignature(member) || nameOf(member) !== 'responses' || type === undefined) return member;
  if (!ts.isTypeLiteralNode(type)) return member;
  return withType(member, ts.factory.createTypeLiteralNode(type.members.map(compactResponse)));
}

function compactResponse(member: ts.TypeElement): ts.TypeElement {
  const type = typeOf(member);
  if (!ts.isPropertySignature(member) || type === undefined || !ts.isTypeLiteralNode(type)) return member;
  const [headers, content] = type.members;
  if (headers === undefined || content === undefined || nameOf(headers) !== 'headers') return member;
  const headersType = typeOf(headers);
  const hasNamedHeader =
    headersType === undefined ||
    !ts.isTypeLiteralNode(headersType) ||
    !headersType.members.every(ts.isIndexSignatureDeclaration);
  if (hasNamedHeader) return member;
  const body = typeOf(content);
  if (body?.kind === ts.SyntaxKind.NeverKeyword) return withType(member, refer('NoContent'));
  const media = body && ts.isTypeLiteralNode(body) ? body.members : [];
  const only = media.length === 1 ? media[0] : undefined;
  const json = only && nameOf(only) === 'application/json' ? typeOf(only) : undefined;
  return json === undefined ? member : withType(member, refer('Json', json));
}

function refer(name: string, ...parameters: ts.TypeNode[]): ts.TypeNode {
  return ts.factory.createTypeReferenceNode(name, parameters);
}

function typeOf(member: ts.TypeElement): ts.TypeNode | undefined {
  return ts.isPropertySignature(member) ? member.type : undefined;
}

/** Returns the name of a member, whether it is quoted or not. */
export function nameOf({ name }: ts.TypeElement): string | undefined {
  return name !== undefined &&
    (ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name))
    ? name.text
    : undefined;
}

function withType(member: ts.PropertySignature, type: ts.TypeNode): ts.PropertySignature {
  const { modifiers, name, questionToken } = member;
  const replaced = ts.factory.createPropertySignature(modifiers, name, questionToken, type);
  // The comment above a member does not belong to its node, so a new node gets it here.
  return ts.setSyntheticLeadingComments(replaced, ts.getSyntheticLeadingComments(member));
}
