import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import {
  APIConnectionError,
  APIError,
  APITimeoutError,
  InternalServerError,
  MalformedResponseError,
  ResponseTooLargeError,
} from '../../src/index.js';
import { type ExtraFault, final, harmless, transient } from './fault-catalog-outcomes.js';
import {
  answer,
  CHUNKED,
  chunked,
  drip,
  failure,
  flood,
  head,
  lengthOf,
  raw,
  rightBody,
  spoiled,
} from './fault-catalog-steps.js';

/** The limit that the extra faults are played against. */
export const MAX_BODY_BYTES = 200_000;

const encoded = (coding: string) => (length: number) => [...lengthOf(length), `content-encoding: ${coding}`];

/** Bodies: slow, long, compressed. */
const BODIES: Readonly<Record<string, ExtraFault>> = {
  'slow body without end': transient(drip(`${head('200 OK', lengthOf(1_000))}{`, ' '), APITimeoutError),
  'slow body that is never long enough': transient(
    drip(head('200 OK', CHUNKED), '1\r\n \r\n'),
    APITimeoutError,
  ),
  'body a few bytes at a time': harmless(
    spoiled((status, text, { socket }) => () => {
      const bytes = Buffer.from(text);
      socket.write(head(status, lengthOf(bytes.length)));
      const timer = setInterval(() => {
        const sent = socket.bytesWritten - base;
        if (sent >= bytes.length) return clearInterval(timer);
        return socket.write(bytes.subarray(sent, sent + 20));
      }, 5);
      const base = socket.bytesWritten;
      socket.on('close', () => clearInterval(timer));
    }),
  ),
  'oversize body, declared': final(
    answer('200 OK', `"${'a'.repeat(2 * MAX_BODY_BYTES)}"`),
    ResponseTooLargeError,
  ),
  'oversize body, undeclared': final(
    rightBody(
      () => CHUNKED,
      () => chunked(...Array<string>(40).fill('a'.repeat(MAX_BODY_BYTES / 20))),
    ),
    ResponseTooLargeError,
  ),
  'body without end': final(
    flood(head('200 OK', CHUNKED), chunked('a'.repeat(16_384)).subarray(0, -5)),
    ResponseTooLargeError,
  ),
  'gzip bomb': final(
    rightBody(encoded('gzip'), () => gzipSync(Buffer.alloc(50 * MAX_BODY_BYTES, 0x20))),
    ResponseTooLargeError,
  ),
  'gzip, valid and chunked': harmless(
    rightBody(
      () => [...CHUNKED, 'content-encoding: gzip'],
      (text) => chunked(gzipSync(text).subarray(0, 9), gzipSync(text).subarray(9)),
    ),
  ),
  'deflate, valid': harmless(rightBody(encoded('deflate'), (text) => deflateSync(text))),
  'br, valid': harmless(rightBody(encoded('br'), (text) => brotliCompressSync(text))),
  'deflate in gzip, valid': harmless(
    rightBody(encoded('deflate, gzip'), (text) => gzipSync(deflateSync(text))),
  ),
  'gzip, cut off': transient(
    rightBody(encoded('gzip'), (text) => gzipSync(text).subarray(0, -12)),
    MalformedResponseError,
  ),
  'br, corrupt': transient(
    rightBody(encoded('br'), (text) => text),
    MalformedResponseError,
  ),
  'unknown content-encoding, plain bytes': harmless(rightBody(encoded('x-unknown'), (text) => text)),
  'unknown content-encoding, other bytes': transient(
    rightBody(encoded('x-unknown'), (text) => gzipSync(text)),
    MalformedResponseError,
  ),
  'JSON with a BOM': harmless(rightBody(lengthOf, (text) => `\ufeff${text}`)),
  'JSON in UTF-16': transient(
    rightBody(lengthOf, (text) => Buffer.from(`\ufeff${text}`, 'utf16le')),
    MalformedResponseError,
  ),
  'JSON twice': transient(
    rightBody(lengthOf, (text) => text + text),
    MalformedResponseError,
  ),
  'spaces alone': transient(
    rightBody(lengthOf, () => '   '),
    MalformedResponseError,
  ),
};

/** Error answers. */
const FAILURES: Readonly<Record<string, ExtraFault>> = {
  '304': final(raw(head('304 Not Modified', ['etag: "1"'])), APIError, { status: 304 }),
  // Node's fetch gives a network error for it, and no answer.
  '407': transient(failure('407 Proxy Authentication Required'), APIConnectionError),
  '418': final(failure("418 I'm a teapot"), APIError, { status: 418, code: 'planted_418' }),
  '501': final(failure('501 Not Implemented'), InternalServerError, { status: 501 }),
  '500 with a body of 1 MB': transient(
    answer('500 Internal Server Error', `{"error":"${'a'.repeat(1_000_000)}"}`),
    InternalServerError,
    { status: 500 },
  ),
  '403 with a body without end': final(
    flood(head('403 Forbidden', CHUNKED), chunked('a'.repeat(16_384)).subarray(0, -5)),
    APIError,
    { status: 403 },
  ),
  '404 with a gzip bomb': final(
    answer('404 Not Found', gzipSync(Buffer.alloc(50 * MAX_BODY_BYTES, 0x20)), ['content-encoding: gzip']),
    APIError,
    { status: 404 },
  ),
  '500 with a body that stalls': transient(raw(`${head('500 Oops', lengthOf(99))}{`), APITimeoutError),
  '502 cut off': transient(raw(`${head('502 Bad Gateway', lengthOf(99))}{`, 'fin'), InternalServerError, {
    status: 502,
  }),
  '400 with invalid UTF-8': final(
    answer('400 Bad Request', Buffer.from([0x7b, 0xff, 0xfe, 0xc0, 0x7d])),
    APIError,
    { status: 400 },
  ),
  '422 with a corrupt gzip': final(
    answer('422 Unprocessable Content', 'no gzip', ['content-encoding: gzip']),
    APIError,
    { status: 422 },
  ),
};

/** Faults of what the protocol carries, by name. */
export const BODY_FAULTS: Readonly<Record<string, ExtraFault>> = { ...BODIES, ...FAILURES };
