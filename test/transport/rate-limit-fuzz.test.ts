import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createClient } from '../../src/index.js';
import { apiError, json } from '../helpers/answers.js';
import { answeringFetch } from '../helpers/observed-fetch.js';

const LIST = '/v2/connect/connectors';
const RUNS = 300;

beforeAll(async () => {
  // Loaded by the first 429, in real time.
  await import('../../src/transport/auth/identity.js');
});
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const digits = fc.oneof(
  fc.nat(1_000),
  fc.nat(1e9),
  fc.integer({ min: 0, max: 1e14 }),
  fc.constantFrom(31_536_000, 1e12, 999_999_999_999_999),
);
const date = fc
  .date({ min: new Date(0), max: new Date('2999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((value) => value.toUTCString());
const value = fc.oneof(
  digits.map(String),
  digits.map((number) => `${number}.5`),
  // Near now, in seconds and in milliseconds.
  fc.integer({ min: -100, max: 100_000 }).map((seconds) => String(Math.round(Date.now() / 1_000) + seconds)),
  fc.integer({ min: -1e5, max: 1e8 }).map((ms) => String(Date.now() + ms)),
  date,
  fc.stringMatching(/^[ -~]{0,20}$/),
);
const headers = fc.dictionary(
  fc.constantFrom('retry-after-ms', 'retry-after', 'x-ratelimit-reset', 'date'),
  value,
  { minKeys: 1 },
);
const body = fc.option(
  fc.oneof(digits, digits.map(String), fc.double()).map((reset) => ({ limit: { reset } })),
);

it('after one 429, whatever it says, a server that is well is asked again within 65 s', async () => {
  await fc.assert(
    fc.asyncProperty(headers, body, async (hint, error) => {
      let answered = 0;
      const network = answeringFetch(() =>
        answered++ === 0 ? apiError(429, error ?? {}, hint) : json({ connectors: [] }),
      );
      const client = createClient({ fetch: network.fetch, bearerToken: 'token-1', maxRetries: 0 });
      await client.GET(LIST).catch(() => undefined);
      const next = client.GET(LIST);
      await vi.advanceTimersByTimeAsync(65_000);
      expect((await next).data).toEqual({ connectors: [] });
    }),
    { numRuns: RUNS },
  );
});
