import { putIntoWords } from './advice.js';
import { type Comparers, compareOperation } from './compare-operation.js';
import type { OperationFinding } from './compare-parameters.js';
import { createSchemaComparer } from './compare-schema.js';
import { causeOf, distinctFindings } from './findings.js';
import { createInterner } from './interner.js';
import { kindOf } from './kinds.js';
import { listOperations, type OperationPair, pairOperations } from './pair-operations.js';
import { toPointer } from './pointer.js';
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
 */
export function compareDocuments(before: Json, after: Json): Change[] {
  const intern = createInterner();
  const [viewBefore, viewAfter] = [createView(before, intern), createView(after, intern)];
  const comparers: Comparers = {
    request: createSchemaComparer(viewBefore, viewAfter, 'request'),
    response: createSchemaComparer(viewBefore, viewAfter, 'response'),
  };
  const groups = new Map<string, Group>();
  for (const pair of pairOperations(listOperations(viewBefore), listOperations(viewAfter))) {
    collect(groups, pair, compareOperation(comparers, pair));
  }
  return [...groups.values()].map(toChange).sort(bySeverity);
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
