import type { ContractBody } from '../../openapi/contract-types.js';

/** Whether a media type is JSON, one value a body (RFC 6839 section 3.1). */
export function isJson(mediaType: string): boolean {
  return /^[^/]+\/(?:[^/]*\+)?json$/.test(mediaType) && !isJsonLines(mediaType);
}

/** Whether a media type is a line of JSON for each value. */
export function isJsonLines(mediaType: string): boolean {
  return /^application\/(?:stream\+json|x-ndjson|ndjson|jsonl)$/.test(mediaType);
}

/** Whether a media type is XML, which the mock does not write. */
export function isXml(mediaType: string): boolean {
  return /^[^/]+\/(?:[^/]*\+)?xml$/.test(essenceOf(mediaType));
}

/** A content type without its parameters, in lower case; `''` for none. */
export function essenceOf(contentType: string | null): string {
  return (contentType ?? '').split(';', 1).join('').trim().toLowerCase();
}

/** All media types that the document has for a body. */
export function mediaOf(body: ContractBody | undefined): readonly ContractBody[] {
  return body === undefined ? [] : [body, ...(body.others ?? [])];
}

/** A media type or range that a client accepts. */
interface Accepted {
  readonly range: string;
  /** From 0, not acceptable, to 1. */
  readonly quality: number;
}

/**
 * Picks one of the documented media types of a response by the `Accept` of the request (RFC 9110 section 12.5.1).
 *
 * Of equally good ones the one that `Accept` names first is taken, and without `Accept` the document's first that the mock can
 * write. Where none is acceptable, the document's first is sent all the same.
 *
 * @returns The body, its media type a concrete one also where the document has a range such as `image/*`.
 */
export function pickMedia(
  body: ContractBody | undefined,
  accept: string | null | undefined,
): ContractBody | undefined {
  const accepted = readAccept(accept);
  const ranked = mediaOf(body).map((media) => ({ media, match: bestMatch(media.mediaType, accepted) }));
  const writable = ranked.filter(({ media }) => isWritable(media));
  const usual = writable.find(({ match }) => match?.quality !== 0) ?? writable[0] ?? ranked[0];
  const named = ranked.filter(
    ({ match }) => match !== undefined && match.quality > 0 && match.range !== '*/*',
  );
  named.sort(
    (a, b) =>
      (b.match?.quality ?? 0) - (a.match?.quality ?? 0) ||
      (a.match?.position ?? 0) - (b.match?.position ?? 0),
  );
  const picked = named[0] ?? usual;
  if (picked === undefined) return undefined;
  return { ...picked.media, mediaType: concreteType(picked.media, picked.match?.range) };
}

/** Whether the mock can write a body: XML only where the document has it as a text. */
export function isWritable({ mediaType, examples }: ContractBody): boolean {
  return !isXml(mediaType) || Object.values(examples).some((example) => typeof example === 'string');
}

function readAccept(accept: string | null | undefined): readonly Accepted[] {
  return (accept ?? '').split(',').flatMap((part) => {
    const range = essenceOf(part);
    const quality = Number(/;\s*q\s*=\s*([\d.]+)/i.exec(part)?.[1] ?? 1);
    return range === '' ? [] : [{ range, quality: Number.isNaN(quality) ? 1 : quality }];
  });
}

/** What `Accept` says of a media type: the most specific of its ranges counts. */
function bestMatch(mediaType: string, accepted: readonly Accepted[]) {
  const type = essenceOf(mediaType);
  const matches = accepted.flatMap(({ range, quality }, position) => {
    const specificity = specificityOf(range, type);
    return specificity === 0 ? [] : [{ range, quality, position, specificity }];
  });
  return matches.sort((a, b) => b.specificity - a.specificity)[0];
}

/** How exactly a range names a type; 0 where it does not. */
function specificityOf(range: string, type: string): number {
  if (range === type) return 4;
  // `application/json` is what most clients ask for where the API has `application/problem+json`.
  if (range === 'application/json' && isJson(type)) return 3;
  if (isInRange(type, range) || isInRange(range, type)) return range === '*/*' ? 1 : 2;
  return 0;
}

/** Whether a type is in a range such as `text/*`. */
export function isInRange(type: string, range: string): boolean {
  return range === '*/*' || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
}

const TYPES_OF_RANGES: Readonly<Record<string, string>> = {
  'text/*': 'text/plain',
  'image/*': 'image/png',
  'audio/*': 'audio/mpeg',
  'video/*': 'video/mp4',
  'application/*': 'application/json',
};

/** The type that is sent for a documented one, which may be a range. */
function concreteType({ mediaType, schema }: ContractBody, accepted = ''): string {
  const documented = essenceOf(mediaType);
  if (!documented.endsWith('/*')) return mediaType;
  if (accepted !== '' && !accepted.endsWith('/*') && isInRange(accepted, documented)) return accepted;
  const known = TYPES_OF_RANGES[documented];
  if (known !== undefined) return known;
  if (documented !== '*/*' || typeof schema === 'boolean' || schema.type !== 'string')
    return 'application/json';
  return schema.format === 'binary' ? 'application/octet-stream' : 'text/plain';
}

/** Writes a value as a media type has it. */
export function writeBody({ mediaType }: ContractBody, value: unknown): string {
  const type = essenceOf(mediaType);
  const values = Array.isArray(value) ? value : [value];
  if (isJsonLines(type)) return values.map((line) => `${JSON.stringify(line)}\n`).join('');
  if (typeof value === 'string' && !isJson(type)) return value;
  if (type === 'text/event-stream')
    return values.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  return JSON.stringify(value);
}
