import { isRecord } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { mediaTypesOf } from './media-types.js';
import type { OperationInfo, TeamParameter } from './operation-info.js';
import { pageShapeOf } from './page-shape.js';
import {
  defaultStyle,
  isIgnoredHeader,
  type ParameterPlace,
  type ParameterStyle,
  styleOf,
} from './parameter-style.js';
import { isPlainBearer, requirementsOf, securitySchemesOf } from './security-schemes.js';
import { namedIn, type WalkedOperation, walkOperations } from './walk-operations.js';

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
  const { query: queryStyles, ...styles } = namedIn(walked, () => stylesOf(parameters));
  const reserved = query
    .filter(({ allowReserved }) => allowReserved === true)
    .map(({ name }) => String(name));
  const security = requirementsOf(document, operation);
  const rateLimitClass = operation['x-rate-limit-class'];
  return {
    method,
    path,
    team: TEAM_PARAMETERS.filter((name) => names.has(name)),
    safeToRepeat: ['GET', 'HEAD', 'PUT', 'DELETE'].includes(method) || operation['x-safe-to-repeat'] === true,
    ...(page === undefined ? {} : { page }),
    ...(queryStyles === undefined ? {} : { query: queryStyles }),
    ...(reserved.length === 0 ? {} : { reserved }),
    ...(Object.keys(styles).length === 0 ? {} : { styles }),
    ...(operation.requestBody === undefined ? {} : { body: mediaTypesOf(document, operation.requestBody) }),
    ...(isPlainBearer(security, securitySchemesOf(document)) ? {} : { security }),
    ...(typeof rateLimitClass === 'string' ? { rateLimitClass } : {}),
    success: successBodies(document, operation.responses),
  };
}

/** The styles that are not the default of their place, by place and name. */
function stylesOf(parameters: readonly JsonObject[]): {
  readonly [Place in ParameterPlace]?: Record<string, ParameterStyle>;
} {
  const styles: { [Place in ParameterPlace]?: Record<string, ParameterStyle> } = {};
  for (const parameter of parameters) {
    if (isIgnoredHeader(parameter)) continue;
    const style = styleOf(parameter);
    // The document was linted: `in` is one of the four.
    const place = parameter.in as ParameterPlace;
    if (style !== defaultStyle(place)) styles[place] = { ...styles[place], [String(parameter.name)]: style };
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
