import { beforeEach, expect, it, vi } from 'vitest';
import {
  type Answer,
  APP,
  CONNECTOR,
  createBench,
  deferred,
  HOUR,
  MINUTE,
  START,
  settle,
  tokenAnswer,
} from './helpers.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
  return () => vi.useRealTimers();
});

/** Each answer is held back until it is released with the life that its token shall have. */
function createPacedBench(validityBufferMs?: number) {
  const gates = Array.from({ length: 5 }, () => deferred<number>());
  const answer: Answer = async (_request, index) => {
    const lifeMs = (await gates[index]?.promise) ?? 0;
    return tokenAnswer({ token: `token-${index + 1}`, expiresAt: START + lifeMs });
  };
  const bench = createBench(answer, { validityBufferMs });
  const ask = (validityBufferMs?: number) =>
    bench.client.getToken(CONNECTOR, {
      ...APP,
      ...(validityBufferMs === undefined ? {} : { validityBufferMs }),
    });
  const land = (flight: number, lifeMs: number) => gates[flight - 1]?.resolve(lifeMs);
  const asked = () => bench.requests.map(({ body }) => (body as Record<string, unknown>).validityBufferMs);
  return { ...bench, ask, land, asked };
}

it('a waiter whose larger buffer the shared answer does not meet makes exactly one further call', async () => {
  const { ask, arrived, land, asked } = createPacedBench();
  const ordinary = ask();
  await arrived(1);
  const demanding = ask(10 * MINUTE);
  land(1, 5 * MINUTE);
  expect(await ordinary).toBe('token-1');
  await arrived(2);
  land(2, HOUR);
  expect(await demanding).toBe('token-2');
  expect(asked()).toEqual([undefined, 10 * MINUTE]);
});

it('the answer of the further call is returned whatever its life', async () => {
  const { ask, arrived, land, requests } = createPacedBench();
  const ordinary = ask();
  await arrived(1);
  const demanding = ask(10 * MINUTE);
  land(1, 5 * MINUTE);
  await arrived(2);
  land(2, MINUTE);
  expect(await demanding).toBe('token-2');
  await ordinary;
  await settle();
  expect(requests).toHaveLength(2);
});

it('the answer of the further call serves later callers', async () => {
  const { ask, arrived, land, requests } = createPacedBench();
  const ordinary = ask();
  await arrived(1);
  const demanding = ask(10 * MINUTE);
  land(1, 5 * MINUTE);
  await arrived(2);
  land(2, HOUR);
  await Promise.all([ordinary, demanding]);
  expect(await ask()).toBe('token-2');
  expect(await ask(10 * MINUTE)).toBe('token-2');
  expect(requests).toHaveLength(2);
});

it.each([
  ['equal buffers', [10, 10, 10]],
  ['rising buffers', [10, 20, 30]],
  ['falling buffers', [30, 20, 10]],
])(
  'several such waiters with %s share one further call, which asks for the longest',
  async (_case, minutes) => {
    const { ask, arrived, land, asked } = createPacedBench();
    const ordinary = ask();
    await arrived(1);
    const demanding = minutes.map((minute) => ask(minute * MINUTE));
    land(1, 5 * MINUTE);
    await arrived(2);
    land(2, 6 * MINUTE);
    expect(await Promise.all(demanding)).toEqual(['token-2', 'token-2', 'token-2']);
    expect(await ordinary).toBe('token-1');
    await settle();
    expect(asked()).toEqual([undefined, Math.max(...minutes) * MINUTE]);
  },
);

it('a waiter whose buffer the shared answer meets makes no further call', async () => {
  const { ask, arrived, land, requests } = createPacedBench();
  const ordinary = ask();
  await arrived(1);
  const contented = ask(10 * MINUTE);
  const demanding = ask(HOUR);
  land(1, 20 * MINUTE);
  expect(await Promise.all([ordinary, contented])).toEqual(['token-1', 'token-1']);
  await arrived(2);
  land(2, 2 * HOUR);
  expect(await demanding).toBe('token-2');
  expect(requests).toHaveLength(2);
});

it('a shared answer with exactly as much life as the buffer does not meet it', async () => {
  const { ask, arrived, land } = createPacedBench();
  const ordinary = ask();
  await arrived(1);
  const demanding = ask(10 * MINUTE);
  land(1, 10 * MINUTE);
  await arrived(2);
  land(2, HOUR);
  expect(await demanding).toBe('token-2');
  await ordinary;
});

it('a waiter whose buffer the flight had asked for takes its answer whatever the life', async () => {
  const { ask, arrived, land, requests } = createPacedBench();
  const first = ask(30 * MINUTE);
  await arrived(1);
  const others = [ask(30 * MINUTE), ask(20 * MINUTE), ask()];
  land(1, MINUTE);
  expect(new Set(await Promise.all([first, ...others]))).toEqual(new Set(['token-1']));
  await settle();
  expect(requests).toHaveLength(1);
});

it('a waiter with a larger buffer than the flight had asked for makes a further call', async () => {
  const { ask, arrived, land, asked } = createPacedBench();
  const first = ask(10 * MINUTE);
  await arrived(1);
  const demanding = ask(30 * MINUTE);
  land(1, 20 * MINUTE);
  expect(await first).toBe('token-1');
  await arrived(2);
  land(2, 20 * MINUTE);
  expect(await demanding).toBe('token-2');
  expect(asked()).toEqual([10 * MINUTE, 30 * MINUTE]);
});

it('one who joins the further call with a still larger buffer makes one of its own', async () => {
  const { ask, arrived, land, asked } = createPacedBench();
  const ordinary = ask();
  await arrived(1);
  const demanding = ask(10 * MINUTE);
  land(1, 5 * MINUTE);
  await arrived(2);
  const extreme = ask(HOUR);
  land(2, 20 * MINUTE);
  await arrived(3);
  land(3, 20 * MINUTE);
  expect(await Promise.all([ordinary, demanding, extreme])).toEqual(['token-1', 'token-2', 'token-3']);
  expect(asked()).toEqual([undefined, 10 * MINUTE, HOUR]);
});

it('a failed shared flight is not followed by a further call', async () => {
  const { client, requests } = createBench(() =>
    Response.json({ error: { code: 'no_token' } }, { status: 422 }),
  );
  const calls = [
    client.getToken(CONNECTOR, APP),
    client.getToken(CONNECTOR, { ...APP, validityBufferMs: HOUR }),
  ];
  const outcomes = await Promise.allSettled(calls);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await settle();
  expect(requests).toHaveLength(1);
});

// The flight asked the API for the client's 30 minutes, so that asking again for 20 can gain nothing.
it("a waiter whose buffer the client's own covers makes no further call", async () => {
  const { ask, arrived, land, requests } = createPacedBench(30 * MINUTE);
  const ordinary = ask();
  await arrived(1);
  const other = ask(20 * MINUTE);
  land(1, MINUTE);
  land(2, MINUTE);
  expect(await Promise.all([ordinary, other])).toEqual(['token-1', 'token-1']);
  expect(requests).toHaveLength(1);
});
