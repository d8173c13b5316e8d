import { describe, expect, it } from 'vitest';
import type { ConnectTokenParams } from '../../src/connect/index.js';
import {
  APP,
  type Bench,
  CONNECTOR,
  countedToken,
  createBench,
  deferred,
  errorAnswer,
  tokenAnswer,
} from './helpers.js';

const OTHER: ConnectTokenParams = { subject: { type: 'user', id: 'user_123' } };

/** Holds the first answer back until it is released. */
function createHeldBench(): Bench & { release: (answer: Response) => void } {
  const gate = deferred<Response>();
  const bench = createBench((request, index) => (index === 0 ? gate.promise : countedToken(request, index)));
  return { ...bench, release: gate.resolve };
}

describe('entries', () => {
  it('is synchronous and gives nothing back', async () => {
    const { client } = createBench();
    await client.getToken(CONNECTOR, APP);
    const returned: unknown = client.deleteTokenCacheEntry(CONNECTOR, APP);
    const next = client.getToken(CONNECTOR, APP);
    expect(returned).toBeUndefined();
    expect(await next).toBe('token-2');
  });

  it('makes no request', async () => {
    const { client, requests } = createBench();
    await client.getToken(CONNECTOR, APP);
    client.deleteTokenCacheEntry(CONNECTOR, APP);
    expect(requests).toHaveLength(1);
  });

  it('leaves entries of other arguments and connectors', async () => {
    const { client, requests } = createBench();
    await client.getToken(CONNECTOR, APP);
    await client.getToken(CONNECTOR, OTHER);
    await client.getToken('slack/other', APP);
    client.deleteTokenCacheEntry(CONNECTOR, APP);
    expect(await client.getToken(CONNECTOR, OTHER)).toBe('token-2');
    expect(await client.getToken('slack/other', APP)).toBe('token-3');
    expect(requests).toHaveLength(3);
  });

  it('finds the entry whatever the order, the spelled-out default scopes and the buffer', async () => {
    const { client } = createBench();
    await client.getToken(CONNECTOR, { ...OTHER, audience: ['a', 'b'] });
    client.deleteTokenCacheEntry(CONNECTOR, {
      validityBufferMs: 5,
      audience: ['b', 'a'],
      scopes: ['*'],
      subject: { id: 'user_123', type: 'user' },
    });
    expect(await client.getToken(CONNECTOR, { ...OTHER, audience: ['a', 'b'] })).toBe('token-2');
  });

  it('drops the entries of every caller and region', async () => {
    const { client, requests } = createBench();
    const ways = [
      {},
      { vercelToken: 'caller-two' },
      { region: 'sfo1' },
      { vercelToken: 'caller-two', region: 'fra1' },
    ];
    for (const way of ways) await client.getToken(CONNECTOR, APP, way);
    client.deleteTokenCacheEntry(CONNECTOR, APP);
    for (const way of ways) await client.getToken(CONNECTOR, APP, way);
    expect(requests).toHaveLength(2 * ways.length);
  });

  it("with a vercelToken drops that caller's entries alone, in every region", async () => {
    const { client, requests } = createBench();
    const kept = [{}, { vercelToken: 'caller-three' }];
    const dropped = [{ vercelToken: 'caller-two' }, { vercelToken: 'caller-two', region: 'sfo1' }];
    for (const way of [...kept, ...dropped]) await client.getToken(CONNECTOR, APP, way);
    client.deleteTokenCacheEntry(CONNECTOR, APP, { vercelToken: 'caller-two' });
    for (const way of kept) await client.getToken(CONNECTOR, APP, way);
    expect(requests, 'the others are still served').toHaveLength(4);
    for (const way of dropped) await client.getToken(CONNECTOR, APP, way);
    expect(requests).toHaveLength(6);
  });

  it("a vercelToken that is the client's own bearer means the client's own entry", async () => {
    const { client } = createBench();
    await client.getToken(CONNECTOR, APP);
    client.deleteTokenCacheEntry(CONNECTOR, APP, { vercelToken: 'caller-one' });
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
  });

  it('an unknown entry is a no-op', async () => {
    const { client, requests } = createBench();
    client.deleteTokenCacheEntry(CONNECTOR, APP);
    await client.getToken(CONNECTOR, APP);
    client.deleteTokenCacheEntry(CONNECTOR, OTHER);
    client.deleteTokenCacheEntry(CONNECTOR, APP, { vercelToken: 'never-seen' });
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
    expect(requests).toHaveLength(1);
  });
});

describe('a flight under way', () => {
  it('stores nothing, and its waiter gets a fresh token', async () => {
    const { client, requests, arrived, release } = createHeldBench();
    const waiter = client.getToken(CONNECTOR, APP);
    await arrived(1);
    client.deleteTokenCacheEntry(CONNECTOR, APP);
    release(tokenAnswer({ token: 'rejected by the provider' }));
    expect(await waiter).toBe('token-2');
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
    expect(requests).toHaveLength(2);
  });

  it('all its waiters share one fresh call', async () => {
    const { client, requests, arrived, release } = createHeldBench();
    const waiters = Array.from({ length: 100 }, () => client.getToken(CONNECTOR, APP));
    await arrived(1);
    client.deleteTokenCacheEntry(CONNECTOR, APP);
    release(tokenAnswer({ token: 'rejected by the provider' }));
    expect(new Set(await Promise.all(waiters))).toEqual(new Set(['token-2']));
    expect(requests).toHaveLength(2);
  });

  it('is not joined by a caller who comes after the deletion', async () => {
    const { client, arrived, release } = createHeldBench();
    const waiter = client.getToken(CONNECTOR, APP);
    await arrived(1);
    client.deleteTokenCacheEntry(CONNECTOR, APP);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
    release(tokenAnswer({ token: 'rejected by the provider' }));
    expect(await waiter).not.toBe('rejected by the provider');
    expect(await client.getToken(CONNECTOR, APP)).not.toBe('rejected by the provider');
  });

  // reliability.md section 4, rule 5: its waiters get one fresh call; here that call has been made already.
  it('its waiters take the token that was fetched and stored after the deletion', async () => {
    const { client, requests, arrived, release } = createHeldBench();
    const waiter = client.getToken(CONNECTOR, APP);
    await arrived(1);
    client.deleteTokenCacheEntry(CONNECTOR, APP);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
    release(tokenAnswer({ token: 'rejected by the provider' }));
    expect(await waiter).toBe('token-2');
    expect(requests).toHaveLength(2);
  });

  it('gives its error to its waiters when the fresh call fails', async () => {
    const gate = deferred<Response>();
    const { client, arrived } = createBench((_request, index) =>
      index === 0 ? gate.promise : errorAnswer(422, 'no_token'),
    );
    const waiter = client.getToken(CONNECTOR, APP);
    await arrived(1);
    client.deleteTokenCacheEntry(CONNECTOR, APP);
    gate.resolve(tokenAnswer());
    await expect(waiter).rejects.toMatchObject({ code: 'no_token' });
  });

  it('is fetched afresh as often as it is overtaken', async () => {
    const gates = [deferred<Response>(), deferred<Response>()];
    const { client, arrived } = createBench(
      (request, index) => gates[index]?.promise ?? countedToken(request, index),
    );
    const waiter = client.getToken(CONNECTOR, APP);
    for (const [index, gate] of gates.entries()) {
      await arrived(index + 1);
      client.deleteTokenCacheEntry(CONNECTOR, APP);
      gate.resolve(tokenAnswer({ token: 'rejected by the provider' }));
    }
    expect(await waiter).toBe('token-3');
  });

  it.each<[string, (bench: Bench) => void]>([
    ['of other arguments', ({ client }) => client.deleteTokenCacheEntry(CONNECTOR, OTHER)],
    ['of another connector', ({ client }) => client.deleteTokenCacheEntry('slack/other', APP)],
    [
      'of another caller',
      ({ client }) => client.deleteTokenCacheEntry(CONNECTOR, APP, { vercelToken: 'caller-two' }),
    ],
  ])('is not disturbed by a deletion %s', async (_case, deletion) => {
    const bench = createHeldBench();
    const waiter = bench.client.getToken(CONNECTOR, APP);
    await bench.arrived(1);
    deletion(bench);
    bench.release(tokenAnswer({ token: 'token-1' }));
    expect(await waiter).toBe('token-1');
    expect(bench.requests).toHaveLength(1);
  });
});
