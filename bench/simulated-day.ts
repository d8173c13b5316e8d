import { getToken as peerGetToken } from '@vercel/connect';
import { seededRandom } from './measure.js';
import { createMemoryFetch, HOUR_MS, withFetch } from './memory-fetch.js';
import { createConnectClient } from './packages.js';
import { atMost, type Section } from './report.js';
import { withClock } from './simulated-clock.js';
import { emptyPeerCache } from './token-hits.js';

const USERS = 1_000;
const DAY_MS = 24 * HOUR_MS;
const CACHE_MAX = 2_000;
const DOLLARS_PER_CALL = 3 / 1_000;
/** Calls a day. */
const LOADS = [10_000, 100_000, 500_000];
const CONNECTOR = 'oauth/bench';
const OPTIONS = { vercelToken: 'bench' };

/** Somebody needs a token. */
interface Arrival {
  readonly atMs: number;
  readonly user: number;
}

type Ask = (user: number) => Promise<unknown>;

/** What a day of token requests comes to at each load. */
export async function measureSimulatedDay(): Promise<Section> {
  const days: Day[] = [];
  for (const calls of LOADS) days.push(await simulate(calls));
  return {
    title: 'A simulated day',
    note:
      `${USERS} users, popularity by Zipf's law, calls at random over 24 hours, tokens of one hour, a new one for every ` +
      `request. The optimum asks only when no token of that user is alive; the one with 30 s when none lives longer than ` +
      `that, which is the least that the buffer of both clients allows. Dollars at $3 for 1 000 token requests.`,
    head: ['calls', 'client', 'token requests', 'dollars', 'over the optimum'],
    rows: days.flatMap(rowsOf),
    targets: days.map(({ calls, ours, optimum }) =>
      atMost(
        `Simulated day of ${calls} calls: token requests over the optimum`,
        ours / optimum - 1,
        0.02,
        percent,
      ),
    ),
  };
}

interface Day {
  readonly calls: number;
  readonly optimum: number;
  readonly buffered: number;
  readonly ours: number;
  readonly oursSmall: number;
  readonly peer: number;
}

async function simulate(calls: number): Promise<Day> {
  const arrivals = arriveAtRandom(calls);
  return {
    calls,
    optimum: countOptimum(arrivals, 0),
    buffered: countOptimum(arrivals, 30_000),
    ours: await replay(arrivals, () => askOurs(CACHE_MAX)),
    oursSmall: await replay(arrivals, () => askOurs(100)),
    peer: await replay(arrivals, () => askPeer),
  };
}

/** Plays the day to a client and counts the requests that reach the API. */
async function replay(arrivals: readonly Arrival[], prepare: () => Ask): Promise<number> {
  let requests = 0;
  const memory = createMemoryFetch(({ url }) => {
    if (url.includes('/connect/token/')) requests++;
  });
  await withFetch(memory, () =>
    withClock(async (setTime) => {
      await emptyPeerCache();
      const ask = prepare();
      for (const { atMs, user } of arrivals) {
        setTime(atMs);
        await ask(user);
      }
    }),
  );
  return requests;
}

function askOurs(max: number): Ask {
  const connect = createConnectClient({ cache: { max } });
  let refreshes = 0;
  return async (user) => {
    await connect.getToken(CONNECTOR, { subject: { type: 'user', id: `user_${user}` } }, OPTIONS);
    const before = refreshes;
    ({ refreshes } = connect.stats());
    // A renewal in the background comes to its end before the clock moves on.
    if (refreshes > before) await new Promise(setImmediate);
  };
}

const askPeer: Ask = (user) =>
  peerGetToken(CONNECTOR, { subject: { type: 'user', id: `user_${user}` } }, OPTIONS);

function countOptimum(arrivals: readonly Arrival[], bufferMs: number): number {
  const aliveUntil = new Map<number, number>();
  let requests = 0;
  for (const { atMs, user } of arrivals) {
    if (atMs < (aliveUntil.get(user) ?? 0) - bufferMs) continue;
    requests++;
    aliveUntil.set(user, atMs + HOUR_MS);
  }
  return requests;
}

/** The same day for the same number of calls. */
function arriveAtRandom(calls: number): Arrival[] {
  const random = seededRandom(3);
  const pickUser = zipf(random);
  const arrivals = Array.from({ length: calls }, () => ({
    atMs: Math.floor(random() * DAY_MS),
    user: pickUser(),
  }));
  return arrivals.sort((a, b) => a.atMs - b.atMs);
}

/** Users such that the n-th is 1/n as busy as the first. */
function zipf(random: () => number): () => number {
  let sum = 0;
  const upTo = Array.from({ length: USERS }, (_, rank) => (sum += 1 / (rank + 1)));
  return () => {
    const drawn = random() * sum;
    return upTo.findIndex((limit) => drawn < limit);
  };
}

function rowsOf({ calls, optimum, buffered, ours, oursSmall, peer }: Day): string[][] {
  const clients: [string, number][] = [
    ['optimum', optimum],
    ['optimum with a 30 s buffer', buffered],
    [`vercel-rest/connect, cache.max ${CACHE_MAX}`, ours],
    ['vercel-rest/connect, cache.max 100 (default)', oursSmall],
    ['@vercel/connect (100 entries, fixed)', peer],
  ];
  return clients.map(([name, requests]) => [
    String(calls),
    name,
    String(requests),
    (requests * DOLLARS_PER_CALL).toFixed(2),
    percent(requests / optimum - 1),
  ]);
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
