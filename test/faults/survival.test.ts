import { describe, expect, it } from 'vitest';
import { COMMON_FAULTS } from '../helpers/fault-catalog.js';
import { GOOD_LIST, GOOD_TOKEN, good } from '../helpers/fault-catalog-steps.js';
import { withFaultServer } from '../helpers/fault-server.js';
import { APP, connectClient, createPool, restClient, warmUp } from './helpers.js';

// Less than the default 10 s, so that a stall is over sooner; everything else is as a user gets it.
const TIMEOUT_MS = 2_000;
const faults = Object.entries(COMMON_FAULTS);
const pooled = createPool(4);

describe('the common faults', () => {
  it('are 24', () => {
    expect(faults).toHaveLength(24);
  });
});

describe.concurrent('a REST GET survives', () => {
  it.each(faults)('%s', async (_, steps) => {
    await pooled(() =>
      withFaultServer(
        () => good,
        async (server) => {
          await warmUp(server);
          server.play(steps, good);
          const { data } = await restClient(server, { timeout: TIMEOUT_MS }).GET('/v2/connect/connectors');
          expect(data).toEqual(GOOD_LIST);
          // One more than the faults: each was really met, and nothing was sent beside.
          expect(server.requests.map(({ method }) => method)).toEqual(['GET', ...steps.map(() => 'GET')]);
        },
      ),
    );
  });
});

describe.concurrent('a token call survives', () => {
  it.each(faults)('%s', async (_, steps) => {
    await pooled(() =>
      withFaultServer(
        () => good,
        async (server) => {
          await warmUp(server);
          server.play(steps, good);
          const connect = connectClient(server, TIMEOUT_MS);
          expect(await connect.getToken('slack/acme-slack', APP)).toBe(GOOD_TOKEN.token);
          expect(server.requests.map(({ method }) => method)).toEqual(['POST', ...steps.map(() => 'POST')]);
          // Every attempt carries the whole request.
          expect(new Set(server.requests.map(({ body }) => body)).size).toBe(1);
          expect(server.requests[0]?.body).toContain('"subject"');
        },
      ),
    );
  });
});
