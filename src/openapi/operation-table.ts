import { defined } from '../util/defined.js';
import { recordOf } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { mediaKindOf, mediaTypesOf } from './media-types.js';
import type { OperationInfo, TeamParameter } from './operation-info.js';
import { pageShapeOf } from './page-shape.js';
import {
  defaultStyle,
  fieldStylesOf,
  isIgnoredHeader,
  type ParameterLocation,
  type ParameterStyle,
  styleOf,
} from './parameters.js';
import { dereference } from './references.js';
import { isPlainBearer, requirementsOf, securitySchemesOf } from './security-schemes.js';
import { ownServer } from './servers.js';
import { namedIn, walkOperations } from './walk-operations.js';

const TEAM_PARAMETERS: readonly TeamParameter[] = ['teamId', 'slug'];

/** Makes the run-time table of a document: operation id to method, path, styles, bodies and credentials. */
export function buildOperationTable(document: OpenApiDocument): Record<string, OperationInfo> {
  const described = walkOperations(document).map((walked): [string, OperationInfo] => {
    const { operationId, method, path, parameters, operation, item } = walked;
    const query = parameters.filter((parameter) => parameter.in === 'query');
    const names = new Set(query.map(({ name }) => name));
    const page = pageShapeOf(document, walked);
    const { query: queryStyles, ...styles } = namedIn(walked, () => stylesOf(parameters));
    const reserved = query
      .filter(({ allowReserved }) => allowReserved === true)
      .map(({ name }) => String(name));
    const security = requirementsOf(document, operation);
    const rateLimitClass = operation['x-rate-limit-class'];
    const isIdempotent = ['GET', 'HEAD', 'PUT', 'DELETE'].includes(method);
    const info: OperationInfo = {
      method,
      path,
      ...defined({ server: ownServer(document, [operation, item]) }),
      team: TEAM_PARAMETERS.filter((name) => names.has(name)),
      safeToRepeat: isIdempotent || operation['x-safe-to-repeat'] === true,
      ...defined({
        page,
        query: queryStyles,
        reserved: reserved.length === 0 ? undefined : reserved,
        styles: Object.keys(styles).length === 0 ? undefined : styles,
        body: operation.requestBody === undefined ? undefined : mediaTypesOf(document, operation.requestBody),
        form: namedIn(walked, () => formStylesOf(document, operation.requestBody)),
        security: isPlainBearer(security, securitySchemesOf(document)) ? undefined : security,
        rateLimitClass: typeof rateLimitClass === 'string' ? rateLimitClass : undefined,
      }),
      success: successBodies(document, operation.responses),
    };
    return [operationId, info];
  });
  return Object.fromEntries(described);
}

/** Returns the styles that are not the default of their location, by location and name. */
function stylesOf(parameters: readonly JsonObject[]): {
  readonly [Place in ParameterLocation]?: Record<string, ParameterStyle>;
} {
  const styles: { [Place in ParameterLocation]?: Record<string, ParameterStyle> } = {};
  for (const parameter of parameters) {
    if (isIgnoredHeader(parameter)) continue;
    const style = styleOf(parameter);
    // The document was linted: `in` is one of the four.
    const location = parameter.in as ParameterLocation;
    if (style !== defaultStyle(location))
      styles[location] = { ...styles[location], [String(parameter.name)]: style };
  }
  return styles;
}

/** Returns the styles of the fields of a body that is a form; `undefined` where the document gives none. */
function formStylesOf(document: OpenApiDocument, requestBody: unknown): OperationInfo['form'] {
  const content = Object.entries(recordOf(dereference(document, requestBody ?? {}).content));
  const [type, media] = content.find(([name]) => mediaKindOf(name) === 'form') ?? [];
  const styles = type === undefined ? {} : fieldStylesOf(document, type, recordOf(media));
  return Object.keys(styles).length === 0 ? undefined : styles;
}

/** Returns the media types of successes by status. `default` is a success where the document names no other. */
function successBodies(document: OpenApiDocument, responses: unknown): Record<string, string[]> {
  const entries = Object.entries(recordOf(responses));
  const successes = entries.filter(([status]) => status.startsWith('2'));
  const chosen = successes.length > 0 ? successes : entries.filter(([status]) => status === 'default');
  return Object.fromEntries(
    chosen.map(([status, node]) => [
      status.toUpperCase().replace('DEFAULT', 'default'),
      mediaTypesOf(document, node),
    ]),
  );
}
