import type ts from 'typescript';
import { literalsOf, type Search, symbolAt } from './uses.js';

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']);

/** Methods of a client that a program keeps under a name of its own. */
export type ClientAliases = Map<ts.Symbol, string>;

/** Finds the names under which a program keeps `client.GET` and its siblings: `const { GET } = client`. */
export function collectAliases(search: Search, node: ts.Node, aliases: ClientAliases): void {
  const { compiler, checker } = search;
  if (!compiler.isVariableDeclaration(node) || node.initializer === undefined) return;
  if (compiler.isObjectBindingPattern(node.name)) {
    if (!isClient(search, node.initializer)) return;
    for (const element of node.name.elements) {
      const member = (element.propertyName ?? element.name).getText();
      const symbol = checker.getSymbolAtLocation(element.name);
      if (symbol !== undefined && isMember(member)) aliases.set(symbol, member);
    }
  }
  const member = memberOf(search, node.initializer);
  const symbol = checker.getSymbolAtLocation(node.name);
  if (typeof member === 'string' && symbol !== undefined) aliases.set(symbol, member);
}

/** Finds calls of a client at a node: `client.GET('/v9/projects')`, `client.call('getProjects')`. */
export function findClientCalls(search: Search, node: ts.Node, aliases: ClientAliases): void {
  const { compiler } = search;
  if (compiler.isIdentifier(node)) {
    findAliasCall(search, node, aliases);
    return;
  }
  const member = memberOf(search, node);
  if (member === undefined) return;
  if (member === null) {
    search.lost(node, 'the method is computed');
    return;
  }
  const outer = unwrapped(search, node);
  const { parent } = outer;
  if (compiler.isCallExpression(parent) && parent.expression === outer) {
    followCall(search, parent, member);
    return;
  }
  if (compiler.isVariableDeclaration(parent)) return;
  search.lost(node, `${node.getText()} is handed on, and called elsewhere`);
}

function findAliasCall(search: Search, node: ts.Identifier, aliases: ClientAliases): void {
  const { compiler } = search;
  const { parent } = node;
  const isName =
    compiler.isBindingElement(parent) ||
    compiler.isImportSpecifier(parent) ||
    compiler.isExportSpecifier(parent) ||
    (compiler.isVariableDeclaration(parent) && parent.name === node);
  const symbol = isName || aliases.size === 0 ? undefined : symbolAt(search, node);
  const member = symbol && aliases.get(symbol);
  if (member === undefined) return;
  if (compiler.isCallExpression(parent) && parent.expression === node) followCall(search, parent, member);
  else search.lost(node, `${node.text} is handed on, and called elsewhere`);
}

function followCall(search: Search, call: ts.CallExpression, member: string): void {
  const [argument] = call.arguments;
  const what = member === 'call' ? 'operation id' : 'path';
  if (argument === undefined) {
    search.lost(call, `the ${what} is missing`);
    return;
  }
  const literals = literalsOfArgument(search, argument);
  if (literals === undefined) {
    search.lost(call, `the ${what} is computed`);
    return;
  }
  for (const literal of literals)
    search.found(call, member === 'call' ? { operationId: literal } : { method: member, path: literal });
}

function literalsOfArgument(search: Search, argument: ts.Expression): string[] | undefined {
  const { compiler, checker } = search;
  if (compiler.isSpreadElement(argument)) return undefined;
  let inner = argument;
  // An assertion changes what the compiler believes, not what is sent.
  while (
    compiler.isAsExpression(inner) ||
    compiler.isParenthesizedExpression(inner) ||
    compiler.isSatisfiesExpression(inner) ||
    compiler.isNonNullExpression(inner)
  )
    inner = inner.expression;
  if (compiler.isStringLiteralLike(inner)) return [inner.text];
  return literalsOf(search, checker.getTypeAtLocation(inner));
}

/** The member of a client that an expression is; `null` for one that is computed, `undefined` for anything else. */
function memberOf(search: Search, node: ts.Node): string | null | undefined {
  const { compiler, checker } = search;
  if (compiler.isPropertyAccessExpression(node)) {
    const name = node.name.text;
    return isMember(name) && isClient(search, node.expression, callsPath(search, node)) ? name : undefined;
  }
  if (!compiler.isElementAccessExpression(node) || !isClient(search, node.expression)) return undefined;
  const names = literalsOf(search, checker.getTypeAtLocation(node.argumentExpression));
  const [name] = names ?? [];
  if (names?.length !== 1 || name === undefined) return null;
  return isMember(name) ? name : undefined;
}

/** Whether `x.GET('/...')` stands there: where types say nothing of `x`, that says enough. */
function callsPath({ compiler }: Search, node: ts.PropertyAccessExpression): boolean {
  if (!compiler.isCallExpression(node.parent) || node.parent.expression !== node) return false;
  const [argument] = node.parent.arguments;
  return METHODS.has(node.name.text) && argument !== undefined && compiler.isStringLiteralLike(argument)
    ? argument.text.startsWith('/')
    : false;
}

function isClient({ compiler, checker }: Search, node: ts.Expression, orAny = false): boolean {
  const type = checker.getNonNullableType(checker.getTypeAtLocation(node));
  if ((type.flags & compiler.TypeFlags.Any) !== 0) return orAny;
  const apparent = checker.getApparentType(type);
  return ['GET', 'POST', 'PUT', 'DELETE'].every(
    (name) => checker.getPropertyOfType(apparent, name) !== undefined,
  );
}

function isMember(name: string): boolean {
  return METHODS.has(name) || name === 'call';
}

/** The outermost of the parentheses and `!` around a node. */
function unwrapped({ compiler }: Search, node: ts.Node): ts.Node {
  let outer = node;
  while (compiler.isParenthesizedExpression(outer.parent) || compiler.isNonNullExpression(outer.parent))
    outer = outer.parent;
  return outer;
}
