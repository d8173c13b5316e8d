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

/**
 * Reads a body of `multipart/form-data` (RFC 7578). A file is the text of its bytes; a part of JSON is parsed.
 *
 * @param names - As for {@link parseUrlEncoded}.
 * @returns `undefined` where the content type names no boundary, or the body does not have it.
 */
export function parseMultipart(
  text: string,
  contentType: string,
  names: readonly string[] = [],
): FormFields | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined || !text.includes(`--${boundary}--`)) return undefined;
  const parts = text.split(`--${boundary}`).slice(1, -1);
  const fields = parts.flatMap((part): Field[] => {
    const [, head = '', body = ''] = /^\r?\n([\s\S]*?)\r?\n\r?\n([\s\S]*?)\r?\n?$/.exec(part) ?? [];
    const name = /^content-disposition:[^\n]*;\s*name="([^"]*)"/im.exec(head)?.[1];
    if (name === undefined) return [];
    const parsed = /^content-type:\s*[^\s;]*\bjson\b/im.test(head) ? parseJson(body) : undefined;
    return [[name, parsed === undefined ? body : parsed.value]];
  });
  return toFields(fields, names);
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
