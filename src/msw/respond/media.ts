import type { ContractBody } from '../../openapi/contract-types.js';
import { essenceOf, mediaKindOf } from '../../openapi/media-types.js';

/** Returns all documented media types of a body. */
export function mediaOf(body: ContractBody | undefined): readonly ContractBody[] {
  return body === undefined ? [] : [body, ...(body.others ?? [])];
}

interface Accepted {
  readonly range: string;
  /** From 0, not acceptable, to 1. */
  readonly quality: number;
}

/**
 * Picks one of the documented media types of a response by the `Accept` of the request (RFC 9110 section 12.5.1).
 *
 * Of equally good ones it picks the one that `Accept` names first, and without `Accept` the document's first that the mock can
 * write. If none is acceptable, it picks the document's first.
 *
 * @returns The body, whose media type is concrete even if the document has a range such as `image/*`.
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

/** Returns whether the mock can write a body: XML only if the document has an example that is a text. */
export function isWritable({ mediaType, examples }: ContractBody): boolean {
  const isXml = /^[^/]+\/(?:[^/]*\+)?xml$/.test(essenceOf(mediaType));
  return !isXml || Object.values(examples).some((example) => typeof example === 'string');
}

function readAccept(accept: string | null | undefined): readonly Accepted[] {
  return (accept ?? '').split(',').flatMap((part) => {
    const range = essenceOf(part);
    const quality = Number(/;\s*q\s*=\s*([\d.]+)/i.exec(part)?.[1] ?? 1);
    return range === '' ? [] : [{ range, quality: Number.isNaN(quality) ? 1 : quality }];
  });
}

/** Returns the most specific range of `Accept` that includes a media type. */
function bestMatch(mediaType: string, accepted: readonly Accepted[]) {
  const type = essenceOf(mediaType);
  const matches = accepted.flatMap(({ range, quality }, position) => {
    const specificity = specificityOf(range, type);
    return specificity === 0 ? [] : [{ range, quality, position, specificity }];
  });
  return matches.sort((a, b) => b.specificity - a.specificity)[0];
}

/** Rates how exactly a range matches a type; 0 for no match. */
function specificityOf(range: string, type: string): number {
  if (range === type) return 4;
  // Most clients accept `application/json` where the API has `application/problem+json`.
  if (range === 'application/json' && mediaKindOf(type) === 'json') return 3;
  if (isInRange(type, range) || isInRange(range, type)) return range === '*/*' ? 1 : 2;
  return 0;
}

/** Returns whether a type is in a range such as `text/*`, or `application/*+json`, which frameworks write. */
export function isInRange(type: string, range: string): boolean {
  const [, before, suffix] = /^([^/]+\/)\*\+(\w+)$/.exec(range) ?? [];
  if (before !== undefined)
    return type === `${before}${suffix}` || (type.startsWith(before) && type.endsWith(`+${suffix}`));
  return range === '*/*' || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
}

const TYPES_OF_RANGES: Readonly<Record<string, string>> = {
  'text/*': 'text/plain',
  'image/*': 'image/png',
  'audio/*': 'audio/mpeg',
  'video/*': 'video/mp4',
  'application/*': 'application/json',
};

/** Returns the type to send for a documented one, which may be a range. */
function concreteType({ mediaType, schema }: ContractBody, accepted = ''): string {
  const documented = essenceOf(mediaType).replace('*+', '');
  if (documented !== essenceOf(mediaType))
    return isInRange(accepted, essenceOf(mediaType)) ? accepted : documented;
  if (!documented.endsWith('/*')) return mediaType;
  if (accepted !== '' && !accepted.endsWith('/*') && isInRange(accepted, documented)) return accepted;
  const known = TYPES_OF_RANGES[documented];
  if (known !== undefined) return known;
  if (documented !== '*/*' || typeof schema === 'boolean' || schema.type !== 'string')
    return 'application/json';
  return schema.format === 'binary' ? 'application/octet-stream' : 'text/plain';
}

/** Writes a value in the form of a media type. */
export function writeBody({ mediaType }: ContractBody, value: unknown): string {
  const type = essenceOf(mediaType);
  const values = Array.isArray(value) ? value : [value];
  // One line of JSON for each value.
  if (/^application\/(?:stream\+json|x-ndjson|ndjson|jsonl)$/.test(type))
    return values.map((line) => `${JSON.stringify(line)}\n`).join('');
  const isText = typeof value === 'string' && mediaKindOf(type) !== 'json';
  if (type === 'text/event-stream')
    return isText ? eventText(value) : values.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  return isText ? value : JSON.stringify(value);
}

/** Returns a text that has fields of events as it is, and any other as the data of one event: without it a reader finds none. */
function eventText(text: string): string {
  if (/^(?:data|event|id|retry)?:/m.test(text)) return text;
  return `${text
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}\n`)
    .join('')}\n`;
}
