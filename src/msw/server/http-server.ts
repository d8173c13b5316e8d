import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { checkArgument, VercelError } from '../../errors/index.js';
import { DEFAULT_BASE_URL, isLoopback } from '../../http/base-url.js';
import { checkMockUrl } from '../handlers/match-path.js';
import { errorResponse, writtenText } from '../respond/json-response.js';

const HOST = '127.0.0.1';
/** Longest body that is accepted, in bytes. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** Longest file that is accepted, in bytes: the API accepts larger files than JSON bodies. */
const MAX_FILE_BYTES = 100 * 1024 * 1024;

const NO_BODY = new Uint8Array();

/** Options of {@link serveHandlers}. */
export interface ServeOptions {
  /** Default 0: a free port. */
  readonly port?: number | undefined;
  /** Base URL of the requests that the handlers receive. Default `https://api.vercel.com`. */
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

/** Responds to a request; `undefined` if nothing handles it. May throw. */
type Respond = (request: Request) => Promise<Response | undefined>;

interface Endpoint {
  readonly respond: Respond;
  readonly baseUrl: string;
  readonly origins: ReadonlySet<string>;
  /** The Host header of a client that uses the URL of the server. */
  readonly host: string;
}

/**
 * Serves a function that responds to requests over plain HTTP on this machine alone; see {@link serveHandlers}.
 *
 * @throws {InvalidArgumentError} For an impossible port or base URL.
 * @throws {VercelError} When the port is taken or may not be used; `cause` is the system's error.
 */
export async function serveRequests(respond: Respond, options: ServeOptions = {}): Promise<RunningServer> {
  const { port = 0 } = options;
  const isPort = Number.isInteger(port) && port >= 0 && port <= 65_535;
  checkArgument(isPort, 'port', 'must be a whole number from 0 to 65535', port);
  const baseUrl = checkMockUrl(options.baseUrl ?? DEFAULT_BASE_URL);
  const origins = new Set(options.origins);
  const { createServer } = await import('node:http');
  const server = createServer();
  await listen(server, port);
  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  const host = `${HOST}:${actualPort}`;
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    exchange({ respond, baseUrl, origins, host }, incoming, outgoing).catch(() => outgoing.destroy());
  });
  return {
    url: `http://${host}`,
    port: actualPort,
    close: () =>
      new Promise((resolve) => {
        // The only possible error is that the server is closed already.
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const isTaken = 'code' in cause && cause.code === 'EADDRINUSE';
      const message = isTaken
        ? `Port ${port} on ${HOST} is in use already: stop what listens there, or choose another port (0 is a free one)`
        : `Cannot listen on port ${port} of ${HOST}: ${cause.message}`;
      reject(new VercelError(message, { cause }));
    });
    server.listen(port, HOST, resolve);
  });
}

async function exchange(
  endpoint: Endpoint,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { method, headers } = incoming;
  const client = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) client.abort();
  });
  const body = await readBody(incoming);
  if (!isThisMachine(endpoint, headers.host)) {
    await send(
      errorResponse(421, `The Host header must name this machine, e.g. ${HOST}.`),
      undefined,
      outgoing,
    );
    return;
  }
  const cors =
    headers.origin === undefined ? undefined : corsHeaders(headers.origin, headers, endpoint.origins);
  const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
  if (cors !== undefined && isPreflight) {
    outgoing.writeHead(204, cors).end();
    return;
  }
  const response = body
    ? await responseTo(endpoint, toRequest(endpoint.baseUrl, incoming, body, client.signal))
    : errorResponse(413, `The body is longer than ${MAX_BODY_BYTES} bytes.`);
  // `Response.error()` plays a failure of the network.
  if (response.type === 'error') outgoing.destroy();
  else await send(response, cors, outgoing);
}

async function responseTo({ respond }: Endpoint, request: Request | undefined): Promise<Response> {
  if (request === undefined) return errorResponse(400, 'This is not a request that the API could be sent.');
  try {
    const response = await respond(request);
    return (
      response ?? errorResponse(404, `No handler answers ${request.method} ${new URL(request.url).pathname}.`)
    );
  } catch {
    // Neither message nor stack: both may hold a part of the request.
    return errorResponse(500, 'A handler threw.');
  }
}

async function send(
  response: Response,
  cors: Readonly<Record<string, string>> | undefined,
  outgoing: ServerResponse,
): Promise<void> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of response.headers) headers[name] = value;
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  if (cors !== undefined)
    Object.assign(headers, cors, { 'access-control-expose-headers': Object.keys(headers).join() });
  const text = writtenText(response);
  if (text === undefined && response.body !== null) {
    outgoing.writeHead(response.status, headers);
    // A stream may have nothing to send for long.
    outgoing.flushHeaders();
    return sendStream(response.body, outgoing);
  }
  if (text) headers['content-length'] = String(Buffer.byteLength(text));
  // Node itself leaves the body out of the response to a HEAD.
  outgoing.writeHead(response.status, headers).end(text);
}

/** Sends chunks as they come, no faster than the client reads, and cancels the stream when the client leaves. */
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

/**
 * Returns the headers that let a page read a response (Fetch, "CORS protocol"), for a page of this machine, such as that of a
 * development server, and for one of a named origin. Other pages must not read the data of a test.
 */
function corsHeaders(
  origin: string,
  headers: IncomingMessage['headers'],
  origins: ReadonlySet<string>,
): Readonly<Record<string, string>> | undefined {
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
 * Returns whether a Host header names this machine. A page elsewhere can have its own name resolve to 127.0.0.1 (DNS rebinding):
 * the browser then takes this server for that page's own, and only the Host header tells them apart.
 */
function isThisMachine(endpoint: Endpoint, host: string | undefined): boolean {
  if (host === endpoint.host) return true;
  const url = `http://${host}`;
  return host !== undefined && URL.canParse(url) && isLoopback(new URL(url).hostname);
}

/** Reads the whole body; returns `undefined` for one that is too long, which is read to its end and dropped. */
async function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { headers } = incoming;
  // A request without either has an empty body (RFC 9112 section 6.3).
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return NO_BODY;
  const limit = headers['content-type'] === 'application/octet-stream' ? MAX_FILE_BYTES : MAX_BODY_BYTES;
  const chunks: Uint8Array[] = [];
  let length = 0;
  // A readable stream without an encoding gives buffers.
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
  }
  return length > limit ? undefined : Buffer.concat(chunks, length);
}

/** Returns `undefined` for requests that `fetch` could not have sent: a GET with a body, TRACE, `OPTIONS *`. */
function toRequest(
  baseUrl: string,
  { method = 'GET', url = '', rawHeaders }: IncomingMessage,
  body: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
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
