import { isRecord } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { dereference } from './references.js';

/** The media type of bytes that nothing more is known of. */
export const BYTES = 'application/octet-stream';

/** What a media type says about how a body is written. */
export type MediaKind = 'json' | 'text' | 'form' | 'multipart' | 'stream' | 'bytes';

/** Says how a body of a media type is written. Parameters such as `charset` and the case of letters do not matter. */
export function mediaKindOf(mediaType: string): MediaKind {
  if (mediaType === 'application/json') return 'json'; // Nearly all.
  const type = (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();
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
 * Vercel's document declares downloads as JSON whose schema is a binary string. No JSON text is binary, so that such a
 * body is named {@link BYTES}.
 */
export function mediaTypesOf(document: OpenApiDocument, holder: unknown): string[] {
  const { content } = dereference(document, holder);
  const types = Object.entries(isRecord(content) ? content : {}).map(([type, media]) =>
    effectiveMediaType(document, type, media),
  );
  return [...new Set(types)];
}

/** Returns the media type that a body has in fact; see {@link mediaTypesOf}. */
export function effectiveMediaType(document: OpenApiDocument, type: string, media: unknown): string {
  if (mediaKindOf(type) !== 'json' || !isRecord(media) || !isRecord(media.schema)) return type;
  const { type: of, format } = dereference(document, media.schema as JsonObject);
  return of === 'string' && format === 'binary' ? BYTES : type;
}
