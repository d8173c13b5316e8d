/** Replaces a secret. */
export const REDACTED = '[redacted]';

// A shorter "secret" is a placeholder, and masking it would blank out ordinary words.
const MIN_SECRET_LENGTH = 8;
/** Bytes of a secret that are compared. What follows the beginning of a longer one is masked to the end of the text. */
const MAX_FORM_LENGTH = 1_024;
/** Bytes of each form that the index is keyed by; no form is shorter. */
const PREFIX_LENGTH = MIN_SECRET_LENGTH;
/** An escaped text that is escaped again, twice. */
const MAX_DECODINGS = 3;
/** One character becomes six at most when it is escaped (`\u0041`, `&#x41;`). */
const MAX_ESCAPED_LENGTH = 6;

/** Matches any text. Used when the request is too long to search, so that no part of its response may be shown. */
export const EVERYTHING = Symbol('everything');

/** A text that must not be shown, or {@link EVERYTHING}. */
export type Secret = string | typeof EVERYTHING;

/** A part of a text, from and up to. */
type Span = readonly [from: number, to: number];

/** Bytes of a text, each with the part of the text that it represents. */
interface Decoded {
  readonly bytes: Uint8Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** The forms of secrets that begin with the same bytes. */
interface Bucket {
  /** By its text, whether it is Base64. */
  readonly forms: Map<string, boolean>;
  /** The longest first, so that a secret that begins another one does not end its mask early. */
  lengths: number[];
}

/**
 * The secrets of one call, and how to mask them in a text that comes from outside.
 *
 * A secret is found as it is, in other case, escaped as JSON, HTML, percent-encoding or a form escape it (also one inside
 * another), and as Base64 at any offset. The cost of a text grows with its length, not with the number of secrets: what
 * begins like a secret is looked up in an index, which is made when the first text needs it.
 */
export class Secrets {
  readonly #values: string[] = [];
  readonly #later: (() => Iterable<Secret>) | undefined;
  #hidesEverything = false;
  #index: Map<string, Bucket> | undefined;
  #longest = 0;

  /** @param later - Returns further secrets. Called only when a text has to be masked: most calls succeed. */
  constructor(values: Iterable<string> = [], later?: () => Iterable<Secret>) {
    this.#values.push(...values);
    this.#later = later;
  }

  /** The secrets that were added as such, without those of the constructor's `later`. */
  get values(): readonly string[] {
    return this.#values;
  }

  /** Adds secrets. */
  add(...values: readonly string[]): void {
    this.#values.push(...values);
    this.#index = undefined;
  }

  /** Everything that is secret here. */
  *all(): Iterable<Secret> {
    yield* this.#values;
    if (this.#later !== undefined) yield* this.#later();
  }

  /** Whether nothing is secret here. */
  get isEmpty(): boolean {
    for (const _ of this.all()) return false;
    return true;
  }

  /** The most characters that a secret takes up in its longest form. */
  get longestShown(): number {
    this.#indexed();
    return this.#longest * MAX_ESCAPED_LENGTH;
  }

  /** Whether a secret stands in the text, in whatever form. */
  isIn(text: string): boolean {
    return this.#spansIn(text).length > 0;
  }

  /**
   * Replaces each secret in the text.
   *
   * @param end - How much of the text is returned; a secret that begins before and ends behind it is masked too.
   */
  mask(text: string, end = text.length): string {
    const spans = this.#spansIn(text).sort(([a], [b]) => a - b);
    let masked = '';
    let at = 0;
    for (const [from, to] of spans) {
      if (to <= at) continue;
      if (from >= end) break;
      // Parts that overlap are one.
      if (from >= at) masked += text.slice(at, from) + REDACTED;
      at = to;
    }
    return at >= end ? masked : masked + text.slice(at, end);
  }

  #spansIn(text: string): Span[] {
    const index = this.#indexed();
    if (this.#hidesEverything && text !== '') return [[0, text.length]];
    if (index.size === 0 || text.length < MIN_SECRET_LENGTH) return [];
    const spans: Span[] = [];
    let decoded: Decoded | undefined = toBytes(text);
    for (let level = 0; decoded !== undefined && level <= MAX_DECODINGS; level++) {
      search(decoded, text, index, spans);
      decoded = decodeOnce(decoded);
    }
    return spans;
  }

  #indexed(): Map<string, Bucket> {
    if (this.#index !== undefined) return this.#index;
    const index = new Map<string, Bucket>();
    this.#longest = 0;
    for (const value of new Set(this.all())) {
      if (value === EVERYTHING) this.#hidesEverything = true;
      if (value === EVERYTHING || value.length < MIN_SECRET_LENGTH) continue;
      for (const [at, form] of formsOf(value).entries()) {
        this.#longest = Math.max(this.#longest, form.length);
        const prefix = form.slice(0, PREFIX_LENGTH);
        const bucket: Bucket = index.get(prefix) ?? { forms: new Map(), lengths: [] };
        bucket.forms.set(form, at > 0);
        if (!bucket.lengths.includes(form.length)) bucket.lengths.push(form.length);
        index.set(prefix, bucket);
      }
    }
    for (const bucket of index.values()) bucket.lengths.sort((a, b) => b - a);
    this.#index = index;
    return index;
  }
}

function search({ bytes, from, to }: Decoded, text: string, index: Map<string, Bucket>, spans: Span[]): void {
  const searched = comparable(bytes);
  for (let at = 0; at + PREFIX_LENGTH <= searched.length; at++) {
    const bucket = index.get(searched.slice(at, at + PREFIX_LENGTH));
    if (bucket === undefined) continue;
    const length = bucket.lengths.find((size) => bucket.forms.has(searched.slice(at, at + size)));
    if (length === undefined) continue;
    const start = from[at] ?? 0;
    const end = length >= MAX_FORM_LENGTH ? text.length : (to[at + length - 1] ?? text.length);
    const isEncoded = bucket.forms.get(searched.slice(at, at + length)) === true;
    at += length - 1;
    // The Base64 digits round a secret hold some bits of it too.
    let [first, last] = [start, end];
    while (isEncoded && first > 0 && start - first < 4 && isBase64(text.charCodeAt(first - 1))) first--;
    while (isEncoded && last < text.length && last - end < 4 && isBase64(text.charCodeAt(last))) last++;
    spans.push([first, last]);
  }
}

function isBase64(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 43 ||
    code === 47
  );
}

/** A secret as it is compared: first itself, then the digits of its Base64 that do not depend on what stands round it. */
function formsOf(value: string): string[] {
  // Half of a surrogate pair becomes U+FFFD, as it does on its way to the server.
  const bytes = new TextEncoder().encode(value.slice(0, MAX_FORM_LENGTH)).subarray(0, MAX_FORM_LENGTH);
  const forms = [comparable(bytes)];
  for (const offset of [0, 1, 2]) {
    const padded = new Uint8Array(offset + bytes.length);
    padded.set(bytes, offset);
    const digits = btoa(String.fromCharCode(...padded));
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor((padded.length * 8) / 6);
    const core = digits.slice(first, Math.min(last, first + MAX_FORM_LENGTH));
    if (core.length >= PREFIX_LENGTH) forms.push(comparable(new TextEncoder().encode(core)));
  }
  return forms;
}

/** Bytes as one character each, in lower case, without what encodings write in two ways (`+` and space, Base64's alphabets). */
function comparable(bytes: Uint8Array): string {
  const folded = bytes.slice();
  for (let at = 0; at < folded.length; at++) {
    const byte = folded[at] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) folded[at] = byte + 0x20;
    else if (byte === 0x2b || byte === 0x2d) folded[at] = 0x20;
    else if (byte === 0x5f) folded[at] = 0x2f;
  }
  return new TextDecoder('latin1').decode(folded);
}

function toBytes(text: string): Decoded {
  const bytes = new TextEncoder().encode(text);
  const from = new Int32Array(bytes.length);
  const to = new Int32Array(bytes.length);
  let [start, end] = [0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    // Bytes from 0x80 to 0xbf continue a character, and one of four bytes is two units of UTF-16.
    if (byte < 0x80 || byte >= 0xc0) {
      start = end;
      end += byte >= 0xf0 ? 2 : 1;
    }
    from[at] = start;
    to[at] = end;
  }
  return { bytes, from, to };
}

/** Removes one level of escaping. Returns `undefined` for a text without escapes. */
function decodeOnce({ bytes, from, to }: Decoded): Decoded | undefined {
  if (!bytes.includes(PERCENT) && !bytes.includes(AMPERSAND) && !bytes.includes(BACKSLASH)) return undefined;
  // An escape is longer than the bytes that it represents.
  const decoded = {
    bytes: new Uint8Array(bytes.length),
    from: new Int32Array(bytes.length),
    to: new Int32Array(bytes.length),
  };
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const escaped = escapeAt(bytes, at);
    const size = escaped?.size ?? 1;
    for (const byte of escaped?.bytes ?? [bytes[at] ?? 0]) {
      decoded.bytes[length] = byte;
      decoded.from[length] = from[at] ?? 0;
      decoded.to[length] = to[at + size - 1] ?? 0;
      length++;
    }
    at += size;
  }
  if (length === bytes.length) return undefined;
  return {
    bytes: decoded.bytes.subarray(0, length),
    from: decoded.from.subarray(0, length),
    to: decoded.to.subarray(0, length),
  };
}

interface Escape {
  readonly bytes: Uint8Array | readonly number[];
  /** Bytes that it takes up. */
  readonly size: number;
}

const PERCENT = 0x25;
const AMPERSAND = 0x26;
const BACKSLASH = 0x5c;
/** The longest escape is a surrogate pair of JSON: `\ud83d\ude00`. */
const MAX_ESCAPE_SIZE = 12;

/** Reads the escape that begins at a byte; returns `undefined` where none does. */
function escapeAt(bytes: Uint8Array, at: number): Escape | undefined {
  const first = bytes[at];
  if (first !== PERCENT && first !== AMPERSAND && first !== BACKSLASH) return undefined;
  const text = String.fromCharCode(...bytes.subarray(at, at + MAX_ESCAPE_SIZE));
  if (first === PERCENT) {
    const hex = /^%([\da-f]{2})/i.exec(text)?.[1];
    return hex === undefined ? undefined : { bytes: [Number.parseInt(hex, 16)], size: 3 };
  }
  return first === AMPERSAND ? htmlEscape(text) : jsonEscape(text);
}

const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', sol: '/', plus: '+', equals: '=' },
  ...{ lowbar: '_', period: '.', colon: ':', comma: ',', semi: ';', grave: '`', percnt: '%', num: '#' },
};

function htmlEscape(text: string): Escape | undefined {
  const [whole, decimal, hex, name] = /^&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/i.exec(text) ?? [];
  if (whole === undefined) return undefined;
  if (name !== undefined) {
    const named = Object.hasOwn(NAMED, name.toLowerCase()) ? NAMED[name.toLowerCase()] : undefined;
    return named === undefined ? undefined : escapeOf(named, whole.length);
  }
  const codePoint = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return codePoint > 0x10ffff ? undefined : escapeOf(String.fromCodePoint(codePoint), whole.length);
}

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function jsonEscape(text: string): Escape | undefined {
  const units = /^(?:\\u[\da-f]{4}){1,2}/i.exec(text)?.[0].match(/[\da-f]{4}/gi) ?? [];
  const [first, second] = units.map((unit) => Number.parseInt(unit, 16));
  if (first !== undefined) {
    const isPair = first >= 0xd800 && first < 0xdc00 && second !== undefined;
    return isPair
      ? escapeOf(String.fromCharCode(first, second), 12)
      : escapeOf(String.fromCharCode(first), 6);
  }
  const escaped = text[1];
  if (escaped === undefined || escaped.charCodeAt(0) > 0x7e) return undefined;
  return escapeOf(CONTROLS[escaped] ?? escaped, 2);
}

function escapeOf(text: string, size: number): Escape {
  return { bytes: new TextEncoder().encode(text), size };
}
