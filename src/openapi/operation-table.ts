import { isRecord } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { mediaTypesOf } from './media-types.js';
import type { OperationInfo, QueryStyle, TeamParameter } from './operation-info.js';
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
  const query = parameters.filter((parameter) => parameter.in === 'query');
  const names = new Set(query.map(({ name }) => name));
  const page = pageShapeOf(document, walked);
  const styles = stylesOf(query);
  const rateLimitClass = operation['x-rate-limit-class'];
  return {
    method,
    path,
    team: TEAM_PARAMETERS.filter((name) => names.has(name)),
    safeToRepeat: ['GET', 'HEAD', 'PUT', 'DELETE'].includes(method) || operation['x-safe-to-repeat'] === true,
    ...(page === undefined ? {} : { page }),
    ...(Object.keys(styles).length === 0 ? {} : { query: styles }),
    ...(operation.requestBody === undefined ? {} : { body: mediaTypesOf(document, operation.requestBody) }),
    ...(typeof rateLimitClass === 'string' ? { rateLimitClass } : {}),
    success: successBodies(document, operation.responses),
  };
}

/** The styles that differ from `form` with `explode`, which OpenAPI assumes. */
function stylesOf(query: readonly JsonObject[]): Record<string, QueryStyle> {
  const styles: Record<string, QueryStyle> = {};
  for (const { name, style = 'form', explode = style === 'form', content } of query) {
    if (content !== undefined) styles[String(name)] = 'json';
    else if (style === 'deepObject') styles[String(name)] = style;
    else if (
      explode !== true &&
      (style === 'form' || style === 'spaceDelimited' || style === 'pipeDelimited')
    )
      styles[String(name)] = style;
  }
  return styles;
}

/** The statuses that count as a success. `default` is one only where the document names no other. */
function successBodies(document: OpenApiDocument, responses: unknown): Record<string, string[]> {
  const entries = Object.entries(isRecord(responses) ? responses : {});
  const successes = entries.filter(([status]) => status.startsWith('2'));
  const chosen = successes.length > 0 ? successes : entries.filter(([status]) => status === 'default');
  return Object.fromEntries(
    chosen.map(([status, node]) => [
      status.toUpperCase().replace('DEFAULT', 'default'),
      mediaTypesOf(document, node),
    ]),
  );
}
