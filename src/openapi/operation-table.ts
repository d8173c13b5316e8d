import { isRecord } from '../util/is-record.js';
import { dereference, type OpenApiDocument } from './document.js';
import type { OperationInfo, TeamParameter } from './operation-info.js';
import { pageShapeOf } from './page-shape.js';
import { type WalkedOperation, walkOperations } from './walk-operations.js';

const TEAM_PARAMETERS: readonly TeamParameter[] = ['teamId', 'slug'];

/** Makes the run-time table: operation id to what the transport has to know. */
export function buildOperationTable(document: OpenApiDocument): Record<string, OperationInfo> {
  return Object.fromEntries(
    walkOperations(document).map((walked) => [walked.operationId, describe(document, walked)]),
  );
}

function describe(document: OpenApiDocument, walked: WalkedOperation): OperationInfo {
  const { method, path, parameters, operation } = walked;
  const query = new Set(
    parameters.filter((parameter) => parameter.in === 'query').map((parameter) => String(parameter.name)),
  );
  const pagination = paginationOf(query);
  const page = pageShapeOf(document, walked);
  return {
    method,
    path,
    team: TEAM_PARAMETERS.filter((name) => query.has(name)),
    safeToRepeat: ['GET', 'HEAD', 'PUT', 'DELETE'].includes(method) || operation['x-safe-to-repeat'] === true,
    ...(pagination === undefined ? {} : { pagination }),
    ...(page === undefined ? {} : { page }),
    requestBody: operation.requestBody !== undefined,
    ...(typeof operation['x-rate-limit-class'] === 'string'
      ? { rateLimitClass: operation['x-rate-limit-class'] }
      : {}),
    success: successBodies(document, operation.responses),
  };
}

function paginationOf(query: ReadonlySet<string>): OperationInfo['pagination'] | undefined {
  if (query.has('cursor')) return 'cursor';
  return query.has('until') || query.has('since') ? 'timestamp' : undefined;
}

function successBodies(document: OpenApiDocument, responses: unknown): Record<string, boolean> {
  const bodies: Record<string, boolean> = {};
  for (const [status, node] of Object.entries(isRecord(responses) ? responses : {})) {
    if (status.startsWith('2')) bodies[status] = dereference(document, node).content !== undefined;
  }
  return bodies;
}
