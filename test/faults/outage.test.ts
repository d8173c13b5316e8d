import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConnectClient } from '../../src/connect/index.js';
import { createClient, InternalServerError } from '../../src/index.js';
import { apiError } from '../helpers/answers.js';
import { APP, BEARER } from './helpers.js';

const CALLS = 1_000;
/** 1 000 calls, and 15 % on top. */
const MOST_ATTEMPTS = 1_150;

describe('an API that answers 503 alone', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  function down() {
    const fetch = vi.fn(async () => apiError(503));
    return { fetch, options: { bearerToken: BEARER, baseUrl: 'http://127.0.0.1:9', fetch } };
  }

  /** Runs calls in waves, on a clock that does not wait, and counts those that end in a server error. */
  async function fail(call: (number: number) => Promise<unknown>, wave: number): Promise<number> {
    let failed = 0;
    for (let first = 0; first < CALLS; first += wave) {
      const calls = Array.from({ length: wave }, (_, index) => call(first + index));
      const outcomes = Promise.allSettled(calls);
      await vi.runAllTimersAsync();
      for (const outcome of await outcomes) {
        if (outcome.status === 'rejected' && outcome.reason instanceof InternalServerError) failed += 1;
      }
    }
    return failed;
  }

  it.each([1, 50, CALLS])('gets at most 1 150 attempts of 1 000 REST calls, %i at a time', async (wave) => {
    const { fetch, options } = down();
    const client = createClient(options);
    expect(await fail(() => client.GET('/v2/connect/connectors'), wave)).toBe(CALLS);
    expect(fetch.mock.calls.length).toBeLessThanOrEqual(MOST_ATTEMPTS);
    // The budget was there, and used.
    expect(fetch.mock.calls.length).toBeGreaterThan(CALLS);
  });

  it('gets at most 1 150 attempts of 1 000 token calls for as many users', async () => {
    const { fetch, options } = down();
    const connect = createConnectClient(options);
    const call = (number: number) =>
      connect.getToken('slack/acme-slack', { subject: { type: 'user', id: `user_${number}` } });
    expect(await fail(call, 50)).toBe(CALLS);
    expect(fetch.mock.calls.length).toBeLessThanOrEqual(MOST_ATTEMPTS);
  });

  it('gets four attempts of 1 000 callers of one token', async () => {
    const { fetch, options } = down();
    const connect = createConnectClient(options);
    expect(await fail(() => connect.getToken('slack/acme-slack', APP), CALLS)).toBe(CALLS);
    expect(fetch).toHaveBeenCalledTimes(4);
  });
});
