import { isRecord, recordOf } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { dereference } from './references.js';

/** The media type of bytes without a more specific one. */
export const BYTES = 'application/octet-stream';

/** The form of a body, as its media type names it. */
export type MediaKind = 'json' | 'text' | 'form' | 'multipart' | 'stream' | 'bytes';

/** Returns a media type without its parameters, in lower case; `''` for none. */
export function essenceOf(mediaType: string | null): string {
  return (mediaType?.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** Returns the form of a body. Parameters such as `charset` and the case of letters do not matter. */
export function mediaKindOf(mediaType: string): MediaKind {
  if (mediaType === 'application/json') return 'json'; // Nearly all.
  const type = essenceOf(mediaType);
  if (/^application\/(?:x-ndjson|ndjson|jsonl|stream\+json|json-seq)$|^text\/event-stream$/.test(type))
    return 'stream';
  if (/^[^/]+\/(?:[^/]+\+)?json$/.test(type)) return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type === 'multipart/form-data') return 'multipart';
  // XML is text that this package neither reads nor writes.
  if (type.startsWith('text/') || /^application\/(?:[^/]+\+)?(?:xml|yaml)$/.test(type)) return 'text';
  return 'bytes';
}

/**
 * Returns the media types of a body or a response in document order.
 *
 * Vercel's document declares downloads as JSON whose schema is a binary string. JSON text is not binary, so such a body is
 * named {@link BYTES}.
 */
export function mediaTypesOf(document: OpenApiDocument, holder: unknown): string[] {
  const { content } = dereference(document, holder);
  const types = Object.entries(recordOf(content)).map(([type, media]) =>
    effectiveMediaType(document, type, media),
  );
  return [...new Set(types)];
}

/** Returns the actual media type of a body; see {@link mediaTypesOf}. */
export function effectiveMediaType(document: OpenApiDocument, type: string, media: unknown): string {
  if (mediaKindOf(type) !== 'json' || !isRecord(media) || !isRecord(media.schema)) return type;
  const { type: of, format } = dereference(document, media.schema as JsonObject);
  return of === 'string' && format === 'binary' ? BYTES : type;
}
