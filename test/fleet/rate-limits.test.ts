import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from '../../src/index.js';
import { limited, type PlatformPaths, platformOperations } from '../../src/platform/index.js';
import { createRedisRateLimits } from '../../src/redis/index.js';
import { type ApiLimit, createLimitedApi } from '../platform/limited-api.js';
import { forkProgram } from './children.js';
import { CLIENT_KINDS, connectRedis, startTestRedis } from './fleet.js';
import type { LimitsTask } from './limits-child.js';
import { hasServer } from './redis-server.js';

/** Short, since these windows are of real time. */
const WINDOW_MS = 4_000;

async function serveApi(limits: readonly ApiLimit[]) {
  const api = createLimitedApi(limits, 10);
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = 'GET', url = '/' } = incoming;
    const body = chunks.length > 0 ? Buffer.concat(chunks) : null;
    const response = await api.fetch(`http://localhost${url}`, {
      method,
      body,
      headers: {},
      redirect: 'manual',
    });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on TCP has an address with a port.
  return { api, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe.runIf(hasServer())('rate limits that two processes share', () => {
  it('lets 500 variables and 300 project updates through without a refusal', async () => {
    const { api, url } = await serveApi([
      { matches: /env$/, limit: 200, windowMs: WINDOW_MS },
      { matches: /^PATCH/, limit: 120, windowMs: WINDOW_MS },
    ]);
    const { url: redisUrl } = await startTestRedis();
    const task: LimitsTask = { redisUrl, apiUrl: url, variables: 250, projects: 150 };
    const reports = await Promise.all(
      [1, 2].map(async () => {
        const child = await forkProgram('limits-child', task);
        onTestFinished(() => void child.kill('SIGKILL'));
        return (await once(child, 'message'))[0];
      }),
    );
    expect(reports).toEqual([
      { right: 400, of: 400 },
      { right: 400, of: 400 },
    ]);
    expect(api.seen).toHaveLength(800);
    expect(api.seen.filter(({ status }) => status === 429)).toEqual([]);
  }, 120_000);

  it.each(CLIENT_KINDS)(
    'learns from a refusal that names no limit, over %s',
    async (kind) => {
      const { api, url } = await serveApi([
        { matches: /env$/, limit: 30, windowMs: WINDOW_MS, headers: 'retry-after' },
      ]);
      const server = await startTestRedis();
      const members = await Promise.all(
        [1, 2].map(async () => {
          const limits = createRedisRateLimits({
            client: await connectRedis(server.url, kind),
            scope: 'team',
          });
          const client = createClient<PlatformPaths>({
            operations: platformOperations,
            baseUrl: url,
            bearerToken: 't',
          });
          return limited(client, { concurrency: 5, limits });
        }),
      );
      const path = { idOrName: 'storefront' };
      const send = (bulk: (typeof members)[number]) =>
        bulk.each(Array.from({ length: 40 }), () =>
          bulk.GET('/v10/projects/{idOrName}/env', { params: { path } }),
        );
      const results = (await Promise.all(members.map(send))).flat();
      expect(results.every(({ ok }) => ok)).toBe(true);
      const first = api.seen.find(({ status }) => status === 429)?.at ?? 0;
      expect(api.seen.filter(({ status, at }) => status === 429 && at > first + 1_000)).toEqual([]);
    },
    120_000,
  );

  it('goes on without Redis', async () => {
    const { api, url } = await serveApi([{ matches: /env$/, limit: 20, windowMs: WINDOW_MS }]);
    const server = await startTestRedis();
    const limits = createRedisRateLimits({ client: await connectRedis(server.url), scope: 'team' });
    await server.kill();
    const client = createClient<PlatformPaths>({
      operations: platformOperations,
      baseUrl: url,
      bearerToken: 't',
    });
    const bulk = limited(client, { concurrency: 5, limits });
    const path = { idOrName: 'storefront' };
    const results = await bulk.each(Array.from({ length: 30 }), () =>
      bulk.GET('/v10/projects/{idOrName}/env', { params: { path } }),
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(api.seen.filter(({ status }) => status === 429)).toEqual([]);
  }, 120_000);
});
