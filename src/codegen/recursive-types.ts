import ts from 'typescript';
import { isRecord } from '../is-record.js';
import { identifierOf } from './identifier.js';
import { list } from './walk-operations.js';

/**
 * Gives each of the named components a type alias of its own.
 *
 * In `interface components { schemas: { Json: string | components['schemas']['Json'][] } }` TypeScript refuses the reference
 * of `Json` to itself (error 2502); it defers an array only within a type alias that names itself.
 */
export function aliasRecursiveSchemas(nodes: readonly ts.Node[], recursive: ReadonlySet<string>): ts.Node[] {
  if (recursive.size === 0) return [...nodes];
  const aliases: ts.Node[] = [];
  const referToAlias = (node: ts.Node): ts.Node => {
    const name = componentOf(node);
    return name !== undefined && recursive.has(name)
      ? ts.factory.createTypeReferenceNode(aliasOf(name))
      : ts.visitEachChild(node, referToAlias, undefined);
  };
  const replaceMember = (node: ts.Node): ts.Node => {
    if (!ts.isPropertySignature(node) || node.type === undefined) return node;
    const name = ts.isIdentifier(node.name) || ts.isStringLiteral(node.name) ? node.name.text : '';
    if (!recursive.has(name)) return node;
    const body = ts.visitNode(node.type, referToAlias, ts.isTypeNode);
    if (body === undefined) return node;
    const exported = [ts.factory.createModifier(ts.SyntaxKind.ExportKeyword)];
    aliases.push(ts.factory.createTypeAliasDeclaration(exported, aliasOf(name), undefined, body));
    const reference = ts.factory.createTypeReferenceNode(aliasOf(name));
    const replaced = ts.factory.updatePropertySignature(
      node,
      node.modifiers,
      node.name,
      node.questionToken,
      reference,
    );
    // The comment above a property is no part of it and would stay behind.
    const comments = ts.getSyntheticLeadingComments(node);
    return ts.setSyntheticLeadingComments(replaced, comments);
  };
  const rewritten = nodes.map((node) => replaceInSchemas(node, replaceMember));
  return [...rewritten, ...aliases];
}

/**
 * The names of component schemas that lead back to themselves with no object between.
 *
 * What a property or an index signature holds is resolved when it is asked for, so a circle through one is none.
 */
export function recursiveSchemas(schemas: Readonly<Record<string, unknown>>): Set<string> {
  const leadsTo = new Map(Object.entries(schemas).map(([name, schema]) => [name, directReferences(schema)]));
  const reaches = (from: string): boolean => {
    const seen = new Set<string>();
    const queue = [...(leadsTo.get(from) ?? [])];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (next === from) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(...(leadsTo.get(next) ?? []));
    }
    return false;
  };
  return new Set([...leadsTo.keys()].filter(reaches));
}

const PREFIX = '#/components/schemas/';

function directReferences(node: unknown): string[] {
  if (!isRecord(node)) return [];
  if (typeof node.$ref === 'string')
    return node.$ref.startsWith(PREFIX) ? [node.$ref.slice(PREFIX.length)] : [];
  const lists = ['oneOf', 'anyOf', 'allOf', 'prefixItems'].flatMap((key) => list(node[key]));
  return [...lists, node.items].flatMap(directReferences);
}

function aliasOf(name: string): string {
  return `Recursive${identifierOf(`x-${name}`).slice(1)}`;
}

/** The name in `components["schemas"]["name"]`. */
function componentOf(node: ts.Node): string | undefined {
  if (!ts.isIndexedAccessTypeNode(node) || !ts.isIndexedAccessTypeNode(node.objectType)) return undefined;
  const section = literalOf(node.objectType.indexType);
  const root = node.objectType.objectType;
  const isComponents =
    ts.isTypeReferenceNode(root) && ts.isIdentifier(root.typeName) && root.typeName.text === 'components';
  return isComponents && section === 'schemas' ? literalOf(node.indexType) : undefined;
}

function literalOf(node: ts.TypeNode): string | undefined {
  return ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal) ? node.literal.text : undefined;
}

/** Passes the members of `components.schemas` through a function. */
function replaceInSchemas(node: ts.Node, replace: (member: ts.Node) => ts.Node): ts.Node {
  if (!ts.isInterfaceDeclaration(node) || node.name.text !== 'components') return node;
  return ts.visitEachChild(
    node,
    (member) => {
      const isSchemas =
        ts.isPropertySignature(member) && ts.isIdentifier(member.name) && member.name.text === 'schemas';
      const { type } = isSchemas ? member : { type: undefined };
      if (!isSchemas || type === undefined) return member;
      const replaced = ts.visitEachChild(type, replace, undefined);
      return ts.factory.updatePropertySignature(
        member,
        member.modifiers,
        member.name,
        member.questionToken,
        replaced,
      );
    },
    undefined,
  );
}
