import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConnectClient } from '../../src/connect/index.js';
import { APP, CONNECTOR, countedToken, createUpstream } from '../connect/helpers.js';
import { Interleaving, interleavings } from './interleavings.js';
import { createMemoryData, createMemoryStore } from './memory-store.js';

const RUNS = Number(process.env.FLEET_INTERLEAVINGS ?? 50);

beforeAll(async () => {
  // What a client loads at its first use takes the time that it takes, and no walk waits for it.
  const store = createMemoryStore(createMemoryData());
  const { fetch } = createUpstream();
  await createConnectClient({ bearerToken: 'any', fetch, cache: { store } }).getToken(CONNECTOR, APP);
});
beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each([
  ['with messages', true],
  ['without messages', false],
])('%s', (_, listens) => {
  it(`in ${RUNS} interleavings nobody is served a revoked token who could know of it`, async () => {
    let served = 0;
    await fc.assert(
      fc.asyncProperty(interleavings, async (steps) => {
        const run = new Interleaving(listens);
        for (const one of steps) await run.take(one);
        await run.finish();
        served += run.served;
        // Or every later walk would run the timers of the clients of all before it.
        vi.clearAllTimers();
      }),
      // A walk made shorter is another walk: its steps are chosen among those that there are.
      { numRuns: RUNS, seed: Number(process.env.SEED ?? 7), endOnFailure: true },
    );
    expect(served).toBeGreaterThan(RUNS);
  }, 600_000);
});

describe('a client that nobody tells', () => {
  it('serves what is revoked elsewhere for 5 s at most, and then looks', async () => {
    const data = createMemoryData();
    const upstream = createUpstream((request, index) =>
      request.method === 'DELETE' ? new Response(null, { status: 204 }) : countedToken(request, index),
    );
    const join = () => {
      const store = { ...createMemoryStore(data), subscribe: () => () => {} };
      return createConnectClient({ bearerToken: 'caller-one', fetch: upstream.fetch, cache: { store } });
    };
    const [one, two] = [join(), join()];
    expect(await one.getToken(CONNECTOR, APP)).toBe('token-1');
    expect(await two.getToken(CONNECTOR, APP)).toBe('token-1');
    await one.revokeToken(CONNECTOR, { subject: { type: 'app' } });
    expect(await two.getToken(CONNECTOR, APP), 'nobody has told it').toBe('token-1');
    await vi.advanceTimersByTimeAsync(5_001);
    expect(await two.getToken(CONNECTOR, APP)).toBe('token-3');
    expect(await one.getToken(CONNECTOR, APP)).toBe('token-3');
    // Looking every 5 s costs no request.
    await vi.advanceTimersByTimeAsync(5_001);
    expect(await two.getToken(CONNECTOR, APP)).toBe('token-3');
    expect(upstream.requests).toHaveLength(3);
  });
});
