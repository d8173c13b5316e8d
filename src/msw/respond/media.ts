import type { ContractBody } from '../../openapi/contract-types.js';

/** Whether a media type is JSON, one value a body (RFC 6839 section 3.1). */
export function isJson(mediaType: string): boolean {
  return /^application\/(?:[\w.+-]*\+)?json$/.test(mediaType) && !isJsonLines(mediaType);
}

/** Whether a media type is a line of JSON for each value. */
export function isJsonLines(mediaType: string): boolean {
  return /^application\/(?:stream\+json|x-ndjson|jsonl)$/.test(mediaType);
}

/** A content type without its parameters, in lower case; `''` for none. */
export function essenceOf(contentType: string | null): string {
  return (contentType ?? '').split(';', 1).join('').trim().toLowerCase();
}

/** All media types that the document has for a body. */
export function mediaOf(body: ContractBody | undefined): readonly ContractBody[] {
  return body === undefined ? [] : [body, ...(body.others ?? [])];
}

/** The documented media type that `Accept` names first; the document's first where it names none. */
export function pickMedia(
  body: ContractBody | undefined,
  accept: string | null | undefined,
): ContractBody | undefined {
  const wanted = (accept ?? '').split(',').map(essenceOf);
  const all = mediaOf(body);
  const named = wanted.flatMap((type) => all.filter(({ mediaType }) => essenceOf(mediaType) === type));
  return named[0] ?? body;
}

/** Writes a value as a media type has it. */
export function writeBody({ mediaType }: ContractBody, value: unknown): string {
  const type = essenceOf(mediaType);
  if (isJsonLines(type)) {
    const lines = Array.isArray(value) ? value : [value];
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  }
  return typeof value === 'string' && !isJson(type) ? value : JSON.stringify(value);
}
