import { isRecord } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { mediaKindOf } from './media-types.js';

/** The location of a parameter (OpenAPI 3.1, Parameter Object, `in`). */
export type ParameterLocation = 'path' | 'query' | 'header' | 'cookie';

/**
 * The style of a parameter, with `explode` in its name (OpenAPI 3.1, Parameter Object, Style Examples).
 *
 * `form`, `simple`, `spaceDelimited` and `pipeDelimited` are not exploded; `formExplode` and `simpleExplode` are. `json` is a
 * parameter that is declared with `content` instead of `schema`.
 */
export type ParameterStyle =
  | 'form'
  | 'formExplode'
  | 'simple'
  | 'simpleExplode'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'deepObject'
  | 'json';

/** Returns the style of a parameter whose style the document omits. */
export function defaultStyle(location: ParameterLocation): ParameterStyle {
  return location === 'query' || location === 'cookie' ? 'formExplode' : 'simple';
}

const STYLES: Readonly<Record<ParameterLocation, ReadonlySet<unknown>>> = {
  path: new Set(['simple']),
  query: new Set(['form', 'spaceDelimited', 'pipeDelimited', 'deepObject']),
  header: new Set(['simple']),
  cookie: new Set(['form']),
};

/**
 * Returns the style of a documented parameter.
 *
 * @throws {Error} Naming the parameter: for a style that this package does not write, such as `matrix` and `label`, and for
 *   `content` of a media type other than JSON.
 */
export function styleOf(parameter: JsonObject): ParameterStyle {
  const { name, content } = parameter;
  // The document was linted: `in` is one of the four.
  const location = parameter.in as ParameterLocation;
  if (content !== undefined) {
    const [type = ''] = Object.keys(isRecord(content) ? content : {});
    if (mediaKindOf(type) === 'json') return 'json';
    throw new Error(`the ${location} parameter ${name} has content of ${type}, and only JSON is supported`);
  }
  const usual = defaultStyle(location) === 'formExplode' ? 'form' : 'simple';
  const style = parameter.style ?? usual;
  if (!STYLES[location]?.has(style))
    throw new Error(`the ${location} parameter ${name} has the style ${style}, which is not supported`);
  const isExploded = parameter.explode === undefined ? style === 'form' : parameter.explode === true;
  // One of them, as was checked above.
  return (isExploded ? EXPLODED : PLAIN).get(style) as ParameterStyle;
}

const PLAIN = new Map<unknown, ParameterStyle>([
  ['simple', 'simple'],
  ['form', 'form'],
  ['spaceDelimited', 'spaceDelimited'],
  ['pipeDelimited', 'pipeDelimited'],
  ['deepObject', 'deepObject'],
]);
// An exploded list has no delimiter.
const EXPLODED = new Map<unknown, ParameterStyle>([
  ['simple', 'simpleExplode'],
  ['form', 'formExplode'],
  ['spaceDelimited', 'formExplode'],
  ['pipeDelimited', 'formExplode'],
  ['deepObject', 'deepObject'],
]);

/**
 * Returns how the fields of a form are written, by name, as far as the document gives them a style, or JSON as their content type.
 *
 * A field is written as a query parameter of that style (OpenAPI 3.1.1, Encoding Object). OpenAPI 3.0 ignores the style of a part of
 * `multipart/form-data`, which has a content type of its own.
 *
 * @throws {Error} Naming the field: for a style that this package does not read, and for one of a multipart form in OpenAPI 3.1.
 */
export function fieldStylesOf(
  document: OpenApiDocument,
  mediaType: string,
  { encoding }: JsonObject,
): Record<string, ParameterStyle> {
  const kind = mediaKindOf(mediaType);
  const fields = Object.entries(
    isRecord(encoding) && (kind === 'form' || kind === 'multipart') ? encoding : {},
  );
  return Object.fromEntries(
    fields.flatMap(([name, field]): [string, ParameterStyle][] => {
      const { style, explode, contentType } = Object(field);
      if (style === undefined && explode === undefined)
        return kind === 'form' && mediaKindOf(String(contentType)) === 'json' ? [[name, 'json']] : [];
      if (kind === 'multipart' && String(document.openapi).startsWith('3.0')) return [];
      const isRead = kind === 'form' && (style === undefined || STYLES.query.has(style));
      if (!isRead)
        throw new Error(
          `the field ${name} of ${mediaType} has the style ${style ?? 'form'}, which is not supported`,
        );
      return [[name, styleOf({ in: 'query', name, style, explode })]];
    }),
  );
}

/** Header parameters that OpenAPI ignores (3.1, Parameter Object, `name`): other parts of the document describe them. */
const IGNORED_HEADERS: ReadonlySet<string> = new Set(['authorization', 'accept', 'content-type']);

/** Whether a parameter is a header that OpenAPI ignores. */
export function isIgnoredHeader({ in: location, name }: JsonObject): boolean {
  return location === 'header' && IGNORED_HEADERS.has(String(name).toLowerCase());
}
