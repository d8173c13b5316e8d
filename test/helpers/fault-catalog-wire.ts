import { gzipSync } from 'node:zlib';
import { APIConnectionError, APIError, APITimeoutError, MalformedResponseError } from '../../src/index.js';
import { type ExtraFault, final, harmless, transient } from './fault-catalog-outcomes.js';
import {
  answer,
  CHUNKED,
  chunked,
  drip,
  good,
  head,
  lengthOf,
  raw,
  rightBody,
  spoiled,
} from './fault-catalog-steps.js';
import type { Step } from './fault-server.js';

const JSON_TYPE = 'content-type: application/json';

/** Bytes first, and the right answer after them. */
const then =
  (first: string): Step =>
  (exchange) => {
    exchange.socket.write(first);
    good(exchange);
  };

/** Informational answers, and status lines that are none. */
const STATUS_LINES: Readonly<Record<string, ExtraFault>> = {
  '103 early hints first': harmless(then(head('103 Early Hints', ['link: </style.css>; rel=preload']))),
  '102 processing twice first': harmless(then(head('102 Processing', []).repeat(2))),
  // Node's fetch takes a 100 that it did not ask for as a breach of the protocol.
  '100 continue unasked': transient(then(head('100 Continue', [])), APIConnectionError),
  'upgrade 101': transient(
    raw(head('101 Switching Protocols', ['connection: upgrade', 'upgrade: websocket'])),
    APIConnectionError,
  ),
  'garbage status line': transient(raw('HELLO WORLD\r\n\r\n'), APIConnectionError),
  'binary instead of HTTP': transient(raw(Buffer.alloc(512, 0x16), 'fin'), APIConnectionError),
  'status of two digits': transient(raw('HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n'), APIConnectionError),
  'status 999': final(answer('999 Odd', '{}'), APIError, { status: 999 }),
  'HTTP/1.0 answer that ends with the connection': harmless(
    spoiled((status, text) => raw(`HTTP/1.0 ${status}\r\n${JSON_TYPE}\r\n\r\n${text}`, 'fin')),
  ),
  'HTTP/0.9 answer': transient(
    spoiled((_, text) => raw(text, 'fin')),
    APIConnectionError,
  ),
  'no reason phrase': harmless(spoiled((status, text) => answer(`${status.slice(0, 3)} `, text))),
};

/** Lengths and chunks. */
const FRAMING: Readonly<Record<string, ExtraFault>> = {
  'chunked, bad size': transient(
    rightBody(
      () => CHUNKED,
      (text) => `zz\r\n${text}\r\n0\r\n\r\n`,
    ),
    MalformedResponseError,
  ),
  'chunked, cut off': transient(
    rightBody(
      () => CHUNKED,
      (text) => chunked(text).subarray(0, -12),
      'fin',
    ),
    MalformedResponseError,
  ),
  'chunked, reset': transient(
    rightBody(
      () => CHUNKED,
      (text) => chunked(text).subarray(0, -12),
      'reset',
    ),
    MalformedResponseError,
  ),
  'chunked, without its last chunk': transient(
    rightBody(
      () => CHUNKED,
      (text) => chunked(text).subarray(0, -5),
      'fin',
    ),
    MalformedResponseError,
  ),
  'chunked, with trailers and an extension': harmless(
    rightBody(
      () => [...CHUNKED, 'trailer: x-checksum'],
      (text) => `${Buffer.byteLength(text).toString(16)};name=value\r\n${text}\r\n0\r\nx-checksum: 1\r\n\r\n`,
    ),
  ),
  'gzip as a transfer coding': transient(
    rightBody(
      () => [JSON_TYPE, 'transfer-encoding: gzip, chunked'],
      (text) => chunked(gzipSync(text)),
    ),
    MalformedResponseError,
  ),
  'duplicate content-length, equal': transient(
    rightBody(
      (length) => [...lengthOf(length), `content-length: ${length}`],
      (text) => text,
    ),
    APIConnectionError,
  ),
  'duplicate content-length, different': transient(
    rightBody(
      (length) => [...lengthOf(length), `content-length: ${length - 4}`],
      (text) => text,
    ),
    APIConnectionError,
  ),
  'content-length beside chunked': transient(
    rightBody(
      (length) => [...CHUNKED, `content-length: ${length}`],
      (text) => chunked(text),
    ),
    APIConnectionError,
  ),
  'content-length is not a number': transient(
    rightBody(
      () => [JSON_TYPE, 'content-length: many'],
      (text) => text,
    ),
    APIConnectionError,
  ),
  'content-length too long': transient(
    rightBody(
      (length) => lengthOf(length + 5),
      (text) => text,
    ),
    APITimeoutError,
  ),
  'content-length too long, reset': transient(
    rightBody(
      (length) => lengthOf(length + 5),
      (text) => text,
      'reset',
    ),
    MalformedResponseError,
  ),
  'content-length too short': transient(
    rightBody(
      (length) => lengthOf(length - 5),
      (text) => text,
    ),
    MalformedResponseError,
  ),
  'no length, ends with the connection': harmless(
    rightBody(
      () => [JSON_TYPE],
      (text) => text,
      'fin',
    ),
  ),
};

/** Header fields. */
const HEADERS: Readonly<Record<string, ExtraFault>> = {
  'no content-type': harmless(
    rightBody(
      (length) => [`content-length: ${length}`],
      (text) => text,
    ),
  ),
  'wrong content-type': harmless(
    rightBody(
      (length) => ['content-type: text/html; charset=latin1', `content-length: ${length}`],
      (text) => text,
    ),
  ),
  'odd headers': harmless(
    rightBody(
      (length) => [
        `CoNtEnT-lEnGtH:${length}`,
        'x-empty:',
        'x-twice: 1',
        'X-TWICE: 2',
        'x-tab:\tvalue\t',
        'x-latin: \u00e9',
        '__proto__: polluted',
      ],
      (text) => text,
    ),
  ),
  'header line of 100 KB': transient(
    rightBody(
      (length) => [...lengthOf(length), `x-long: ${'a'.repeat(100_000)}`],
      (text) => text,
    ),
    APIConnectionError,
  ),
  '5 000 headers': transient(
    rightBody(
      (length) => [...lengthOf(length), ...Array.from({ length: 5_000 }, (_, n) => `x-${n}: 1`)],
      (text) => text,
    ),
    APIConnectionError,
  ),
  'NUL in a header': transient(
    rightBody(
      (length) => [...lengthOf(length), 'x-nul: a\0b'],
      (text) => text,
    ),
    APIConnectionError,
  ),
  'header without a colon': transient(
    rightBody(
      (length) => ['no colon here', ...lengthOf(length)],
      (text) => text,
    ),
    APIConnectionError,
  ),
  'slow-loris headers': transient(drip('HTTP/1.1 200 OK\r\nx-slow: ', 'a'), APITimeoutError),
};

/** Faults of the protocol, by name. */
export const WIRE_FAULTS: Readonly<Record<string, ExtraFault>> = { ...STATUS_LINES, ...FRAMING, ...HEADERS };
