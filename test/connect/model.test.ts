import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { interleavings, play, walks } from './model-run.js';

/** Steps of one walk: long enough for tokens to be cached, renewed, dropped and asked for again. */
const LENGTH = 200;
/** 20 000 steps in every run of the suite; `npm run soak` takes a million. */
const STEPS = Number(process.env.CACHE_STEPS ?? 20_000);

/** Orders of asking, revoking and answering; ten thousand in the long form. */
const INTERLEAVINGS = STEPS / 100;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it(`whatever happens in ${STEPS} steps, nobody gets a token that is another's, revoked, dropped or dead`, {
  timeout: 1_800_000,
}, async () => {
  let served = 0;
  await fc.assert(
    fc.asyncProperty(walks(LENGTH), async (steps) => {
      served += await play(steps);
    }),
    { seed: 20_261_124, numRuns: STEPS / LENGTH },
  );
  expect(served).toBeGreaterThan(STEPS / 10);
});

it(`in ${INTERLEAVINGS} interleavings no token is served after its revocation has returned`, {
  timeout: 1_800_000,
}, async () => {
  let served = 0;
  await fc.assert(
    fc.asyncProperty(interleavings, async (steps) => {
      served += await play(steps);
    }),
    { seed: 7, numRuns: INTERLEAVINGS },
  );
  expect(served).toBeGreaterThan(INTERLEAVINGS);
});
