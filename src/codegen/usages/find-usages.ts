import type ts from 'typescript';
import { findClientCall } from './client-calls.js';
import { findConnectUsages } from './connect-usages.js';
import { findHandedOn } from './own-roles.js';
import { findPathTexts } from './path-texts.js';
import type { Compiler } from './program.js';
import type { OwnRoles } from './roles.js';
import { findSdkCall } from './sdk-calls.js';
import { findTypeUsages } from './type-usages.js';
import type { FileKinds, KnownNames, LostUsage, Usage, UsageSearch } from './usage-search.js';

/** The uses in a program, in the order of its files. */
export interface FoundUses {
  readonly uses: readonly Usage[];
  readonly lost: readonly LostUsage[];
}

/** A function that hands a path on may be called by another that does: so many times over, and no honest program more often. */
const MOST_ROUNDS = 8;

/**
 * Finds each use of an operation in a program by the types of what it calls: a client's methods wherever they travelled,
 * functions of this package, of `vercel-rest/connect`, openapi-fetch and `@vercel/sdk`, generated types; and texts that
 * look like a path.
 */
export function findUsages(
  compiler: Compiler,
  program: ts.Program,
  kinds: FileKinds,
  known: KnownNames,
): FoundUses {
  const uses: Usage[] = [];
  const lost: LostUsage[] = [];
  const search: UsageSearch = {
    compiler,
    checker: program.getTypeChecker(),
    known,
    ...kinds,
    clients: new Map(),
    found: (node, wanted) => uses.push({ node, wanted }),
    lost: (node, why) => lost.push({ node, why }),
  };
  const files = program.getSourceFiles().filter(kinds.isCaller);
  const expressions = files.flatMap((file) => expressionsOf(compiler, file));
  const own: OwnRoles = { of: new Map(), called: new Set(), origins: new Map() };
  for (let round = 0, size = -1; round < MOST_ROUNDS && size !== own.origins.size; round++) {
    size = own.origins.size;
    uses.length = 0;
    lost.length = 0;
    for (const node of expressions) {
      const isCall = compiler.isCallExpression(node);
      const isClientCall = (isCall || compiler.isNewExpression(node)) && findClientCall(search, node, own);
      if (isCall && !isClientCall) findSdkCall(search, node);
      findHandedOn(search, node, own);
    }
  }
  for (const [role, { node, why }] of own.origins) if (!own.called.has(role)) search.lost(node, why);
  for (const file of files) {
    visit(file, (node) => {
      findConnectUsages(search, node);
      findTypeUsages(search, node);
    });
  }
  for (const file of files) findPathTexts(search, file, uses);
  return { uses: inOrder(uses), lost: inOrder(lost) };
}

/** The expressions that may call something, or hand it on. */
function expressionsOf(compiler: Compiler, file: ts.SourceFile): ts.Expression[] {
  const found: ts.Expression[] = [];
  visit(file, (node) => {
    const isOne =
      compiler.isCallExpression(node) ||
      compiler.isNewExpression(node) ||
      compiler.isIdentifier(node) ||
      compiler.isPropertyAccessExpression(node) ||
      compiler.isElementAccessExpression(node) ||
      compiler.isAwaitExpression(node);
    if (isOne) found.push(node);
  });
  return found;
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => visit(child, see));
}

function inOrder<T extends { readonly node: ts.Node }>(found: readonly T[]): T[] {
  const order = new Map<ts.SourceFile, number>();
  for (const { node } of found) {
    const file = node.getSourceFile();
    if (!order.has(file)) order.set(file, order.size);
  }
  return [...found].sort((a, b) => {
    const [left, right] = [a.node.getSourceFile(), b.node.getSourceFile()];
    return (order.get(left) ?? 0) - (order.get(right) ?? 0) || a.node.getStart() - b.node.getStart();
  });
}
