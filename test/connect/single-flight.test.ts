import fc from 'fast-check';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { ConnectTokenParams } from '../../src/connect/index.js';
import {
  APP,
  CONNECTOR,
  countedToken,
  createBench,
  deferred,
  errorAnswer,
  failureOf,
  settle,
  tokenAnswer,
} from './helpers.js';

const PARAMS: ConnectTokenParams = {
  subject: { type: 'user', id: 'user_123', issuer: 'https://login.acme.dev' },
  installationId: 'inst_1',
  scopes: ['a', 'b', 'c', 'd'],
  audience: ['e', 'f', 'g'],
  resources: ['h', 'i', 'j'],
};

/** The same parameters with fields and set-like arrays in another order. */
function shuffled(params: ConnectTokenParams): fc.Arbitrary<ConnectTokenParams> {
  const shuffle = <T>(items: readonly T[]) =>
    fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
  return fc
    .tuple(shuffle(Object.entries(params)), shuffle(Object.entries(params.subject)))
    .chain(([fields, subject]) =>
      fc
        .tuple(...fields.map(([, value]) => (Array.isArray(value) ? shuffle(value) : fc.constant(value))))
        .map((values) => ({
          ...(Object.fromEntries(fields.map(([name], index) => [name, values[index]])) as object),
          subject: Object.fromEntries(subject) as unknown as ConnectTokenParams['subject'],
        })),
    );
}

const fieldsInOrder = (params: ConnectTokenParams) => JSON.stringify(params);

it('1 000 parallel cold calls make one request', async () => {
  const { client, requests } = createBench();
  const calls = Array.from({ length: 1_000 }, () => client.getToken(CONNECTOR, APP));
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['token-1']));
  expect(requests).toHaveLength(1);
});

it('1 000 parallel calls with fields and sets in another order each make one request', async () => {
  const { client, requests } = createBench();
  const variants = fc.sample(shuffled(PARAMS), { numRuns: 1_000, seed: 20 });
  expect(new Set(variants.map(fieldsInOrder)).size, 'the sample does shuffle').toBeGreaterThan(900);
  const tokens = await Promise.all(variants.map((params) => client.getToken(CONNECTOR, params)));
  expect(new Set(tokens)).toEqual(new Set(['token-1']));
  expect(requests).toHaveLength(1);
});

it('callers who come while the request is under way join it', async () => {
  const gate = deferred<Response>();
  const { client, requests, arrived } = createBench(() => gate.promise);
  const first = client.getToken(CONNECTOR, APP);
  await arrived(1);
  const later = [client.getToken(CONNECTOR, APP), client.getTokenResponse(CONNECTOR, APP)];
  gate.resolve(tokenAnswer({ token: 'shared' }));
  expect(await first).toBe('shared');
  expect(await Promise.all(later)).toEqual(['shared', expect.objectContaining({ token: 'shared' })]);
  expect(requests).toHaveLength(1);
});

it('parallel calls for different tokens do not wait for each other', async () => {
  const gate = deferred<Response>();
  const { client, arrived } = createBench((request, index) =>
    index === 0 ? gate.promise : countedToken(request, index),
  );
  const slow = client.getToken(CONNECTOR, APP);
  await arrived(1);
  expect(await client.getToken(CONNECTOR, PARAMS)).toBe('token-2');
  expect(await client.getToken(CONNECTOR, APP, { vercelToken: 'caller-two' })).toBe('token-3');
  gate.resolve(tokenAnswer({ token: 'slow' }));
  expect(await slow).toBe('slow');
});

it('a failed flight gives its error to all its waiters and is not cached', async () => {
  const { client, requests } = createBench((request, index) =>
    index === 0 ? errorAnswer(422, 'invalid_scope') : countedToken(request, index),
  );
  const calls = Array.from({ length: 100 }, () => failureOf(client.getToken(CONNECTOR, APP), Error));
  for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'invalid_scope' });
  expect(requests).toHaveLength(1);
  expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
});

it('a network failure is shared the same way and is not cached', async () => {
  const { client, requests } = createBench((request, index) => {
    if (index === 0) throw new TypeError('fetch failed');
    return countedToken(request, index);
  });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, () => client.getToken(CONNECTOR, APP)),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'rejected'));
  expect(requests).toHaveLength(1);
  expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
});

it('a call straight after a failure, in the same turn, starts a flight of its own', async () => {
  const { client } = createBench((request, index) =>
    index === 0 ? errorAnswer(422, 'invalid_scope') : countedToken(request, index),
  );
  const second = client.getToken(CONNECTOR, APP).catch(() => client.getToken(CONNECTOR, APP));
  expect(await second).toBe('token-2');
});

it('each round of expiry makes one request, however many callers', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { client, requests } = createBench((_request, index) =>
    tokenAnswer({ token: `token-${index + 1}`, expiresAt: Date.now() + 1_000 }),
  );
  for (let round = 1; round <= 3; round++) {
    vi.setSystemTime(Date.now() + 1_000);
    const calls = Array.from({ length: 20 }, () => client.getToken(CONNECTOR, APP));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([`token-${round}`]));
    expect(requests).toHaveLength(round);
  }
});

it('what fails in passing is repeated once for all who wait', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { client, requests, arrived } = createBench(
    (request, index) => (index < 3 ? errorAnswer(503) : countedToken(request, index)),
    { maxRetries: undefined },
  );
  const calls = Promise.all(Array.from({ length: 100 }, () => client.getToken(CONNECTOR, APP)));
  for (let attempt = 1; attempt <= 3; attempt++) {
    await arrived(attempt);
    await settle();
    await vi.advanceTimersByTimeAsync(8_000);
  }
  expect(new Set(await calls)).toEqual(new Set(['token-4']));
  expect(requests, 'four attempts are the default').toHaveLength(4);
});
