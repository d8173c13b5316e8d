import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnectClient } from '../../src/connect/index.js';
import { APP, CONNECTOR, countedToken, createUpstream, settle } from '../connect/helpers.js';
import { forkProgram } from './children.js';
import { CLIENT_KINDS, KEYS, startFleet, startTestRedis, until } from './fleet.js';
import { createMemoryData, createMemoryStore, type Pace } from './memory-store.js';
import { hasServer } from './redis-server.js';
import { countListeners } from './topologies.js';

const MESSAGES = 'vercel-rest:messages';
const answer: typeof countedToken = (request, index) =>
  request.method === 'DELETE' ? new Response(null, { status: 204 }) : countedToken(request, index);

describe.skipIf(!hasServer()).each(CLIENT_KINDS)('a client with a store, over one of %s', (kind) => {
  it('keeps no process alive', async () => {
    const server = await startTestRedis();
    const child = await forkProgram('exit-child', { url: server.url, kind, keys: KEYS });
    onTestFinished(() => void child.kill('SIGKILL'));
    let code: number | null | undefined;
    child.once('exit', (given) => {
      code = given;
    });
    await until(() => code !== undefined);
    expect(code).toBe(0);
  });

  it('that is closed has told the store all, listens no more, and does so when it is used again', async () => {
    const server = await startTestRedis();
    const { clients, requests } = await startFleet(server.url, 2, answer, { kind });
    const [one, two] = clients;
    const listeners = (count: number) =>
      until(async () => (await countListeners({ servers: [server] }, MESSAGES)) === count);
    await one?.getToken(CONNECTOR, APP);
    await listeners(1);
    // Nobody waits for it but the end.
    one?.deleteTokenCacheEntry(CONNECTOR, APP);
    await one?.close();
    expect(await two?.getToken(CONNECTOR, APP), 'what was stored is over').toBe('token-2');
    await listeners(1);
    await two?.close();
    await listeners(0);
    expect(await one?.getToken(CONNECTOR, APP)).toBe('token-2');
    await listeners(1);
    expect(requests).toHaveLength(2);
  });
});

describe('closing a client', () => {
  it('takes until the store knows what has ended', async () => {
    const done: string[] = [];
    const operate: Pace['operate'] = async (name, work) => {
      for (let turn = 0; turn < 5; turn++) await settle();
      done.push(name);
      return work();
    };
    const store = createMemoryStore(createMemoryData(), { operate, deliver: (work) => work() });
    const { fetch } = createUpstream();
    const client = createConnectClient({ bearerToken: 'any', fetch, cache: { store } });
    await client.getToken(CONNECTOR, APP);
    client.deleteTokenCacheEntry(CONNECTOR, APP);
    expect(done).not.toContain('replace');
    await client.close();
    expect(done).toContain('replace');
  });

  it('without a store does nothing', async () => {
    await expect(createConnectClient({ bearerToken: 'any' }).close()).resolves.toBeUndefined();
  });
});
