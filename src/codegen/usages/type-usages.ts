import type ts from 'typescript';
import { isDeclaredIn, literalsOf, symbolAt, type UsageSearch } from './usage-search.js';

const ALIASES: ReadonlySet<string> = new Set(['ResponseOf', 'BodyOf', 'QueryOf']);

/** Finds generated types at a node: `ResponseOf<'getProject'>`, `operations['getProject']`, `paths['/v9/projects']['get']`. */
export function findTypeUsages(search: UsageSearch, node: ts.Node): void {
  const { compiler } = search;
  if (compiler.isIndexedAccessTypeNode(node)) findIndexed(search, node);
  if (!compiler.isTypeReferenceNode(node)) return;
  const symbol = symbolAt(search, node.typeName);
  const [argument] = node.typeArguments ?? [];
  if (symbol === undefined || argument === undefined || !ALIASES.has(symbol.name)) return;
  if (!isDeclaredIn(symbol, search.isGenerated)) return;
  const ids = literalsOf(search, search.checker.getTypeFromTypeNode(argument));
  if (ids === undefined) {
    search.lost(node, `${symbol.name} of an operation id that is computed`);
    return;
  }
  for (const operationId of ids) search.found(node, { operationId });
}

function findIndexed(search: UsageSearch, node: ts.IndexedAccessTypeNode): void {
  const { checker } = search;
  const symbol = checker.getTypeFromTypeNode(node.objectType).getSymbol();
  const name = symbol?.name;
  const isOurs = isDeclaredIn(symbol, search.isGenerated);
  if (isOurs && name === 'components') {
    search.lost(node, 'a schema is used by its name, without its operation');
    return;
  }
  if (name !== 'operations' && name !== 'paths') return;
  const keys = literalsOf(search, checker.getTypeFromTypeNode(node.indexType));
  if (keys === undefined) {
    if (isOurs) search.lost(node, `${name} is indexed by what is computed`);
    return;
  }
  // Types that another generator made are known by what they name.
  if (!isOurs && !keys.every((key) => search.known.paths.has(key) || search.known.ids.has(key))) return;
  if (name === 'operations') {
    for (const operationId of keys) search.found(node, { operationId });
    return;
  }
  const { parent } = node;
  const isOuter = search.compiler.isIndexedAccessTypeNode(parent) && parent.objectType === node;
  const named = isOuter ? literalsOf(search, checker.getTypeFromTypeNode(parent.indexType)) : undefined;
  const methods = named?.map((method) => method.toUpperCase());
  for (const path of keys) search.found(node, { path, methods });
}
