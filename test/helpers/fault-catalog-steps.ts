import type { Exchange, SeenRequest, Step } from './fault-server.js';

/** What becomes of the connection once the bytes are out. */
export type After = 'keep' | 'fin' | 'reset';

const CREATE_PATH = '/v1/connect/connectors';

/** The right value of every list call. */
export const GOOD_LIST = {
  connectors: [{ id: 'scl_good', uid: 'slack/acme-slack', name: 'Acme — ünïcode', type: 'slack' }],
  pagination: { count: 1, next: null, prev: null },
};

/** The right value of every token call. */
export const GOOD_TOKEN = {
  token: 'tok_good',
  tokenId: 'stk_good',
  // Far enough for any buffer, and the same in every answer.
  expiresAt: Date.UTC(2100, 0, 1),
  connector: { id: 'scl_good', uid: 'slack/acme-slack', type: 'slack' },
};

/** The right value of every create call. */
export const GOOD_CREATED = { id: 'scl_new', uid: 'slack/new', name: 'New', type: 'slack' };

/** The text of the right answer to a request. */
function goodText({ method, path }: SeenRequest): string {
  if (method === 'GET') return JSON.stringify(GOOD_LIST);
  return JSON.stringify(path === CREATE_PATH ? GOOD_CREATED : GOOD_TOKEN);
}

/** The right status of the answer to a request, with its reason phrase. */
function goodStatus({ method, path }: SeenRequest): string {
  return method === 'POST' && path === CREATE_PATH ? '201 Created' : '200 OK';
}

/** The right answer. */
export const good: Step = (exchange) =>
  answer(goodStatus(exchange.request), goodText(exchange.request))(exchange);

/** Writes bytes as they are. */
export function raw(bytes: string | Uint8Array, after: After = 'keep'): Step {
  return ({ socket }) => {
    // Written first and only then ended or reset: a reset drops what has not gone out.
    socket.write(bytes, () => {
      if (after === 'fin') socket.end();
      if (after === 'reset') socket.resetAndDestroy();
    });
  };
}

/** A head without a body: status line and headers, each of which may be anything. */
export function head(status: string, headers: readonly string[]): string {
  return [`HTTP/1.1 ${status}`, ...headers, '', ''].join('\r\n');
}

/** A well-formed answer, with the length of its body. */
export function answer(
  status: string,
  body: string | Uint8Array,
  headers: readonly string[] = [],
  after: After = 'keep',
): Step {
  const bytes = Buffer.from(body);
  const lines = ['content-type: application/json', `content-length: ${bytes.length}`, ...headers];
  return raw(Buffer.concat([Buffer.from(head(status, lines)), bytes]), after);
}

/** An error answer in the API's own shape. */
export function failure(status: string, headers: readonly string[] = []): Step {
  const code = `planted_${status.slice(0, 3)}`;
  return answer(status, JSON.stringify({ error: { code, message: 'planted' } }), headers);
}

/** A step made of the right answer's status and text. */
export function spoiled(make: (status: string, text: string, exchange: Exchange) => Step): Step {
  return (exchange) => {
    const { request } = exchange;
    make(goodStatus(request), goodText(request), exchange)(exchange);
  };
}

/** The right answer, its head and body made by hand. */
export function rightBody(
  headers: (length: number) => readonly string[],
  body: (text: string) => string | Uint8Array,
  after: After = 'keep',
): Step {
  return spoiled((status, text) => {
    const bytes = Buffer.from(body(text));
    return raw(Buffer.concat([Buffer.from(head(status, headers(bytes.length))), bytes]), after);
  });
}

/** Says nothing and keeps the connection. */
export const silence: Step = () => undefined;

/** Writes `first`, and then one byte at a time for as long as the connection lives. */
export function drip(first: string, byte: string, everyMs = 200): Step {
  return ({ socket }) => {
    socket.write(first);
    const timer = setInterval(() => socket.write(byte), everyMs);
    socket.on('close', () => clearInterval(timer));
  };
}

/** Writes `first`, and then the same bytes as fast as they are taken, for as long as the connection lives. */
export function flood(first: string, bytes: Uint8Array): Step {
  return ({ socket }) => {
    socket.write(first);
    const more = () => {
      if (socket.destroyed) return;
      if (socket.write(bytes)) setImmediate(more);
      else socket.once('drain', more);
    };
    more();
  };
}

/** A body in chunks of the given texts, well-formed. */
export function chunked(...parts: readonly (string | Uint8Array)[]): Buffer {
  const framed = parts.flatMap((part) => {
    const bytes = Buffer.from(part);
    return [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')];
  });
  return Buffer.concat([...framed, Buffer.from('0\r\n\r\n')]);
}

const JSON_TYPE = 'content-type: application/json';

/** Headers of JSON of a length. */
export const lengthOf = (length: number) => [JSON_TYPE, `content-length: ${length}`];

/** Headers of JSON in chunks. */
export const CHUNKED = [JSON_TYPE, 'transfer-encoding: chunked'];
