import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { InvalidArgumentError, VercelError } from '../../errors/index.js';
import { checkBaseUrl, DEFAULT_BASE_URL, isLoopback } from '../../http/base-url.js';
import { describeValue } from '../../util/redact.js';
import { codeOfStatus, errorBody, jsonResponse } from '../respond/error-body.js';
import { writtenText } from '../respond/written-text.js';

const HOST = '127.0.0.1';
/** Longest body that is taken in, in bytes. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** Longest file that is taken in, in bytes: the API takes larger ones than its JSON. */
const MAX_FILE_BYTES = 100 * 1024 * 1024;

const NO_BODY = new Uint8Array();

/** How to serve handlers over HTTP. */
export interface ServeOptions {
  /** Default 0: a free port. */
  readonly port?: number | undefined;
  /** Where the handlers think they are. Default `https://api.vercel.com`. */
  readonly baseUrl?: string | undefined;
}

/** A server that listens. */
export interface RunningServer {
  /** E.g. `http://127.0.0.1:43121`; to be given to a client as `baseUrl`. */
  readonly url: string;
  readonly port: number;
  /** Stops at once, ending open connections too. May be called again. */
  close(): Promise<void>;
}

/** Answers a request; `undefined` where nothing does. May throw. */
export type Respond = (request: Request) => Promise<Response | undefined>;

/**
 * Serves what answers requests over plain HTTP on this machine alone; see {@link serveHandlers}.
 *
 * @throws {InvalidArgumentError} For an impossible port or base URL.
 * @throws {VercelError} When the port is taken or may not be used; `cause` is the system's error.
 */
export async function serveRequests(respond: Respond, options: ServeOptions = {}): Promise<RunningServer> {
  const { port = 0 } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError(
      'port',
      `must be a whole number from 0 to 65535, got ${describeValue(port)}`,
    );
  }
  const baseUrl = checkBaseUrl(options.baseUrl ?? DEFAULT_BASE_URL);
  const { createServer } = await import('node:http');
  const server = createServer((incoming, outgoing) => {
    exchange(respond, baseUrl, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await listen(server, port);
  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  return { url: `http://${HOST}:${actualPort}`, port: actualPort, close: () => close(server) };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new VercelError(describeFailure(cause, port), { cause })));
    server.listen(port, HOST, resolve);
  });
}

function describeFailure(cause: Error, port: number): string {
  const code = 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${HOST} is in use already: stop what listens there, or choose another port (0 is a free one)`;
  }
  return `Cannot listen on port ${port} of ${HOST}: ${cause.message}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // The only error is that it is closed already, which is what was wanted.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function exchange(
  respond: Respond,
  baseUrl: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming);
  const response = !isForThisMachine(incoming.headers.host)
    ? failure(421, `The Host header must name this machine, e.g. ${HOST}.`)
    : body === undefined
      ? failure(413, `The body is longer than ${MAX_BODY_BYTES} bytes.`)
      : await answer(respond, baseUrl, incoming, body);
  // `Response.error()` plays a failure of the network.
  if (response.type === 'error') {
    outgoing.destroy();
    return;
  }
  const cookies = response.headers.getSetCookie();
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'));
  if (isStreamed(response)) {
    outgoing.writeHead(response.status, headers);
    return sendStream(response.body, outgoing);
  }
  const payload = writtenText(response) ?? new Uint8Array(await response.arrayBuffer());
  outgoing.writeHead(response.status, {
    ...headers,
    ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}),
    ...(payload.length > 0 ? { 'content-length': Buffer.byteLength(payload) } : {}),
  });
  // Node itself leaves the body out of the answer to a HEAD.
  outgoing.end(payload);
}

/** Whether a body comes bit by bit: a log that is followed. */
function isStreamed(response: Response): response is Response & { body: ReadableStream<Uint8Array> } {
  const type = response.headers.get('content-type') ?? '';
  return response.body !== null && /^(?:application\/stream\+json|text\/event-stream)\b/.test(type);
}

/** Sends chunks as they come, and cancels the stream when nobody receives them any more. */
async function sendStream(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const reader = body.getReader();
  outgoing.once('close', () => void reader.cancel().catch(() => undefined));
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) outgoing.write(chunk.value);
  outgoing.end();
}

/**
 * Whether a request was meant for a server on this machine. A page elsewhere can have its own name resolve to 127.0.0.1
 * (DNS rebinding): the browser then takes this server for that page's own, and only the Host header tells them apart.
 */
function isForThisMachine(host: string | undefined): boolean {
  const url = `http://${host}`;
  return host !== undefined && URL.canParse(url) && isLoopback(new URL(url).hostname);
}

/** The whole body, or `undefined` when it is too long; what is too long is read to its end and dropped. */
async function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { headers } = incoming;
  // Without either there is no body (RFC 9112 section 6.3).
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return NO_BODY;
  const isFile = headers['content-type'] === 'application/octet-stream';
  const limit = isFile ? MAX_FILE_BYTES : MAX_BODY_BYTES;
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Typed here: a readable stream without an encoding gives buffers.
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
  }
  if (length > limit) return undefined;
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

async function answer(
  respond: Respond,
  baseUrl: string,
  incoming: IncomingMessage,
  body: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const request = toRequest(baseUrl, incoming, body);
  if (request === undefined) return failure(400, 'This is no request that the API could be sent.');
  try {
    const response = await respond(request);
    return response ?? failure(404, `No handler answers ${request.method} ${new URL(request.url).pathname}.`);
  } catch {
    // Neither message nor stack: both may hold what the request held.
    return failure(500, 'A handler threw.');
  }
}

/** `undefined` for what `fetch` could not have sent either: a GET with a body, TRACE, `OPTIONS *`. */
function toRequest(
  baseUrl: string,
  { method = 'GET', url = '', rawHeaders }: IncomingMessage,
  body: Uint8Array<ArrayBuffer>,
): Request | undefined {
  if (!url.startsWith('/')) return undefined;
  try {
    const headers = new Headers();
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
    }
    return new Request(`${baseUrl}${url}`, { method, headers, ...(body.length > 0 ? { body } : {}) });
  } catch {
    return undefined;
  }
}

function failure(status: number, message: string): Response {
  return jsonResponse(status, errorBody(codeOfStatus(status), message));
}
