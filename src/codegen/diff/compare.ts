import { toPointer } from '../../openapi/json-pointer.js';
import { putIntoWords } from './advice.js';
import { compareOperation } from './compare-operation.js';
import { createSchemaComparer } from './compare-schema.js';
import { causeOf, distinctFindings } from './findings.js';
import { createInterner } from './ids.js';
import { kindOf } from './kinds.js';
import { listOperations, type OperationPair, pairOperations } from './pair-operations.js';
import {
  type Change,
  type ChangeClass,
  type ChangedOperation,
  CLASSES,
  type Finding,
  type Json,
} from './types.js';
import { createIsUnchanged } from './unchanged-operations.js';
import { createView } from './view.js';

interface Group {
  readonly class: ChangeClass;
  readonly finding: Finding;
  readonly operations: ChangedOperation[];
}

/**
 * Compares two OpenAPI documents, 3.0 or 3.1, as they are: flaws and all, without changing them.
 *
 * One cause is one change, with every operation that it touches. The most severe come first, then those that touch the most
 * operations.
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
  const comparers = {
    request: createSchemaComparer(viewBefore, viewAfter, 'request'),
    response: createSchemaComparer(viewBefore, viewAfter, 'response'),
  };
  const groups = new Map<string, Group>();
  const isUnchanged = createIsUnchanged(before, after);
  for (const pair of pairOperations(listOperations(viewBefore), listOperations(viewAfter))) {
    if (isWanted(pair) && !isUnchanged(pair)) collect(groups, pair, compareOperation(comparers, pair));
  }
  const changes = [...groups.values()].map(({ class: changeClass, finding, operations }) => {
    const { kind, before: was, after: is, parameter } = finding;
    return putIntoWords({ class: changeClass, kind, operations, before: was, after: is, parameter });
  });
  // The same order wherever it runs: by code units.
  const compareText = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  return changes.sort(
    (a, b) =>
      CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class) ||
      b.operations.length - a.operations.length ||
      compareText(a.kind, b.kind) ||
      compareText(a.at, b.at),
  );
}

/** Adds the findings in an operation to the causes that are known, each with its outermost place in the operation. */
function collect(groups: Map<string, Group>, pair: OperationPair, findings: readonly Finding[]): void {
  const operation = pair.after ?? pair.before;
  if (operation === undefined) return;
  const { id: operationId, method, path } = operation;
  const added = new Set<string>();
  for (const isError of [false, true]) {
    for (const finding of distinctFindings(findings.filter((one) => (one.isError ?? false) === isError))) {
      const { class: ofKind } = kindOf(finding.kind);
      const changeClass = isError && ofKind !== 'docs' ? 'error-body' : ofKind;
      const key = `${changeClass} ${causeOf(finding)}`;
      // Prose may be the same in an error and elsewhere.
      if (added.has(key)) continue;
      added.add(key);
      const group = groups.get(key) ?? { class: changeClass, finding, operations: [] };
      groups.set(key, group);
      group.operations.push({ operationId, method, path, at: toPointer(finding.at) });
    }
  }
}
