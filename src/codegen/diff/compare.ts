import { toPointer } from '../../openapi/json-pointer.js';
import { putIntoWords } from './advice.js';
import { type Comparers, compareOperation } from './compare-operation.js';
import type { OperationFinding } from './compare-parameters.js';
import { createSchemaComparer } from './compare-schema.js';
import { causeOf, distinctFindings } from './findings.js';
import { createInterner } from './interner.js';
import { kindOf } from './kinds.js';
import { listOperations, type OperationPair, pairOperations } from './pair-operations.js';
import { type Change, type ChangeClass, type ChangedOperation, CLASSES, type Json } from './types.js';
import { createView } from './view.js';

interface Group {
  readonly class: ChangeClass;
  readonly finding: OperationFinding;
  readonly operations: ChangedOperation[];
}

/**
 * Compares two OpenAPI documents, 3.0 or 3.1, as they are: flaws and all, without changing them.
 *
 * One cause is one change, with every operation that it touches. Most severe first, then those that touch most operations.
 *
 * @param before - The older document, parsed.
 * @param after - The newer one.
 * @param isWanted - Leaves out what happened to other operations. Default: all are compared.
 */
export function compareDocuments(
  before: Json,
  after: Json,
  isWanted: (pair: OperationPair) => boolean = () => true,
): Change[] {
  const intern = createInterner();
  const [viewBefore, viewAfter] = [createView(before, intern), createView(after, intern)];
  const comparers: Comparers = {
    request: createSchemaComparer(viewBefore, viewAfter, 'request'),
    response: createSchemaComparer(viewBefore, viewAfter, 'response'),
  };
  const groups = new Map<string, Group>();
  const isSame = createSameText(before, after);
  for (const pair of pairOperations(listOperations(viewBefore), listOperations(viewAfter))) {
    if (isWanted(pair) && !isSame(pair)) collect(groups, pair, compareOperation(comparers, pair));
  }
  return [...groups.values()].map(toChange).sort(bySeverity);
}

/**
 * Tells operations whose text is the same in both documents, and that of all that they refer to. Most are, from one update to
 * the next, and need not be looked at.
 */
function createSameText(before: Json, after: Json): (pair: OperationPair) => boolean {
  const [own, other] = [before, after].map(({ servers, security, components }) => ({
    ...Object(components),
    servers,
    security,
  }));
  if (textOf(pick(own)) !== textOf(pick(other))) return () => false;
  const changed = changedComponents(own, other);
  const refersTo = (text = '') => referencesIn(text).some((reference) => changed.has(reference));
  return ({ before: was, after: is }) => {
    if (was === undefined || is === undefined) return false;
    const [a, b] = [was, is].map(({ id, method, path, node, item }) => {
      const { parameters, servers: itemServers } = item;
      return textOf([id, method, path, node, parameters, itemServers]);
    });
    return a === b && !refersTo(a);
  };
}

/** References to components that are not the same in both documents, or that lead to such a one. */
function changedComponents(before: Json, after: Json): Set<string> {
  const entries = [before, after].map(
    (components) =>
      new Map(
        Object.entries(components).flatMap(([section, held]) =>
          Object.entries(Object(held)).map(
            ([name, node]) => [`#/components/${section}/${name}`, textOf(node)] as const,
          ),
        ),
      ),
  );
  const [was = new Map<string, string>(), is = new Map<string, string>()] = entries;
  const changed = new Set([...was.keys(), ...is.keys()].filter((name) => was.get(name) !== is.get(name)));
  for (let size = -1; size !== changed.size; ) {
    size = changed.size;
    for (const [name, text] of is)
      if (referencesIn(text).some((reference) => changed.has(reference))) changed.add(name);
  }
  return changed;
}

function referencesIn(text: string): string[] {
  return [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference = '']) => reference);
}

function pick({ securitySchemes, servers, security }: Readonly<Record<string, unknown>>): Json {
  return { securitySchemes, servers, security };
}

/** The number in the name of a compiler's artefact is another with every build. */
function textOf(value: unknown): string {
  return (JSON.stringify(value) ?? '').replace(/__@(\w+)@\d+/g, '__@$1@');
}

/** Adds what happened to an operation to the causes that are known; the outermost place in an operation stands for it. */
function collect(
  groups: Map<string, Group>,
  pair: OperationPair,
  findings: readonly OperationFinding[],
): void {
  const operation = pair.after ?? pair.before;
  if (operation === undefined) return;
  const { id: operationId, method, path } = operation;
  const [errors, others] = [true, false].map((isError) =>
    distinctFindings(findings.filter((finding) => (finding.isError === true) === isError)),
  );
  const told = new Set<string>();
  for (const finding of [...(others ?? []), ...(errors ?? [])]) {
    const changeClass = classOf(finding);
    const key = `${changeClass} ${causeOf(finding)}`;
    // Prose may be the same in an error and elsewhere.
    if (told.has(key)) continue;
    told.add(key);
    const group = groups.get(key) ?? { class: changeClass, finding, operations: [] };
    groups.set(key, group);
    group.operations.push({ operationId, method, path, at: toPointer(finding.at) });
  }
}

/** Whatever happens inside of an error is about error bodies, but for prose. */
function classOf({ kind, isError }: OperationFinding): ChangeClass {
  const { class: name } = kindOf(kind);
  return isError === true && name !== 'docs' ? 'error-body' : name;
}

function toChange({ class: changeClass, finding, operations }: Group): Change {
  const { kind, before, after, parameter } = finding;
  return putIntoWords({ class: changeClass, kind, operations, before, after, parameter });
}

function bySeverity(a: Change, b: Change): number {
  return (
    CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class) ||
    b.operations.length - a.operations.length ||
    compareText(a.kind, b.kind) ||
    compareText(a.at, b.at)
  );
}

/** The same order wherever it runs. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
