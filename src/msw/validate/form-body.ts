import { mediaKindOf } from '../../openapi/media-types.js';
import { putAt } from '../../openapi/parameters.js';
import { parseJson } from '../../util/parse-json.js';

/** The fields of a form, by name: a text, a list of texts, or further fields for `a[b]=c`. */
type FormFields = Readonly<Record<string, unknown>>;

type Field = readonly [name: string, value: unknown];

/**
 * Reads a body of `application/x-www-form-urlencoded`.
 *
 * @param names - The documented names of fields. Brackets in them are part of the name, as in `files[0]`.
 */
export function parseUrlEncoded(text: string, names: readonly string[] = []): FormFields {
  return toFields([...new URLSearchParams(text)], names);
}

/** One part of a body of `multipart/form-data`. */
export interface Part {
  readonly name: string;
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** A file is the text of its bytes. */
  readonly text: string;
}

/**
 * Reads the parts of a body of `multipart/form-data` (RFC 7578).
 *
 * @returns What is wrong with it, where the content type names no boundary, the body does not have it, or a part has no name.
 */
export function readParts(text: string, contentType: string): readonly Part[] | string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  const lacking = 'is not well-formed: it lacks the boundary of its content type';
  if (boundary === undefined) return lacking;
  const escaped = boundary.replaceAll(/[^\w]/g, '\\$&');
  // At the begin of a line only: a value may hold the same text (RFC 2046, section 5.1.1).
  const delimiter = new RegExp(`(?:^|\\r?\\n)--${escaped}(--)?[ \\t]*(?=\\r?\\n|$)`, 'g');
  const found = [...text.matchAll(delimiter)];
  const last = found.findIndex(([, end]) => end !== undefined);
  if (last < 0) return lacking;
  const parts = found
    .slice(0, last)
    .map((match, index) => readPart(text.slice(match.index + match[0].length, found[index + 1]?.index)));
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length
    ? known
    : 'is not well-formed: each part needs a Content-Disposition with a name';
}

function readPart(text: string): Part | undefined {
  const [, head = '', body = ''] = /^\r?\n([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(text) ?? [];
  const lines = [...head.matchAll(/^([^\s:]+):[ \t]*(.*?)[ \t]*\r?$/gm)];
  const headers = new Map(lines.map(([, name = '', value = '']) => [name.toLowerCase(), value]));
  // A file may be called anything.
  const disposition = headers.get('content-disposition')?.replace(/;\s*filename="(?:[^"\\]|\\.)*"/i, '');
  const [, quoted, plain] = /;\s*name=(?:"([^"]*)"|([^\s;"]+))/i.exec(disposition ?? '') ?? [];
  const name = quoted ?? plain;
  // A browser encodes what would end the name (HTML, section 4.10.21.8).
  const decoded = name?.replaceAll(/%(?:22|0D|0A)/gi, decodeURIComponent);
  return decoded === undefined ? undefined : { name: decoded, headers, text: body };
}

/**
 * Makes the fields of parts. A part of JSON is parsed.
 *
 * @param names - As for {@link parseUrlEncoded}.
 */
export function fieldsOfParts(parts: readonly Part[], names: readonly string[] = []): FormFields {
  const fields = parts.map((part): Field => {
    const parsed = isJsonPart(part) ? parseJson(part.text) : undefined;
    return [part.name, parsed === undefined ? part.text : parsed.value];
  });
  return toFields(fields, names);
}

/** Whether a part says that it is JSON. */
export function isJsonPart({ headers }: Part): boolean {
  return mediaKindOf(headers.get('content-type') ?? '') === 'json';
}

/** Puts fields into objects and lists: `a[b]=1`, `a[]=1`, `a[0]=1` and `a=1&a=2`. */
function toFields(fields: readonly Field[], names: readonly string[]): FormFields {
  const root: Record<string, unknown> = Object.create(null);
  const bracketed = names.filter((name) => name.includes('[')).sort((a, b) => b.length - a.length);
  for (const [key, value] of fields) {
    const own = bracketed.find((name) => key === name || key.startsWith(`${name}[`));
    const [, name = key, rest = ''] =
      own === undefined
        ? (/^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(key) ?? [])
        : [key, own, key.slice(own.length)];
    const steps = [name, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, step = '']) => step)];
    putAt(root, steps, value);
  }
  return root;
}
