import { basename } from 'node:path';
import type ts from 'typescript';
import { isRecord, recordOf } from '../../util/is-record.js';
import { METHOD_KEYS, type OperationPair } from '../diff/pair-operations.js';
import type { Json } from '../diff/types.js';
import type { Compiler } from './program.js';

/**
 * Decides which operations the types of a program have to have: those that its text names. Types of any other would be made
 * and read twice for nothing.
 *
 * @param generated - The generated files that are there, by name.
 * @returns `undefined` where all are needed: where the program imports generated types by name, since what a type is called
 *   depends on every operation, and where it goes through all of them.
 */
export function namedOperations(
  compiler: Compiler,
  callers: readonly ts.SourceFile[],
  generated: ReadonlyMap<string, string>,
): ((pair: OperationPair) => boolean) | undefined {
  const exported = new Set(
    [...generated.values()]
      .flatMap((text) => [...text.matchAll(/^export (?:declare )?(?:interface|type) (\w+)/gm)])
      .map(([, name = '']) => name)
      .filter((name) => !BY_KEY.has(name)),
  );
  const modules = new Set([...generated.keys()].map(moduleName).filter((name) => name !== 'index'));
  const imports = callers.flatMap((file) => importsOf(compiler, file));
  const isNamed = imports.some(
    ({ from, names }) => modules.has(moduleName(from)) || names.some((name) => exported.has(name)),
  );
  const text = callers.map((file) => file.text).join('\n');
  if (isNamed || GOES_THROUGH_ALL.test(text)) return undefined;
  return ({ before, after }) =>
    [before, after].some((one) => one !== undefined && (text.includes(one.id) || text.includes(one.path)));
}

/** Types over every path or id, and paths that are put together. */
const GOES_THROUGH_ALL =
  /\bkeyof\s+(?:\w+\.)?(?:paths|operations)\b|\b(?:OperationId|PathsWith\w*|\w*PathsWithMethod)\b|`\/?v\$\{/;

function moduleName(file: string): string {
  return basename(file).replace(/(?:\.d)?\.[cm]?[jt]s$/, '');
}

/** The types that `index.ts` has for every document: alone they do not name an operation. */
const BY_KEY = new Set([
  'paths',
  'operations',
  'components',
  'OperationId',
  'ResponseOf',
  'BodyOf',
  'QueryOf',
]);

interface Import {
  readonly from: string;
  readonly names: readonly string[];
}

function importsOf(compiler: Compiler, file: ts.SourceFile): Import[] {
  return file.statements.flatMap((statement): Import[] => {
    const isOne = compiler.isImportDeclaration(statement) || compiler.isExportDeclaration(statement);
    if (!isOne || statement.moduleSpecifier === undefined) return [];
    const from = compiler.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : '';
    const held = compiler.isImportDeclaration(statement)
      ? statement.importClause?.namedBindings
      : statement.exportClause;
    if (held === undefined) return [{ from, names: [] }];
    if ('elements' in held)
      return [{ from, names: held.elements.map((element) => (element.propertyName ?? element.name).text) }];
    const members = file.text.matchAll(new RegExp(`(?<![\\w$])${held.name.text}\\.(\\w+)`, 'g'));
    return [{ from, names: [...members].map(([, name = '']) => name) }];
  });
}

/** The document with fewer operations; what it shares with the whole one is not copied. */
export function reduceDocument<T extends Json>(document: T, kept: ReadonlySet<Json>): T {
  const paths = Object.entries(recordOf(document.paths)).flatMap(([path, item]) => {
    if (!isRecord(item) || item.$ref !== undefined) return [[path, item]];
    const entries = Object.entries(item).filter(
      ([key, node]) => !METHOD_KEYS.has(key) || kept.has(Object(node)),
    );
    return entries.some(([key]) => METHOD_KEYS.has(key)) ? [[path, Object.fromEntries(entries)]] : [];
  });
  return { ...document, paths: Object.fromEntries(paths) };
}

/** The nodes of operations on one side of their pairs. */
export function nodesOf(pairs: readonly OperationPair[], side: 'before' | 'after'): Set<Json> {
  return new Set(pairs.flatMap((pair): Json[] => (pair[side] === undefined ? [] : [pair[side].node])));
}
