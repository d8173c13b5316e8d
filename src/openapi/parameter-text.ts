// Writes and reads parameters by one table, so that the client and the mock agree. Source: OpenAPI 3.1.1, Parameter Object,
// "Style Examples", and RFC 6570, on which it stands.
import { isRecord } from '../util/is-record.js';
import type { ParameterPlace, ParameterStyle } from './parameter-style.js';

/** How one parameter is written. */
export interface WrittenParameter {
  readonly name: string;
  readonly in: ParameterPlace;
  readonly style: ParameterStyle;
  /** Whether a query leaves reserved characters alone (`allowReserved`). Default `false`. */
  readonly allowReserved?: boolean | undefined;
}

const DELIMITERS: { readonly [Style in ParameterStyle]?: string } = {
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
};

/**
 * Writes a parameter: the pairs of a query (`color=blue&color=black`), the text of a path segment or a header, or the pairs of a
 * cookie. What is `undefined` or `null` in an object is left out.
 *
 * @param value - A text, number or boolean, or an array or object of them; anything that JSON can carry for `json`.
 * @returns An empty text for an empty array or object, which have no text in any style.
 */
export function serializeParameter(parameter: WrittenParameter, value: unknown): string {
  const { name, in: place, style } = parameter;
  const encode = encoderOf(parameter);
  const isNamed = place === 'query' || place === 'cookie';
  const key = isNamed ? encodeName(name) : '';
  const pair = (text: string) => (isNamed ? `${key}=${text}` : text);
  if (style === 'json') return pair(encode(JSON.stringify(value)));
  if (style === 'deepObject') return deepPairs(key, value, encode).join('&');
  const joint = place === 'cookie' ? '; ' : '&';
  const delimiter = DELIMITERS[style] ?? ',';
  if (Array.isArray(value)) {
    const items = value.map(encode);
    if (items.length === 0) return '';
    return isNamed && style === 'formExplode' ? items.map(pair).join(joint) : pair(items.join(delimiter));
  }
  if (!isRecord(value)) return pair(encode(value));
  const encodeField = isNamed ? encodeName : encode;
  const fields = fieldsOf(value).map(([field, held]) => [encodeField(field), encode(held)]);
  if (fields.length === 0) return '';
  if (!style.endsWith('Explode')) return pair(fields.flat().join(delimiter));
  return fields.map((field) => field.join('=')).join(isNamed ? joint : ',');
}

/** `filter[state]=open&filter[by][name]=a`. A list in it is repeated, and one of objects numbered: `of[0][name]=a`. */
function deepPairs(key: string, value: unknown, encode: (value: unknown) => string): string[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => deepPairs(isRecord(item) ? `${key}[${index}]` : key, item, encode));
  if (!isRecord(value)) return [`${key}=${encode(value)}`];
  return fieldsOf(value).flatMap(([field, held]) => deepPairs(`${key}[${encodeName(field)}]`, held, encode));
}

function fieldsOf(value: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(value).filter(([, held]) => held !== undefined && held !== null);
}

// Brackets are left alone: `filter[name]` is how documents spell a name, and servers read both forms.
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll('%5B', '[').replaceAll('%5D', ']');
}

function encoderOf({ in: place, allowReserved }: WrittenParameter): (value: unknown) => string {
  if (place === 'header') return String;
  if (place !== 'query' || allowReserved !== true) return (value) => encodeURIComponent(String(value));
  // `&`, `#` and `+` stay encoded: each of them would end the value, or read as a space.
  return (value) =>
    encodeURIComponent(String(value)).replaceAll(/%(?:3A|2F|3F|5B|5D|40|24|2C|3B|3D)/g, decodeURIComponent);
}

/** The parameters of a request as they were sent, none of them decoded. */
export interface SentParameters {
  /** Segments of the path by the names of their parameters. */
  readonly path: Readonly<Record<string, string | undefined>>;
  /** Without the question mark. */
  readonly query: string;
  readonly headers: Headers;
}

/** Of which kinds a parameter may be, as its schema says. */
export interface ParameterKinds {
  readonly array: boolean;
  /** Whether a name of the query is a field of its object; `undefined` where it cannot be an object. */
  readonly isField: ((name: string) => boolean) | undefined;
  /** Whether it may be a text, a number or a boolean. */
  readonly value: boolean;
}

/** What was sent as a parameter: texts in the form of its value, a JSON value, nothing, or what is wrong with it. */
export type ReadText =
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
    return parse(parameter, kinds, sent);
  } catch (cause) {
    // What percent-encoding that is malformed throws, and nothing else here.
    if (cause instanceof URIError) return { problem: 'encoding' };
    throw cause;
  }
}

function parse(parameter: WrittenParameter, kinds: ParameterKinds, sent: SentParameters): ReadText {
  const { name, style } = parameter;
  const pairs = pairsOf(parameter, sent);
  const own = pairs.filter(([key]) => key === name).map(([, text]) => text);
  if (style === 'deepObject') {
    const read = parseDeep(name, pairs, kinds);
    if (read !== undefined) return read;
  }
  if (style === 'formExplode' && kinds.isField !== undefined) {
    const fields = pairs.filter(([key]) => kinds.isField?.(key));
    if (fields.length > 0)
      return { value: Object.fromEntries(fields.map(([key, text]) => [key, decode(text, parameter.in)])) };
  }
  const isRepeatable = style === 'formExplode' || style === 'deepObject';
  if (isRepeatable && kinds.array && (own.length > 1 || (own.length === 1 && !kinds.value)))
    return { value: own.map((text) => decode(text, parameter.in)) };
  const [text] = own;
  if (text === undefined) return undefined;
  if (own.length > 1) return { problem: 'repeated' };
  return parseText(parameter, kinds, text);
}

/** Reads the one text that holds a whole value. */
function parseText({ in: place, style }: WrittenParameter, kinds: ParameterKinds, text: string): ReadText {
  const read = (part: string) => decode(part, place);
  if (style === 'json') return parseJson(read(text));
  const parts = text.split(delimiterOf(style));
  if (kinds.isField !== undefined && !(kinds.value && parts.length === 1)) {
    const fields = style === 'simpleExplode' ? parts.map(splitPair) : inPairs(parts);
    return { value: Object.fromEntries(fields.map(([key, held]) => [read(key), read(held)])) };
  }
  if (kinds.array && !(kinds.value && parts.length === 1)) return { value: parts.map(read) };
  return { value: read(text) };
}

function delimiterOf(style: ParameterStyle): RegExp | string {
  if (style === 'spaceDelimited') return /%20|\+/;
  return style === 'pipeDelimited' ? /\||%7C/i : ',';
}

function parseJson(text: string): ReadText {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: 'json' };
  }
}

/** `filter[by][name]=a` gives `{ by: { name: 'a' } }`, and a name that comes again a list; `ids[]=a` or `ids[0]=a` a list as well. */
function parseDeep(name: string, pairs: readonly Pair[], kinds: ParameterKinds): ReadText {
  // Without a prototype, so that no name of a request meets a member of every object.
  const value: Record<string, unknown> = Object.create(null);
  let isThere = false;
  for (const [key, text] of pairs) {
    if (!key.startsWith(`${name}[`) || !key.endsWith(']')) continue;
    isThere = true;
    const steps = key.slice(name.length + 1, -1).split('][');
    const last = steps.pop() ?? '';
    let holder = value;
    for (const step of steps) {
      const held = holder[step];
      const inner: Record<string, unknown> = isRecord(held) ? held : Object.create(null);
      holder[step] = inner;
      holder = inner;
    }
    const before = holder[last];
    const read = decode(text, 'query');
    holder[last] = before === undefined ? read : [before, read].flat();
  }
  if (!isThere) return undefined;
  const read = plain(value);
  return { value: kinds.isField === undefined && kinds.array ? Object.values(Object(read)).flat() : read };
}

function plain(value: unknown): unknown {
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([key, held]) => [key, plain(held)]))
    : value;
}

/** A decoded name, and a value as it was sent. */
type Pair = readonly [name: string, text: string];

function pairsOf({ name, in: place }: WrittenParameter, { path, query, headers }: SentParameters): Pair[] {
  if (place === 'query')
    return query
      .split('&')
      .filter((pair) => pair !== '')
      .map(splitPair)
      .map(([key, text]) => [decode(key, place), text]);
  if (place === 'cookie')
    return (headers.get('cookie') ?? '')
      .split(/;\s*/)
      .filter((pair) => pair !== '')
      .map(splitPair)
      .map(([key, text]) => [decode(key, place), text]);
  const text = place === 'header' ? headers.get(name) : path[name];
  return text === undefined || text === null ? [] : [[name, text]];
}

function splitPair(pair: string): Pair {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

function inPairs(parts: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at < parts.length; at += 2) pairs.push([parts[at] ?? '', parts[at + 1] ?? '']);
  return pairs;
}

function decode(text: string, place: ParameterPlace): string {
  if (place === 'header') return text.trim();
  return decodeURIComponent(place === 'query' ? text.replaceAll('+', ' ') : text);
}

/** The names of a query's pairs, decoded, as often as they were sent; a malformed name stays as it is. */
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
