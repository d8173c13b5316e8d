import { describe, expect, it } from 'vitest';
import { caught } from '../helpers/caught.js';
import { EXTRA_FAULTS, MAX_BODY_BYTES } from '../helpers/fault-catalog-extra.js';
import type { Outcome } from '../helpers/fault-catalog-outcomes.js';
import { GOOD_CREATED, GOOD_LIST, good } from '../helpers/fault-catalog-steps.js';
import { type FaultServer, withFaultServer } from '../helpers/fault-server.js';
import { createPool, restClient, SLACK_MS, warmUp } from './helpers.js';

const SETTINGS = { timeout: 600, totalTimeout: 5_000, maxBodyBytes: MAX_BODY_BYTES };
const faults = Object.entries(EXTRA_FAULTS);
const pooled = createPool(4);

const list = async (server: FaultServer) =>
  (await restClient(server, SETTINGS).GET('/v2/connect/connectors')).data;

const create = async (server: FaultServer) => {
  const body = { type: 'slack', name: 'New', data: {} } as const;
  return (await restClient(server, SETTINGS).call('createConnector', { body })).data;
};

/** Checks what a call came to: value or error, how often it was sent, and that it kept its deadline. */
async function check(server: FaultServer, call: Promise<unknown>, value: unknown, outcome: Outcome) {
  const startedAt = performance.now();
  if (outcome.error === undefined) expect(await call).toEqual(value);
  else expect(await caught(call, outcome.error)).toMatchObject(outcome.facts);
  expect(server.requests).toHaveLength(outcome.requests);
  expect(performance.now() - startedAt).toBeLessThan(SETTINGS.totalTimeout + 5 * SLACK_MS);
}

const withWarmServer = (use: (server: FaultServer) => Promise<void>) =>
  pooled(() =>
    withFaultServer(
      () => good,
      async (server) => {
        await warmUp(server);
        await use(server);
      },
    ),
  );

describe('the extra faults', () => {
  it('are at least 30', () => {
    expect(faults.length).toBeGreaterThanOrEqual(30);
  });
});

describe.concurrent('a GET whose first answer is bad', () => {
  it.each(faults)('%s', async (_, { step, once }) => {
    await withWarmServer((server) => {
      server.play([step], good);
      return check(server, list(server), GOOD_LIST, once);
    });
  });
});

describe.concurrent('a GET whose answers are all bad', () => {
  it.each(faults)('%s', async (_, { step, always }) => {
    await withWarmServer((server) => {
      server.play([], step);
      return check(server, list(server), GOOD_LIST, always);
    });
  });
});

describe.concurrent('an unsafe POST whose answers are all bad is sent once', () => {
  it.each(faults)('%s', async (_, { step, unsafe }) => {
    await withWarmServer((server) => {
      server.play([], step);
      return check(server, create(server), GOOD_CREATED, unsafe);
    });
  });
});
