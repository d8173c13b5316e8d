import { describe, expect, it } from 'vitest';
import type { ConnectClient } from '../../src/connect/index.js';
import {
  APP,
  CONNECTOR,
  countedToken,
  createBench,
  deferred,
  HOUR,
  MINUTE,
  settle,
  tokenAnswer,
} from './helpers.js';

/** The first answer is held back until it is released. */
function createHeldBench() {
  const gate = deferred<Response>();
  const bench = createBench((request, index) => (index === 0 ? gate.promise : countedToken(request, index)));
  return { ...bench, release: (token: string) => gate.resolve(tokenAnswer({ token })) };
}

const REASON = new Error('the user went away');

describe('waiting for a token', () => {
  it('an aborting waiter gets its own reason, at once, and leaves the others alone', async () => {
    const { client, requests, arrived, release } = createHeldBench();
    const controllers = [new AbortController(), new AbortController()];
    const reasons = [new Error('first went away'), 'second went away'];
    const leaving = controllers.map(({ signal }) => client.getToken(CONNECTOR, APP, { signal }));
    const patient = new AbortController();
    const staying = [
      client.getToken(CONNECTOR, APP),
      client.getToken(CONNECTOR, APP, { signal: patient.signal }),
    ];
    await arrived(1);
    controllers.forEach((controller, index) => {
      controller.abort(reasons[index]);
    });
    const outcomes = await Promise.allSettled(leaving);
    expect(outcomes).toEqual(reasons.map((reason) => ({ status: 'rejected', reason })));
    expect(requests[0]?.signal.aborted).toBe(false);
    release('shared');
    expect(await Promise.all(staying)).toEqual(['shared', 'shared']);
    expect(requests).toHaveLength(1);
  });

  it('the one who started the request may leave without ending it', async () => {
    const { client, requests, arrived, release } = createHeldBench();
    const controller = new AbortController();
    const starter = client.getToken(CONNECTOR, APP, { signal: controller.signal });
    await arrived(1);
    const joiner = client.getToken(CONNECTOR, APP);
    await settle();
    controller.abort(REASON);
    await expect(starter).rejects.toBe(REASON);
    release('shared');
    expect(await joiner).toBe('shared');
    expect(requests).toHaveLength(1);
  });

  it('the last one leaving cancels the request', async () => {
    const { client, requests, arrived } = createHeldBench();
    const controllers = [new AbortController(), new AbortController()];
    const outcomes = Promise.allSettled(
      controllers.map(({ signal }) => client.getToken(CONNECTOR, APP, { signal })),
    );
    await arrived(1);
    controllers[0]?.abort(REASON);
    await settle();
    expect(requests[0]?.signal.aborted).toBe(false);
    controllers[1]?.abort(REASON);
    expect(await outcomes).toEqual(controllers.map(() => ({ status: 'rejected', reason: REASON })));
    expect(requests[0]?.signal.aborted).toBe(true);
  });

  it('a caller after the last one left starts a request of its own, in the same turn', async () => {
    const { client, requests, arrived, release } = createHeldBench();
    const controller = new AbortController();
    const leaving = client.getToken(CONNECTOR, APP, { signal: controller.signal });
    await arrived(1);
    controller.abort(REASON);
    const next = client.getToken(CONNECTOR, APP);
    await expect(leaving).rejects.toBe(REASON);
    expect(await next).toBe('token-2');
    release('too late');
    await settle();
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
    expect(requests).toHaveLength(2);
  });

  it('a cancelled request stores nothing, even where its fetch goes on regardless', async () => {
    const { client, requests, arrived, release } = createHeldBench();
    const controller = new AbortController();
    const leaving = client.getToken(CONNECTOR, APP, { signal: controller.signal });
    await arrived(1);
    controller.abort(REASON);
    await expect(leaving).rejects.toBe(REASON);
    release('too late');
    await settle();
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
    expect(requests).toHaveLength(2);
  });

  it('a cancelled renewal leaves the entry that it was to renew', async () => {
    const held = deferred<Response>();
    const { client, arrived } = createBench((request, index) =>
      index === 1 ? held.promise : countedToken(request, index),
    );
    await client.getToken(CONNECTOR, APP);
    const controller = new AbortController();
    const renewal = client.getToken(
      CONNECTOR,
      { ...APP, validityBufferMs: 2 * HOUR },
      { signal: controller.signal },
    );
    await arrived(2);
    controller.abort(REASON);
    await expect(renewal).rejects.toBe(REASON);
    await settle();
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
  });

  it('can be left again while waiting for the further call', async () => {
    const second = deferred<Response>();
    const { client, requests, arrived } = createBench((_request, index) =>
      index === 0 ? tokenAnswer({ expiresAt: Date.now() + MINUTE }) : second.promise,
    );
    const controller = new AbortController();
    const ordinary = client.getToken(CONNECTOR, APP);
    const demanding = client.getToken(
      CONNECTOR,
      { ...APP, validityBufferMs: HOUR },
      { signal: controller.signal },
    );
    await arrived(2);
    expect(await ordinary).toBe('token-1');
    controller.abort(REASON);
    await expect(demanding).rejects.toBe(REASON);
    expect(requests[1]?.signal.aborted).toBe(true);
  });

  it('a signal that fires after the answer changes nothing', async () => {
    const { client, requests } = createBench();
    const controller = new AbortController();
    expect(await client.getToken(CONNECTOR, APP, { signal: controller.signal })).toBe('token-1');
    controller.abort(REASON);
    await settle();
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
    expect(requests).toHaveLength(1);
  });

  it('the default reason of a signal passes through as it is', async () => {
    const { client, arrived } = createHeldBench();
    const controller = new AbortController();
    const leaving = client.getToken(CONNECTOR, APP, { signal: controller.signal });
    await arrived(1);
    controller.abort();
    await expect(leaving).rejects.toBe(controller.signal.reason);
  });

  // reliability.md section 2: an abort rejects in every phase, and asking for a credential can take seconds.
  it('an abort while the bearer function is pending rejects at once', async () => {
    const { client } = createBench(undefined, { bearerToken: () => deferred<string>().promise });
    const controller = new AbortController();
    let reason: unknown;
    client.getToken(CONNECTOR, APP, { signal: controller.signal }).catch((error: unknown) => {
      reason = error;
    });
    await settle();
    controller.abort(REASON);
    await settle();
    expect(reason).toBe(REASON);
  });
});

describe('every function', () => {
  const calls: [string, (client: ConnectClient, signal: AbortSignal) => Promise<unknown>][] = [
    ['getToken', (client, signal) => client.getToken(CONNECTOR, APP, { signal })],
    ['getTokenResponse', (client, signal) => client.getTokenResponse(CONNECTOR, APP, { signal })],
    ['revokeToken', (client, signal) => client.revokeToken(CONNECTOR, APP, { signal })],
    ['importTokens', (client, signal) => client.importTokens(CONNECTOR, [], { signal })],
    ['getConnectorMetadata', (client, signal) => client.getConnectorMetadata(CONNECTOR, { signal })],
  ];

  it.each(calls)(
    '%s with an aborted signal rejects with its reason and sends nothing',
    async (_name, call) => {
      const { client, requests } = createBench();
      await expect(call(client, AbortSignal.abort(REASON))).rejects.toBe(REASON);
      expect(requests).toHaveLength(0);
    },
  );

  it.each(calls)('%s can be aborted under way', async (_name, call) => {
    const { client, requests, arrived } = createHeldBench();
    const controller = new AbortController();
    const pending = call(client, controller.signal);
    await arrived(1);
    controller.abort(REASON);
    await expect(pending).rejects.toBe(REASON);
    expect(requests[0]?.signal.aborted).toBe(true);
  });

  it('getToken with an aborted signal is not even served from the cache', async () => {
    const { client } = createBench();
    await client.getToken(CONNECTOR, APP);
    const signal = AbortSignal.abort(REASON);
    await expect(client.getToken(CONNECTOR, APP, { signal })).rejects.toBe(REASON);
  });
});
