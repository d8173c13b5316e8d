import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { InvalidArgumentError, VercelError } from '../../errors/index.js';
import { DEFAULT_BASE_URL, isLoopback } from '../../http/base-url.js';
import { describeValue } from '../../util/redact.js';
import { checkMockUrl } from '../handlers/match-path.js';
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
  /** Origins whose pages may read responses in a browser (CORS), e.g. `https://app.test`, beside those of this machine. */
  readonly origins?: readonly string[] | undefined;
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
  const baseUrl = checkMockUrl(options.baseUrl ?? DEFAULT_BASE_URL);
  const origins = new Set(options.origins);
  const { createServer } = await import('node:http');
  const server = createServer((incoming, outgoing) => {
    exchange(respond, { baseUrl, origins }, incoming, outgoing).catch(() => outgoing.destroy());
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

/** What a server serves. */
interface Served {
  readonly baseUrl: string;
  readonly origins: ReadonlySet<string>;
}

async function exchange(
  respond: Respond,
  { baseUrl, origins }: Served,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const left = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) left.abort();
  });
  const body = await readBody(incoming);
  const isMeant = isForThisMachine(incoming.headers.host);
  const cors = isMeant ? corsHeaders(incoming, origins) : undefined;
  if (cors !== undefined && isPreflight(incoming)) {
    outgoing.writeHead(204, cors).end();
    return;
  }
  const response = !isMeant
    ? failure(421, `The Host header must name this machine, e.g. ${HOST}.`)
    : body === undefined
      ? failure(413, `The body is longer than ${MAX_BODY_BYTES} bytes.`)
      : await answer(respond, baseUrl, incoming, { body, signal: left.signal });
  // `Response.error()` plays a failure of the network.
  if (response.type === 'error') outgoing.destroy();
  else await send(response, cors, outgoing);
}

async function send(
  response: Response,
  cors: Readonly<Record<string, string>> | undefined,
  outgoing: ServerResponse,
): Promise<void> {
  const cookies = response.headers.getSetCookie();
  const names = [...response.headers.keys()];
  const headers = {
    ...Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie')),
    ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}),
    ...(cors && { ...cors, 'access-control-expose-headers': [...new Set(names)].join() }),
  };
  const text = writtenText(response);
  if (text === undefined && response.body !== null) {
    outgoing.writeHead(response.status, headers);
    // A stream may have nothing to send for long.
    outgoing.flushHeaders();
    return sendStream(response.body, outgoing);
  }
  const length = text ? { 'content-length': Buffer.byteLength(text) } : {};
  // Node itself leaves the body out of the answer to a HEAD.
  outgoing.writeHead(response.status, { ...headers, ...length }).end(text);
}

/** Sends chunks as they come and no faster than they are taken, and cancels the stream when nobody receives them any more. */
async function sendStream(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const reader = body.getReader();
  const closed = new Promise<void>((resolve) => outgoing.once('close', resolve));
  void closed.then(() => reader.cancel().catch(() => undefined));
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (outgoing.write(chunk.value)) continue;
    await Promise.race([closed, new Promise((resolve) => outgoing.once('drain', resolve))]);
  }
  outgoing.end();
}

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/**
 * What lets the page that sent a request read its response (Fetch, "CORS protocol"): a page of this machine, such as that of a
 * development server, or one of a named origin. Other pages learn nothing of what a test keeps here.
 */
function corsHeaders(
  { headers }: IncomingMessage,
  origins: ReadonlySet<string>,
): Readonly<Record<string, string>> | undefined {
  const { origin } = headers;
  if (origin === undefined) return undefined;
  const isLocal = URL.canParse(origin) && isLoopback(new URL(origin).hostname);
  if (!isLocal && !origins.has(origin)) return undefined;
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': headers['access-control-request-method'] ?? '*',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
    vary: 'origin',
  };
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

/** What was read of a request, and what tells that its client has left. */
interface Received {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
}

async function answer(
  respond: Respond,
  baseUrl: string,
  incoming: IncomingMessage,
  received: Received,
): Promise<Response> {
  const request = toRequest(baseUrl, incoming, received);
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
  { body, signal }: Received,
): Request | undefined {
  if (!url.startsWith('/')) return undefined;
  try {
    const headers = new Headers();
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
    }
    return new Request(`${baseUrl}${url}`, {
      method,
      headers,
      signal,
      ...(body.length > 0 ? { body } : {}),
    });
  } catch {
    return undefined;
  }
}

function failure(status: number, message: string): Response {
  return jsonResponse(status, errorBody(codeOfStatus(status), message));
}
