// What a store refuses before it asks anything.
import { createClientPool } from 'redis';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/errors/index.js';
import { createRedisRateLimits, createRedisStore } from '../../src/redis/index.js';
import { thrownBy } from '../connect/helpers.js';
import { KEYS } from '../fleet/fleet.js';

const CLIENT = {
  isOpen: true,
  on: () => {},
  duplicate: () => {},
  evalSha: async () => 0,
  eval: async () => 0,
};

/** The error of a store, and of rate limits, for options that a caller without types may write. */
function refusals(options: object) {
  const given = { client: CLIENT, keys: KEYS, scope: 'acme', ...options } as never;
  return [() => createRedisStore(given), () => createRedisRateLimits(given)].map((make) =>
    thrownBy(make, InvalidArgumentError),
  );
}

describe('a store over Redis, and its rate limits', () => {
  it.each([
    [undefined],
    [null],
    ['redis://localhost'],
    [{}],
    [() => {}],
    [{ ...CLIENT, evalSha: 'not a function' }],
  ])('refuse the client %o', (client) => {
    for (const error of refusals({ client })) {
      expect(error.argument).toBe('client');
      expect(error.message).toContain('must be a client of redis 5');
    }
  });

  it('refuse a pool of redis by name', () => {
    for (const error of refusals({ client: createClientPool() })) {
      expect(error.argument).toBe('client');
      expect(error.message).toContain('must not be one of createClientPool');
    }
  });

  it.each([['a{b}'], [''], [' a'], ['a '], ['a'.repeat(101)], [7]])('refuse the prefix %j', (prefix) => {
    for (const error of refusals({ prefix })) {
      expect(error.argument).toBe('prefix');
      expect(error.message).toContain('must be 1 to 100 letters');
    }
  });

  it.each([['a'.repeat(100)], ['a-b_c.d:'], [undefined]])('take the prefix %j', (prefix) => {
    expect(createRedisStore({ client: CLIENT, keys: KEYS, prefix })).toBeTypeOf('object');
  });

  it.each([[createRedisStore], [createRedisRateLimits]])('refuse the absence of options: %o', (create) => {
    // What a caller without types may write.
    expect(thrownBy(() => create(undefined as never), InvalidArgumentError).argument).toBe('client');
  });
});
