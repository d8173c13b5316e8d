import type { JsonObject, OpenApiDocument } from '../../openapi/document.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { templateOf } from '../../openapi/normalize/path-templates.js';
import { METHODS, operationsIn, type PlacedOperation } from '../../openapi/normalize/walk.js';
import { dereference } from '../../openapi/references.js';
import { isRecord, listOf, recordOf } from '../../util/is-record.js';
import { mergeComponents } from './merge-components.js';

/** A difference between the published document and the supplement. */
export interface Conflict {
  readonly kind:
    | 'path-differs'
    | 'operation-id-differs'
    | 'parameters-differ'
    | 'statuses-differ'
    | 'component-renamed';
  /** An operation id of the supplement, or `section/name` of a component. */
  readonly subject: string;
  /** A JSON pointer into the supplement. */
  readonly pointer: string;
  readonly detail: string;
}

/** The two documents as one. */
export interface Merged {
  readonly document: OpenApiDocument;
  readonly conflicts: readonly Conflict[];
}

/**
 * Lays our own document over the published one.
 *
 * The rule: an operation that both have, by method and path or by its id, is the supplement's, as a whole; it carries what the
 * published one does not know, the `x-` extensions and the error codes. In what the two disagree is reported and never
 * mixed: parameters of one with responses of the other would describe no server. Everything else of the published document
 * stays, and a component of the supplement that has the name of a different published one is renamed.
 *
 * Both documents are expected normalised, see `normalizeDocument`.
 */
export function mergeSupplement(published: OpenApiDocument, own: OpenApiDocument): Merged {
  const { components, supplement, renamed } = mergeComponents(published, own);
  const conflicts: Conflict[] = renamed.map(({ section, from, to }) => ({
    kind: 'component-renamed',
    subject: `${section}/${from}`,
    pointer: toPointer(['components', section, from]),
    detail: `named ${to}, since the published document has another ${from}`,
  }));
  const paths: Record<string, JsonObject> = { ...published.paths };
  const publishedOperations = operationsIn(published.paths);
  for (const ours of operationsIn(supplement.paths)) {
    // A path is the same whatever its parameters are called.
    const theirs = publishedOperations.filter(
      ({ path, method, operation }) =>
        operation.operationId === ours.operation.operationId ||
        (method === ours.method && templateOf(path) === templateOf(ours.path)),
    );
    for (const other of theirs) {
      conflicts.push(...compareOperations(supplement, ours, published, other));
      const { [other.method]: _, ...rest } = paths[other.path] ?? {};
      paths[other.path] = rest;
    }
  }
  for (const [path, item] of Object.entries(paths))
    if (METHODS.every((method) => item[method] === undefined)) delete paths[path];
  const { security } = supplement;
  for (const { path, method, operation } of operationsIn(supplement.paths)) {
    // It takes along what its document says for all operations: the other document may say it differently.
    const shared = listOf(supplement.paths[path]?.parameters);
    const whole = {
      ...operation,
      ...(shared.length > 0 ? { parameters: [...shared, ...listOf(operation.parameters)] } : {}),
      ...(operation.security === undefined && security !== undefined ? { security } : {}),
    };
    paths[path] = { ...paths[path], [method]: whole };
  }
  const tags = [...listOf(published.tags)];
  const tagNames = new Set(tags.map((tag) => isRecord(tag) && tag.name));
  tags.push(...listOf(supplement.tags).filter((tag) => isRecord(tag) && !tagNames.has(tag.name)));
  const document = { ...published, paths, components, ...(tags.length > 0 ? { tags } : {}) };
  return { document, conflicts };
}

/** In what an operation of the supplement and the published one differ. Schemas are not compared: that is another tool's task. */
function compareOperations(
  own: OpenApiDocument,
  ours: PlacedOperation,
  published: OpenApiDocument,
  theirs: PlacedOperation,
): Conflict[] {
  const factsOf = (document: OpenApiDocument, placed: PlacedOperation) =>
    ({
      'path-differs': `${placed.method.toUpperCase()} ${placed.path}`,
      'operation-id-differs': String(placed.operation.operationId),
      'parameters-differ': parametersOf(document, placed),
      'statuses-differ': Object.keys(recordOf(placed.operation.responses)).sort().join(', '),
    }) as const;
  const [left, right] = [factsOf(own, ours), factsOf(published, theirs)];
  const kinds = ['path-differs', 'operation-id-differs', 'parameters-differ', 'statuses-differ'] as const;
  return kinds
    .filter((kind) => left[kind] !== right[kind])
    .map((kind) => ({
      kind,
      subject: left['operation-id-differs'],
      pointer: toPointer(['paths', ours.path, ours.method]),
      detail: `${left[kind]} in the supplement, ${right[kind]} in the published document`,
    }));
}

/** Names and places of the parameters; of a path parameter its position, since each path names its own. */
function parametersOf(document: OpenApiDocument, { path, operation }: PlacedOperation): string {
  const nodes = [...listOf(document.paths[path]?.parameters), ...listOf(operation.parameters)];
  const parameters = nodes.map((node) => dereference(document, node)).filter((node) => node.in !== 'path');
  const named = parameters.map(
    (node) => `${node.in} ${node.name}${node.required === true ? ' (required)' : ''}`,
  );
  return [...new Set(named)].sort().join(', ') || 'none';
}
