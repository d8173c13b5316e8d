// The API that every host talks to: a loopback server that answers what the programs in test/hosts ask for, and records
// each request, so that the runner judges by what arrived and not by what a program printed.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
}

/** A running API server. */
export interface ApiServer {
  readonly url: string;
  /** Requests since the last {@link ApiServer.forget}, in their order. */
  readonly requests: readonly RecordedRequest[];
  forget(): void;
  close(): Promise<void>;
}

const TOKEN_LIFE_MS = 3_600_000;

/**
 * Starts the API on a free port of 127.0.0.1.
 *
 * Each token has a number of its own (`host-token-1`, `host-token-2`), so that one from a framework's cache is
 * recognised. `GET /issued` tells a program how many were issued so far.
 */
export async function startApi(): Promise<ApiServer> {
  const requests: RecordedRequest[] = [];
  let issued = 0;
  const server = createServer((request, response) => {
    const recorded = recordOf(request);
    allowBrowsers(request, response);
    request.resume();
    if (recorded.method === 'OPTIONS' || recorded.path === '/favicon.ico') return end(response, 204);
    if (recorded.path === '/issued') return end(response, 200, { issued });
    if (recorded.path === '/') return endHtml(response);
    requests.push(recorded);
    if (recorded.path.startsWith('/v1/connect/token/')) issued += 1;
    const found = answerTo(recorded, issued);
    end(response, found === undefined ? 404 : 200, found ?? NOT_FOUND);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = address(server);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    forget: () => void requests.splice(0),
    close: () => close(server),
  };
}

const NOT_FOUND = { error: { code: 'not_found', message: 'Not found' } };

function answerTo({ method, path }: RecordedRequest, issued: number): unknown {
  const route = `${method} ${path}`;
  if (route === 'GET /v2/connect/connectors') return { connectors: [{ ...CONNECTOR, name: 'Acme' }] };
  if (route === 'GET /v9/projects/acme') return { id: 'prj_1', name: 'acme' };
  if (!route.startsWith('POST /v1/connect/token/')) return undefined;
  return {
    token: `host-token-${issued}`,
    tokenId: `stk_${issued}`,
    expiresAt: Date.now() + TOKEN_LIFE_MS,
    connector: CONNECTOR,
    name: 'Acme',
  };
}

const CONNECTOR = { id: 'scl_1', type: 'slack', uid: 'slack/acme' };

function recordOf(request: IncomingMessage): RecordedRequest {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  return {
    method: request.method ?? '',
    path: decodeURIComponent(pathname),
    query: Object.fromEntries(searchParams),
    authorization: request.headers.authorization,
    userAgent: request.headers['user-agent'],
  };
}

/** Answers a browser's preflight: `*` does not cover `authorization`. */
function allowBrowsers(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE');
  const asked = request.headers['access-control-request-headers'];
  if (asked !== undefined) response.setHeader('access-control-allow-headers', asked);
}

function end(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function endHtml(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>host</title>');
}

function address(server: Server): AddressInfo {
  const found = server.address();
  if (found === null || typeof found === 'string') throw new Error('the server listens on no port');
  return found;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
