import type ts from 'typescript';
import { isRecord } from '../../util/is-record.js';
import { METHOD_KEYS, type Operation, type OperationPair } from '../diff/pair-operations.js';
import type { Change, Json } from '../diff/types.js';
import type { KnownOperations } from './match-operations.js';
import type { Compiler } from './program.js';

/** The operations that the types of a program have to have. */
export interface NeededOperations {
  readonly isNeeded: (operation: Operation) => boolean;
  /** Whether the types of one of them changed. */
  readonly hasChanged: boolean;
}

/**
 * Decides which operations the types of a program have to have: those that its text names. Types of any other would be made
 * and read twice for nothing.
 *
 * @returns `undefined` where all are needed: where the program imports generated types by name, since what a type is called
 *   depends on every operation, and where it goes through all of them.
 */
export function neededOperations(
  compiler: Compiler,
  callers: readonly ts.SourceFile[],
  generated: readonly ts.SourceFile[],
  known: KnownOperations,
  changes: readonly Change[],
): NeededOperations | undefined {
  const exported = new Set(generated.flatMap((file) => exportsOf(compiler, file)));
  const isNamed = callers.some((file) => importsOf(compiler, file).some((name) => exported.has(name)));
  const text = callers.map((file) => file.text).join('\n');
  if (isNamed || GOES_THROUGH_ALL.test(text)) return undefined;
  const changed = new Set(
    changes
      .filter(({ class: name }) => name !== 'docs')
      .flatMap(({ operations }) => operations.map(({ operationId }) => operationId)),
  );
  const used = known.pairs.filter(({ before, after }) =>
    [before, after].some((one) => one !== undefined && (text.includes(one.id) || text.includes(one.path))),
  );
  const needed = new Set([...used, ...onePerTag(known.pairs)].flatMap(idsOf));
  return {
    isNeeded: ({ id }) => needed.has(id),
    hasChanged: used.flatMap(idsOf).some((id) => changed.has(id)),
  };
}

/** Types over every path or id, and paths that are put together. */
const GOES_THROUGH_ALL =
  /\bkeyof\s+(?:\w+\.)?(?:paths|operations)\b|\b(?:OperationId|PathsWith\w*|\w*PathsWithMethod)\b|`\/?v\$\{/;

function idsOf({ before, after }: OperationPair): string[] {
  return [before, after].flatMap((operation) => (operation === undefined ? [] : [operation.id]));
}

/** A module is made for each tag, and an import of it leads somewhere as long as one operation is in it: the smallest. */
function onePerTag(pairs: readonly OperationPair[]): OperationPair[] {
  const smallest = new Map<string, { readonly pair: OperationPair; readonly size: number }>();
  for (const pair of pairs) {
    const { before, after } = pair;
    // A tag that only one of the documents has keeps its module there.
    const tag = JSON.stringify([before?.node.tags, after?.node.tags]);
    const size = JSON.stringify((after ?? before)?.node).length;
    if (size < (smallest.get(tag)?.size ?? Number.POSITIVE_INFINITY)) smallest.set(tag, { pair, size });
  }
  return [...smallest.values()].map(({ pair }) => pair);
}

/** What index.ts has of every document: it says nothing about an operation by itself. */
const BY_KEY = new Set([
  'paths',
  'operations',
  'components',
  'OperationId',
  'ResponseOf',
  'BodyOf',
  'QueryOf',
]);

function exportsOf(compiler: Compiler, file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    const isType = compiler.isInterfaceDeclaration(statement) || compiler.isTypeAliasDeclaration(statement);
    return isType && !BY_KEY.has(statement.name.text) ? [statement.name.text] : [];
  });
}

function importsOf(compiler: Compiler, file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    const holds = compiler.isImportDeclaration(statement)
      ? statement.importClause?.namedBindings
      : compiler.isExportDeclaration(statement)
        ? statement.exportClause
        : undefined;
    if (holds === undefined || !('elements' in holds)) return [];
    return holds.elements.map((element) => (element.propertyName ?? element.name).text);
  });
}

/** The document with fewer operations; what it shares with the whole one is not copied. */
export function reduceDocument<T extends Json>(
  document: T,
  operations: readonly Operation[],
  isNeeded: (operation: Operation) => boolean,
): T {
  const kept = new Set(operations.filter(isNeeded).map(({ node }) => node));
  const paths = Object.entries(isRecord(document.paths) ? document.paths : {}).flatMap(([path, item]) => {
    if (!isRecord(item) || item.$ref !== undefined) return [[path, item]];
    const entries = Object.entries(item).filter(
      ([key, node]) => !METHOD_KEYS.has(key) || kept.has(Object(node)),
    );
    return entries.some(([key]) => METHOD_KEYS.has(key)) ? [[path, Object.fromEntries(entries)]] : [];
  });
  return { ...document, paths: Object.fromEntries(paths) };
}
