import { isRecord } from '../util/is-record.js';
import type { JsonObject } from './document.js';
import { mediaKindOf } from './media-types.js';

/** Where a parameter is sent. */
export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie';

/**
 * How a parameter is written (OpenAPI 3.1, Parameter Object, Style Examples).
 *
 * `form`, `simple`, `spaceDelimited` and `pipeDelimited` stand for the style without `explode`; `formExplode` and
 * `simpleExplode` for the one with it. `json` stands for a parameter that is declared with `content` instead of `schema`.
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

/** Returns the style that a parameter has where the document names none. */
export function defaultStyle(place: ParameterPlace): ParameterStyle {
  return place === 'query' || place === 'cookie' ? 'formExplode' : 'simple';
}

const STYLES: Readonly<Record<ParameterPlace, ReadonlySet<unknown>>> = {
  path: new Set(['simple']),
  query: new Set(['form', 'spaceDelimited', 'pipeDelimited', 'deepObject']),
  header: new Set(['simple']),
  cookie: new Set(['form']),
};

/**
 * Returns how a document says that a parameter is written.
 *
 * @throws {Error} Naming the parameter: for a style that this package does not write, such as `matrix` and `label`, and for
 *   `content` of a media type other than JSON.
 */
export function styleOf(parameter: JsonObject): ParameterStyle {
  const { name, content } = parameter;
  // The document was linted: `in` is one of the four.
  const place = parameter.in as ParameterPlace;
  if (content !== undefined) {
    const [type = ''] = Object.keys(isRecord(content) ? content : {});
    if (mediaKindOf(type) === 'json') return 'json';
    throw new Error(`the ${place} parameter ${name} has content of ${type}, and only JSON is supported`);
  }
  const usual = defaultStyle(place) === 'formExplode' ? 'form' : 'simple';
  const style = parameter.style ?? usual;
  if (!STYLES[place]?.has(style))
    throw new Error(`the ${place} parameter ${name} has the style ${style}, which is not supported`);
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

/** Header parameters that OpenAPI says to ignore (3.1, Parameter Object, `name`): other parts of the document describe them. */
const IGNORED_HEADERS: ReadonlySet<string> = new Set(['authorization', 'accept', 'content-type']);

/** Whether a parameter is a header that OpenAPI says to ignore. */
export function isIgnoredHeader({ in: place, name }: JsonObject): boolean {
  return place === 'header' && IGNORED_HEADERS.has(String(name).toLowerCase());
}
