import type { ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { createClient, NotFoundError, PermissionDeniedError } from '../../src/index.js';
import { followEvents, type PlatformPaths, platformOperations } from '../../src/platform/index.js';
import { caught } from '../helpers/caught.js';
import { startServer } from '../helpers/loopback-server.js';
import { onVirtualClock, scripted } from './scripted.js';

interface LogEvent {
  readonly type: string;
  readonly created: number;
  readonly payload: {
    readonly id: string;
    readonly text?: string;
    readonly info?: { readonly readyState: string };
  };
}

const START = 1_790_000_000_000;

function logOf(count: number): LogEvent[] {
  // Seven events share each millisecond, and every hundredth is 400 ms older than its neighbours.
  const lines = Array.from({ length: count - 1 }, (_, number) => ({
    type: 'stdout',
    created: START + Math.floor(number / 7) - (number % 100 === 99 ? 400 : 0),
    payload: { id: `event-${number}`, text: `line ${number}` },
  }));
  const last = {
    type: 'deployment-state',
    created: START + count,
    payload: { id: 'last', info: { readyState: 'READY' } },
  };
  return [...lines, last];
}

/**
 * An API whose log grows with each connection, and whose connections end before their time: clean, reset, or inside a line.
 */
async function serveLog(log: readonly LogEvent[], disconnects: number) {
  let connections = 0;
  let state = 'BUILDING';
  const server = await startServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    if (!url.pathname.endsWith('/events')) {
      const body = {
        id: 'dpl_1',
        name: 'p',
        url: 'p.vercel.app',
        createdAt: 1,
        readyState: state,
        aliasAssigned: false,
      };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
      return;
    }
    const since = Number(url.searchParams.get('since') ?? 0);
    connections += 1;
    const isWhole = connections > disconnects;
    const known = isWhole ? log : log.slice(0, Math.ceil((log.length * connections) / (disconnects + 1)));
    if (isWhole) state = 'READY';
    const lines = known
      .filter(({ created }) => created >= since)
      .map((event) => `${JSON.stringify(event)}\n`);
    response.setHeader('content-type', 'application/stream+json');
    end(response, lines, isWhole ? 'clean' : (['clean', 'reset', 'cut'] as const)[connections % 3]);
  });
  return { server, connections: () => connections };
}

function end(
  response: ServerResponse,
  lines: readonly string[],
  how: 'clean' | 'reset' | 'cut' | undefined,
): void {
  if (how === 'cut') response.end(lines.join('').slice(0, -10));
  else if (how === 'clean') response.end(lines.join(''));
  else response.write(lines.join(''), () => response.destroy());
}

const clientOf = (baseUrl: string) =>
  createClient<PlatformPaths>({ operations: platformOperations, baseUrl, bearerToken: 'token' });

describe('followEvents', () => {
  it('gives 10 000 events once each and in order, through 20 disconnects', async () => {
    const log = logOf(10_000);
    const { server, connections } = await serveLog(log, 20);
    const reasons: unknown[] = [];
    const options = { every: 1, onReconnect: (reason: unknown) => void reasons.push(reason) };
    const ids: (string | undefined)[] = [];
    for await (const event of followEvents(clientOf(server.url), 'dpl_1', options))
      ids.push(event.payload?.id);
    expect(ids).toEqual(log.map(({ payload }) => payload.id));
    expect(connections()).toBe(21);
    expect(reasons).toHaveLength(20);
  });

  it('reads a log that has ended to its end, where no event says that it has', async () => {
    const log = logOf(50).slice(0, -1);
    const { server } = await serveLog(log, 0);
    const ids: (string | undefined)[] = [];
    for await (const event of followEvents(clientOf(server.url), 'dpl_1')) ids.push(event.payload?.id);
    expect(ids).toHaveLength(49);
  });

  it('begins where it is told to', async () => {
    const log = logOf(50);
    const { server } = await serveLog(log, 0);
    const texts: (string | undefined)[] = [];
    for await (const event of followEvents(clientOf(server.url), 'dpl_1', { since: START + 6 }))
      texts.push(event.payload?.text);
    expect(texts[0]).toBe('line 42');
  });

  it('goes on after many connections that brought nothing, and one that failed then', async () => {
    let connections = 0;
    const last = logOf(2);
    const server = await startServer((request, response) => {
      response.setHeader('content-type', 'application/stream+json');
      if (!request.url?.includes('/events')) {
        const facts = { id: 'dpl_1', name: 'p', url: 'p.vercel.app', createdAt: 1, aliasAssigned: false };
        response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify({ ...facts, readyState: 'BUILDING' }));
        return;
      }
      connections += 1;
      if (connections <= 12) response.end();
      else if (connections === 13) response.writeHead(200).flushHeaders();
      else response.end(last.map((event) => `${JSON.stringify(event)}\n`).join(''));
      if (connections === 13) response.destroy();
    });
    const ids: unknown[] = [];
    for await (const event of followEvents(clientOf(server.url), 'dpl_1', { every: 0.01 }))
      ids.push(event.payload?.id);
    expect(ids).toHaveLength(2);
    expect(connections).toBe(14);
  });

  it('goes on after a 404 for 30 s, however often it connects, and ends then', async () => {
    vi.useFakeTimers();
    try {
      const { client, calls } = scripted({});
      const startedAt = performance.now();
      const first = followEvents(client, 'dpl_1', { every: 1_000 })[Symbol.asyncIterator]().next();
      await caught(onVirtualClock(first), NotFoundError);
      const tookMs = performance.now() - startedAt;
      expect(tookMs).toBeGreaterThanOrEqual(30_000);
      expect(tookMs).toBeLessThan(32_000);
      expect(calls.length).toBeGreaterThan(5);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends at once at an abort', async () => {
    const server = await startServer((_request, response) => {
      response.setHeader('content-type', 'application/stream+json');
      response.write(`${JSON.stringify(logOf(2)[0])}\n`);
    });
    const controller = new AbortController();
    const read = async () => {
      for await (const _ of followEvents(clientOf(server.url), 'dpl_1', { signal: controller.signal }))
        controller.abort(new Error('enough'));
    };
    await expect(read()).rejects.toThrow('enough');
  });

  it('does not go on after a response that says no', async () => {
    let requests = 0;
    const server = await startServer((_request, response) => {
      requests += 1;
      response
        .writeHead(403, { 'content-type': 'application/json' })
        .end('{"error":{"code":"forbidden","message":"no"}}');
    });
    const read = async () => {
      for await (const _ of followEvents(clientOf(server.url), 'dpl_1'));
    };
    await caught(read(), PermissionDeniedError);
    expect(requests).toBe(1);
  });
});
