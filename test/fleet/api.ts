import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { tokenFor } from './token-for.js';

/** One request that reached the API. */
export interface ApiCall {
  readonly method: string;
  readonly connector: string;
  readonly bearer: string;
  readonly subject: string;
  /** The process that sent it, as it says itself. */
  readonly pid: number;
}

/** How a {@link FleetApi} behaves. */
export interface ApiOptions {
  /** Time that each answer takes, in milliseconds. Default 20. */
  readonly delayMs?: number;
  /** Life of each token, in milliseconds. Default an hour. */
  readonly lifeMs?: number;
  /** Whether a request is answered with a 503; told its number, from 0. Default never. */
  readonly fails?: (index: number) => boolean;
}

/** A Vercel Connect over HTTP, for other processes, that knows whom each token is for. */
export interface FleetApi {
  readonly url: string;
  /** Token requests in order of arrival. */
  readonly calls: ApiCall[];
  /** Token requests that are not answered yet. */
  readonly pending: ReadonlySet<ApiCall>;
  /** Requests that were answered with a fault. */
  faults: number;
}

/** Starts it on a free port; closed when the test is over. */
export async function startApi(options: ApiOptions = {}): Promise<FleetApi> {
  const pending = new Set<ApiCall>();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  const api: FleetApi = { url: `http://127.0.0.1:${port}`, calls: [], pending, faults: 0 };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await readCall(request);
    if (call.method === 'DELETE') return void response.writeHead(204).end();
    const index = api.calls.push(call) - 1;
    pending.add(call);
    await new Promise((resolve) => setTimeout(resolve, options.delayMs ?? 20));
    pending.delete(call);
    if (options.fails?.(index)) {
      api.faults++;
      response.writeHead(503, { 'content-type': 'application/json' });
      return void response.end('{"error":{"code":"busy","message":"busy"}}');
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(issue(call, port, index, options.lifeMs ?? 3_600_000)));
  }
  return api;
}

function issue(call: ApiCall, port: number, index: number, lifeMs: number): object {
  return {
    token: `${tokenFor(call, port)}.${index}.${Date.now() + lifeMs}`,
    expiresAt: Date.now() + lifeMs,
    connector: { id: 'scl_1', uid: call.connector, type: 'oauth' },
  };
}

async function readCall(request: IncomingMessage): Promise<ApiCall> {
  let text = '';
  for await (const chunk of request) text += chunk;
  const body = JSON.parse(text || '{}');
  return {
    method: request.method ?? '',
    connector: decodeURIComponent(request.url?.split('/')[4] ?? ''),
    bearer: request.headers.authorization?.replace('Bearer ', '') ?? '',
    subject: body.subject?.id ?? '',
    pid: Number(request.headers['x-pid']),
  };
}
