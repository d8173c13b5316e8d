// `npm run bench:long`: ten minutes (LONG_RUN_MINUTES) of REST calls and token calls at the rate that the machine holds,
// against a server that answers one request in twenty badly. Prints the heap every ten seconds and what is left at the
// end, and writes both to LONG-RUN.md.
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom, spread } from './measure.js';
import { createClient, createConnectClient } from './packages.js';
import { describeSetting, type Section, writeMarkdown } from './report.js';
import { startServer } from './server.js';

const minutes = Number(process.env.LONG_RUN_MINUTES ?? 10);
const FAULT_SHARE = 0.05;
const CALLERS = 64;
const USERS = 500;
const SAMPLE_MS = 10_000;
const MB = 1024 * 1024;

interface Sample {
  readonly second: number;
  readonly heapMb: number;
  readonly residentMb: number;
  readonly calls: number;
}

const { gc } = globalThis;
if (gc === undefined) throw new Error('needs node --expose-gc');
const atStart = process.getActiveResourcesInfo();
const setting = describeSetting();
const counts = { rest: 0, token: 0, failed: new Map<string, number>() };
const samples = await run();
const left = await leftOver();
const report = writeMarkdown('A long run', setting, [summary(), heapTable()]);
console.log(`\n${report}`);
writeFileSync(new URL('LONG-RUN.md', import.meta.url), report);

async function run(): Promise<Sample[]> {
  // Tokens of two seconds in a cache smaller than the users: hits, renewals, misses and evictions all happen.
  const server = await startServer({ faultShare: FAULT_SHARE, tokenLifeMs: 2_000 });
  const options = { baseUrl: server.url, bearerToken: 'bench' };
  const rest = createClient(options);
  const connect = createConnectClient({ ...options, cache: { max: USERS / 2 } });
  const random = seededRandom(5);
  const endsAt = performance.now() + minutes * 60_000;
  const callOnce = async () => {
    if (random() < 0.5) {
      await rest.GET('/v2/connect/connectors', { params: { query: { limit: 10 } } });
      counts.rest++;
    } else {
      const id = `user_${Math.floor(random() * USERS)}`;
      await connect.getToken('oauth/bench', { subject: { type: 'user', id } });
      counts.token++;
    }
  };
  const callers = Array.from({ length: CALLERS }, async () => {
    while (performance.now() < endsAt) await callOnce().catch(countFailure);
  });
  const taken = await sampleUntil(endsAt);
  await Promise.all(callers);
  console.log('connect stats', JSON.stringify(connect.stats()));
  await server.close();
  return taken;
}

async function sampleUntil(endsAt: number): Promise<Sample[]> {
  const startedAt = performance.now();
  const taken: Sample[] = [];
  for (let count = 1; count <= Math.floor((minutes * 60_000) / SAMPLE_MS); count++) {
    // A little before the last caller ends, so that every sample is taken with calls under way.
    const due = Math.min(startedAt + count * SAMPLE_MS, endsAt - 100);
    await wait(Math.max(0, due - performance.now()));
    gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    const sample = {
      second: Math.round((performance.now() - startedAt) / 1000),
      heapMb: heapUsed / MB,
      residentMb: rss / MB,
      calls: counts.rest + counts.token,
    };
    taken.push(sample);
    console.log(`${sample.second} s: heap ${sample.heapMb.toFixed(2)} MB, ${sample.calls} calls`);
  }
  return taken;
}

function countFailure(error: unknown): void {
  const name = error instanceof Error ? error.name : String(error);
  counts.failed.set(name, (counts.failed.get(name) ?? 0) + 1);
}

/** Handles that were not there at the start, once the connections to the closed server have gone. */
async function leftOver(): Promise<string[]> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const rest = [...atStart];
    const extra = process.getActiveResourcesInfo().filter((name) => {
      const place = rest.indexOf(name);
      if (place >= 0) rest.splice(place, 1);
      return place < 0;
    });
    if (extra.length === 0 || performance.now() > deadline) return extra;
    await wait(100);
  }
}

/** Least squares over what comes after the first fifth, in which code is compiled and caches fill; MB in a minute. */
function slope(taken: readonly Sample[]): number {
  const settled = taken.slice(Math.ceil(taken.length / 5));
  const mean = (read: (sample: Sample) => number) =>
    settled.reduce((sum, sample) => sum + read(sample), 0) / settled.length;
  const meanSecond = mean(({ second }) => second);
  const meanHeap = mean(({ heapMb }) => heapMb);
  const covariance = mean(({ second, heapMb }) => (second - meanSecond) * (heapMb - meanHeap));
  return (60 * covariance) / mean(({ second }) => (second - meanSecond) ** 2);
}

function summary(): Section {
  const { rest, token, failed } = counts;
  const failures = [...failed].map(([name, count]) => `${name} ${count}`).join(', ') || 'none';
  const heap = spread(samples.map(({ heapMb }) => heapMb));
  return {
    title: 'What it came to',
    note:
      `${minutes} minutes, ${CALLERS} callers at once, half of them REST GETs and half token calls for ${USERS} users ` +
      `with a cache of ${USERS / 2} and tokens of 2 s; ${FAULT_SHARE * 100} % of the requests are answered badly: 429, ` +
      '500, 503, no answer, half a body, no JSON. The server is another thread, with a heap of its own.',
    head: ['what', 'figure'],
    rows: [
      ['REST calls that succeeded', String(rest)],
      ['token calls that succeeded', String(token)],
      ['calls a second', ((rest + token) / (minutes * 60)).toFixed(0)],
      ['calls that failed after all attempts', failures],
      ['heap after a collection, median MB', heap.median.toFixed(2)],
      ['slope of the heap, MB a minute', slope(samples).toFixed(4)],
      ['handles left at the end', left.join(', ') || 'none'],
    ],
    targets: [
      {
        what: 'handles left at the end',
        figure: String(left.length),
        aim: '0',
        met: left.length === 0,
      },
    ],
  };
}

function heapTable(): Section {
  return {
    title: 'Heap',
    note: 'After a forced collection, each ten seconds, with calls under way.',
    head: ['second', 'heap, MB', 'resident, MB', 'calls so far'],
    rows: samples.map(({ second, heapMb, residentMb, calls }) => [
      String(second),
      heapMb.toFixed(2),
      residentMb.toFixed(0),
      String(calls),
    ]),
    targets: [],
  };
}
