import { expect, it, onTestFinished, vi } from 'vitest';
import type { ConnectTokenParams } from '../../src/connect/index.js';
import { CONNECTOR, countedTokenFor, createBench } from './helpers.js';

const user = (id: string | number): ConnectTokenParams => ({ subject: { type: 'user', id: String(id) } });

/** Asks for each user in turn; gives the users that were asked for upstream. */
async function ask(bench: ReturnType<typeof createBench>, ids: (string | number)[]): Promise<unknown[]> {
  const before = bench.requests.length;
  for (const id of ids) await bench.client.getToken(CONNECTOR, user(id));
  return bench.requests.slice(before).map(({ body }) => (body as ConnectTokenParams).subject);
}

const subjects = (...ids: (string | number)[]) => ids.map((id) => user(id).subject);

it('keeps at most cache.max tokens', async () => {
  const bench = createBench(undefined, { cache: { max: 2 } });
  await ask(bench, ['a', 'b', 'c']);
  expect(await ask(bench, ['b', 'c'])).toEqual([]);
  expect(await ask(bench, ['a'])).toEqual(subjects('a'));
});

it('the least recently used token leaves first, and a hit counts as use', async () => {
  const bench = createBench(undefined, { cache: { max: 2 } });
  await ask(bench, ['a', 'b', 'a', 'c']);
  expect(await ask(bench, ['a', 'c'])).toEqual([]);
  expect(await ask(bench, ['b'])).toEqual(subjects('b'));
});

it('keeps 100 tokens by default', async () => {
  const bench = createBench();
  const hundred = Array.from({ length: 100 }, (_, id) => id);
  await ask(bench, hundred);
  expect(await ask(bench, hundred)).toEqual([]);
  await ask(bench, ['one more']);
  expect(await ask(bench, [1, 2, 99, 'one more'])).toEqual([]);
  expect(await ask(bench, [0])).toEqual(subjects(0));
});

it('cache without max keeps the default', async () => {
  const bench = createBench(undefined, { cache: {} });
  await ask(bench, ['a', 'b']);
  expect(await ask(bench, ['a', 'b'])).toEqual([]);
});

it('works with room for one', async () => {
  const bench = createBench(undefined, { cache: { max: 1 } });
  await ask(bench, ['a']);
  expect(await ask(bench, ['a'])).toEqual([]);
  await ask(bench, ['b']);
  expect(await ask(bench, ['a'])).toEqual(subjects('a'));
});

it('two clients of the same caller share nothing', async () => {
  const [one, two] = [createBench(), createBench()];
  await ask(one, ['a']);
  expect(await ask(two, ['a'])).toEqual(subjects('a'));
});

it('counts as evicted what leaves for want of room while it lives, and nothing else', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { client } = createBench(countedTokenFor(60_000), { cache: { max: 1 } });
  const ask = (id: string, options = {}) =>
    client.getToken(CONNECTOR, { subject: { type: 'user', id } }, options);
  await ask('one');
  await ask('one', { forceRefresh: true });
  client.deleteTokenCacheEntry(CONNECTOR, { subject: { type: 'user', id: 'one' } });
  await ask('one');
  vi.advanceTimersByTime(60_000);
  await ask('two');
  expect(client.stats().evictions, 'replaced, deleted or over').toBe(0);
  await ask('three');
  expect(client.stats().evictions).toBe(1);
});
