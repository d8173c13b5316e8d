// The styles of parameters, and the one table by which the client writes them and the mock reads them. Sources: OpenAPI 3.1.1,
// Parameter Object, "Style Examples", and RFC 6570.
import { isRecord, recordOf } from '../util/is-record.js';
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
    const [type = ''] = Object.keys(recordOf(content));
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

/**
 * Writes the fields of a form (`application/x-www-form-urlencoded`). Fields that are `undefined` or `null` are left out.
 *
 * A field without a style is written as JSON where it is an object, once for each item where it is a list (OpenAPI 3.1.1, Encoding
 * Object, `contentType`).
 *
 * @param styles - Of the fields, by name, as {@link fieldStylesOf} returns them.
 */
export function serializeForm(
  fields: Readonly<Record<string, unknown>>,
  styles: Readonly<Record<string, ParameterStyle>> = {},
): string {
  const pairs = fieldsOf(fields).flatMap(([name, value]): string[] => {
    const style = Object.hasOwn(styles, name) ? styles[name] : undefined;
    if (style !== undefined) return [serializeParameter({ name, in: 'query', style }, value)];
    const items: unknown[] = Array.isArray(value) ? value : [value];
    return items.map((item) =>
      serializeParameter({ name, in: 'query', style: typeof item === 'object' ? 'json' : 'form' }, item),
    );
  });
  return pairs.filter((pair) => pair !== '').join('&');
}

/** Name, location and style of one parameter. */
interface WrittenParameter {
  readonly name: string;
  readonly in: ParameterLocation;
  readonly style: ParameterStyle;
  /** Whether a query leaves reserved characters alone (`allowReserved`). Default `false`. */
  readonly allowReserved?: boolean | undefined;
}

/** Reserved characters of a URL, encoded, but for `&`, `#` and `+`: these would end the value, or be read as a space. */
const RESERVED = /%(?:3A|2F|3F|5B|5D|40|24|2C|3B|3D)/g;
const RESERVED_IN_PARTS = /%(?:3A|2F|3F|5B|5D|40|24|3B|3D)/g;

function encoderOf({ in: location, style, allowReserved }: WrittenParameter, hasParts: boolean) {
  if (location === 'header') return String;
  const isReserved = location === 'query' && allowReserved === true;
  // A comma in a part would end the part.
  const reserved = style === 'form' && hasParts ? RESERVED_IN_PARTS : RESERVED;
  return (part: unknown) => {
    const encoded = encodeURIComponent(String(part));
    return isReserved ? encoded.replaceAll(reserved, decodeURIComponent) : encoded;
  };
}

/** Writes JSON, in a header without the characters that a header cannot have. */
function jsonIn(location: ParameterLocation, value: unknown): string {
  const text = JSON.stringify(value);
  if (location !== 'header') return text;
  return text.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Returns the texts that the items and fields of a parameter cannot have, because they would be read as the end of a part.
 *
 * Other styles encode what ends a part. These two write the delimiter encoded, and a header encodes nothing.
 */
export function delimiterOf(location: ParameterLocation, style: ParameterStyle): RegExp | undefined {
  if (style === 'spaceDelimited') return / /;
  if (style === 'pipeDelimited') return /\|/;
  // Whitespace at either end is not a part of what a header holds.
  return location === 'header' && style !== 'json' ? /,|^\s|\s$/ : undefined;
}

/** Delimiters other than the comma: as they are written, and the spellings that are read. */
const DELIMITERS: {
  readonly [Style in ParameterStyle]?: { readonly text: string; readonly pattern: RegExp };
} = {
  spaceDelimited: { text: '%20', pattern: /%20|\+/ },
  pipeDelimited: { text: '%7C', pattern: /\||%7C/i },
};

/**
 * Writes a parameter: the pairs of a query (`color=blue&color=black`), the text of a path segment or a header, or the pairs of a
 * cookie. Fields of an object that are `undefined` or `null` are left out.
 *
 * @param value - A text, number or boolean, or an array or object of them; any JSON value for `json`.
 * @returns An empty text for an empty array or object, which have no text in any style.
 */
export function serializeParameter(parameter: WrittenParameter, value: unknown): string {
  const { name, in: location, style } = parameter;
  const encode = encoderOf(parameter, typeof value === 'object');
  const isNamed = location === 'query' || location === 'cookie';
  const encodeKey = isNamed ? encodeName : encode;
  const key = encodeKey(name);
  const pair = (text: string) => (isNamed ? `${key}=${text}` : text);
  if (style === 'json') return pair(encode(jsonIn(location, value)));
  if (style === 'deepObject') return deepPairs(key, value, encode).join('&');
  const isExploded = style === 'formExplode' || style === 'simpleExplode';
  let parts: string[];
  if (Array.isArray(value)) {
    const items = value.map(encode);
    parts = isExploded ? items.map(pair) : items;
  } else if (isRecord(value)) {
    const fields = fieldsOf(value).map(([field, held]) => [encodeKey(field), encode(held)]);
    parts = isExploded ? fields.map((field) => field.join('=')) : fields.flat();
  } else {
    return pair(encode(value));
  }
  if (parts.length === 0) return '';
  if (!isExploded) return pair(parts.join(DELIMITERS[style]?.text ?? ','));
  return parts.join({ query: '&', cookie: '; ', path: ',', header: ',' }[location]);
}

/**
 * Writes `filter[state]=open&filter[by][name]=a`. OpenAPI leaves lists open: they are written as most servers read them, `ids[]=1`,
 * and one of objects is numbered, `of[0][name]=a`.
 */
function deepPairs(key: string, value: unknown, encode: (value: unknown) => string): string[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => deepPairs(`${key}[${isRecord(item) ? index : ''}]`, item, encode));
  if (!isRecord(value)) return [`${key}=${encode(value)}`];
  return fieldsOf(value).flatMap(([field, held]) => deepPairs(`${key}[${encodeName(field)}]`, held, encode));
}

function fieldsOf(value: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(value).filter(([, held]) => held !== undefined && held !== null);
}

// Brackets stay: documents write a name as `filter[name]`, and servers read both forms.
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll('%5B', '[').replaceAll('%5D', ']');
}

/** The parameters of a request as they were sent, not decoded. */
export interface SentParameters {
  /** Segments of the path by the names of their parameters. */
  readonly path: Readonly<Record<string, string | undefined>>;
  /** Without the question mark. */
  readonly query: string;
  readonly headers: Headers;
}

/** The kinds of value that the schema of a parameter allows. */
export interface ParameterKinds {
  readonly array: boolean;
  /** Whether a name of the query is a field of its object; `undefined` where it cannot be an object. */
  readonly isField: ((name: string) => boolean) | undefined;
  /** Whether it may be a text, a number or a boolean. */
  readonly value: boolean;
}

/** A parameter as it was read: texts in the form of its value, a JSON value, `undefined`, or a problem. */
type ReadText =
  | { readonly value: unknown }
  | { readonly problem: 'encoding' | 'repeated' | 'json' }
  | undefined;

/** Reads a parameter; the inverse of {@link serializeParameter}. Numbers and booleans stay texts. */
export function parseParameter(
  parameter: WrittenParameter,
  kinds: ParameterKinds,
  sent: SentParameters,
): ReadText {
  try {
    const { name, in: location, style } = parameter;
    const pairs = pairsOf(parameter, sent);
    if (style === 'deepObject') {
      const nested = parseDeep(name, pairs, kinds);
      if (nested !== undefined) return nested;
    }
    // The fields of an exploded object are pairs of their own.
    const fields = style === 'formExplode' ? pairs.filter(([key]) => kinds.isField?.(key)) : [];
    if (fields.length > 0)
      return { value: Object.fromEntries(fields.map(([key, text]) => [key, decode(text, location)])) };
    const isRepeatable = style === 'formExplode' || style === 'deepObject';
    const own = pairs.filter(([key]) => key === name).map(([, text]) => text);
    if (isRepeatable && kinds.array && (own.length > 1 || (own.length === 1 && !kinds.value)))
      return { value: own.map((text) => decode(text, location)) };
    const [text] = own;
    if (text === undefined) return undefined;
    return own.length > 1 ? { problem: 'repeated' } : parseText(parameter, kinds, text);
  } catch (cause) {
    // Malformed percent-encoding throws it, and nothing else here does.
    if (cause instanceof URIError) return { problem: 'encoding' };
    throw cause;
  }
}

/** Reads one text that holds a whole value. */
function parseText({ in: location, style }: WrittenParameter, kinds: ParameterKinds, text: string): ReadText {
  const read = (part: string) => decode(part, location);
  if (style === 'json') {
    try {
      return { value: JSON.parse(read(text)) };
    } catch (cause) {
      if (cause instanceof URIError) throw cause;
      return { problem: 'json' };
    }
  }
  // Each item and field is a pair of its own in these styles, so one text is neither a list nor an object.
  if (style === 'formExplode' || style === 'deepObject') return { value: read(text) };
  const parts = text.split(DELIMITERS[style]?.pattern ?? ',');
  if (kinds.value && parts.length === 1) return { value: read(text) };
  const fields = kinds.isField === undefined ? undefined : fieldsIn(parts, style);
  if (fields !== undefined)
    return { value: Object.fromEntries(fields.map(([key, held]) => [read(key), read(held)])) };
  return { value: kinds.array ? parts.map(read) : read(text) };
}

/** Returns the fields of an object from the parts of its text; `undefined` for parts that have no such form. */
function fieldsIn(parts: readonly string[], style: ParameterStyle): Pair[] | undefined {
  if (style === 'simpleExplode')
    return parts.every((part) => part.includes('=')) ? parts.map(splitPair) : undefined;
  if (parts.length % 2 === 1) return undefined;
  return parts.flatMap((part, at): Pair[] => (at % 2 === 0 ? [[part, parts[at + 1] ?? '']] : []));
}

/** Reads `filter[by][name]=a` as `{ by: { name: 'a' } }`, and a repeated name, `ids[]=a` or `ids[0]=a` as a list. */
function parseDeep(name: string, pairs: readonly Pair[], kinds: ParameterKinds): ReadText {
  // Without a prototype, so that a name of a request cannot be that of an inherited member.
  const value: Record<string, unknown> = Object.create(null);
  let isSent = false;
  for (const [key, text] of pairs) {
    if (!key.startsWith(`${name}[`) || !key.endsWith(']')) continue;
    isSent = true;
    putAt(value, key.slice(name.length + 1, -1).split(']['), decode(text, 'query'));
  }
  if (!isSent) return undefined;
  const isList = kinds.isField === undefined && kinds.array && Object.keys(value).every(isIndex);
  const read = plain(value);
  return { value: isList ? Object.values(Object(read)).flat() : read };
}

/**
 * Puts a value into nested objects: `a[b]=1`, `a[0]=1`. One that is repeated is a list, as is one whose last step has no name, `a[]=1`.
 *
 * @param node - Without a prototype.
 */
export function putAt(
  node: Record<string, unknown>,
  [step = '', ...rest]: readonly string[],
  value: unknown,
): void {
  const before = node[step];
  if (rest.length === 0) {
    node[step] = before === undefined ? value : [before, value].flat();
  } else if (rest.length === 1 && rest[0] === '') {
    node[step] = [...(before === undefined ? [] : [before].flat()), value];
  } else {
    const inner: Record<string, unknown> = isRecord(before) ? before : Object.create(null);
    node[step] = inner;
    putAt(inner, rest, value);
  }
}

/** Whether a name in brackets means an item of a list: `ids[]` or `ids[0]`. */
function isIndex(name: string): boolean {
  return /^\d*$/.test(name);
}

function plain(value: unknown): unknown {
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([key, held]) => [key, plain(held)]))
    : value;
}

/** A decoded name, and a value as it was sent. */
type Pair = readonly [name: string, text: string];

function pairsOf({ name, in: location }: WrittenParameter, { path, query, headers }: SentParameters): Pair[] {
  if (location === 'query' || location === 'cookie') {
    const texts = location === 'query' ? query.split('&') : (headers.get('cookie') ?? '').split(/;\s*/);
    const pairs = texts.filter((text) => text !== '').map(splitPair);
    return pairs.map(([key, text]) => [decode(key, location), text]);
  }
  const text = location === 'header' ? headers.get(name) : path[name];
  return text === undefined || text === null ? [] : [[name, text]];
}

function splitPair(pair: string): Pair {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

function decode(text: string, location: ParameterLocation): string {
  if (location === 'header') return text.trim();
  return decodeURIComponent(location === 'query' ? text.replaceAll('+', ' ') : text);
}

/** Returns the decoded names of a query's pairs, with repetitions. A malformed name stays as it is. */
export function queryNames(query: string): string[] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [key] = splitPair(pair);
      try {
        return decode(key, 'query');
      } catch {
        return key;
      }
    });
}
