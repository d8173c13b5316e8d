import type { JsonObject, OpenApiDocument } from '../../openapi/document.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { dereference } from '../../openapi/references.js';
import { listOf, recordOf } from '../../util/is-record.js';
import type { Conflict } from './merge-supplement.js';

/** One operation and where it stands. */
interface Operation {
  readonly path: string;
  readonly method: string;
  readonly operation: JsonObject;
}

/** In what an operation of the supplement and the published one differ. Schemas are not compared: that is another tool's task. */
export function compareOperations(
  own: OpenApiDocument,
  ours: Operation,
  published: OpenApiDocument,
  theirs: Operation,
): Conflict[] {
  const conflicts: Conflict[] = [];
  const report = (kind: Conflict['kind'], left: string, right: string) => {
    if (left === right) return;
    conflicts.push({
      kind,
      subject: String(ours.operation.operationId),
      pointer: toPointer(['paths', ours.path, ours.method]),
      detail: `${left} in the supplement, ${right} in the published document`,
    });
  };
  report('path-differs', signature(ours), signature(theirs));
  report('operation-id-differs', String(ours.operation.operationId), String(theirs.operation.operationId));
  report('parameters-differ', parametersOf(own, ours), parametersOf(published, theirs));
  report('statuses-differ', statusesOf(ours), statusesOf(theirs));
  return conflicts;
}

function signature({ method, path }: Operation): string {
  return `${method.toUpperCase()} ${path}`;
}

/** Names and places of the parameters; of a path parameter its position, since each path names its own. */
function parametersOf(document: OpenApiDocument, { path, operation }: Operation): string {
  const nodes = [...listOf(document.paths[path]?.parameters), ...listOf(operation.parameters)];
  const parameters = nodes.map((node) => dereference(document, node)).filter((node) => node.in !== 'path');
  const named = parameters.map(
    (node) => `${node.in} ${node.name}${node.required === true ? ' (required)' : ''}`,
  );
  return [...new Set(named)].sort().join(', ') || 'none';
}

function statusesOf({ operation }: Operation): string {
  const { responses } = operation;
  return Object.keys(recordOf(responses)).sort().join(', ');
}
