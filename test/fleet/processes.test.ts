import { describe, expect, it } from 'vitest';
import { type ApiCall, startApi } from './api.js';
import { type Child, runChildren, startChild } from './children.js';
import { startTestRedis } from './fleet.js';
import { hasServer } from './redis-server.js';

const KEYS = 20;
const PROCESSES = 8;
const CALLS = 1_000;
const ROUNDS = Number(process.env.FLEET_ROUNDS ?? 1);
const KILLS = Number(process.env.FLEET_KILLS ?? 3);
/** Of the holders of one key: each takes two seconds. */
const MOST_KILLS = 8;
const STEPS = Number(process.env.FLEET_STEPS ?? 2_000);
const rounds = Array.from({ length: ROUNDS }, (_, round) => round + 1);
const LONG_MS = 60_000 + KILLS * 3_000 + STEPS * 10;

describe.skipIf(!hasServer())('eight processes over twenty keys', () => {
  it.each(rounds)('cold: one request a key (round %i)', async (seed) => {
    const [server, api] = await Promise.all([startTestRedis(), startApi()]);
    const task = { redisUrl: server.url, apiUrls: [api.url], calls: CALLS, users: KEYS, seed };
    const reports = await runChildren(PROCESSES, task);
    for (const report of reports) expect(report).toMatchObject({ answered: CALLS, failures: [], wrong: [] });
    expect(api.calls).toHaveLength(KEYS);
  });

  it.each(rounds)('with one fault in twenty: one request a key and one a fault (round %i)', async (seed) => {
    const fails = (index: number) => (index * 7 + seed) % 20 === 8;
    const [server, api] = await Promise.all([startTestRedis(), startApi({ fails })]);
    const task = { redisUrl: server.url, apiUrls: [api.url], calls: CALLS, users: KEYS, seed };
    const reports = await runChildren(PROCESSES, task);
    for (const report of reports) expect(report).toMatchObject({ answered: CALLS, failures: [], wrong: [] });
    expect(api.faults).toBeGreaterThan(0);
    expect(api.calls.length).toBeLessThanOrEqual(KEYS + api.faults);
  });

  it(
    `with ${KILLS} holders killed, one every 200 ms: one request a key and at most one a kill`,
    async () => {
      const [server, api] = await Promise.all([startTestRedis(), startApi({ delayMs: 300 })]);
      const task = { redisUrl: server.url, apiUrls: [api.url], users: KEYS };
      const children = new Map<number, Child>();
      const ends: Promise<unknown>[] = [];
      const join = async (calls: number): Promise<void> => {
        const child = await startChild({ ...task, calls, seed: ends.length + 1 });
        children.set(child.pid, child);
        // Another takes over what the killed one had not answered.
        ends.push(child.report.then((report) => (report ? undefined : join(calls - child.answered()))));
        child.begin();
      };
      await Promise.all(Array.from({ length: PROCESSES }, () => join(CALLS)));
      let kills = 0;
      const killed = new Map<string, number>();
      const timer = setInterval(() => {
        // Not one key again and again: whoever has waited for three quarters of his deadline asks by himself.
        const often = ({ subject }: ApiCall) => killed.get(subject) ?? 0;
        const [call] = [...api.pending].sort((one, two) => often(one) - often(two));
        if (call === undefined || often(call) >= MOST_KILLS) return;
        const holder = children.get(call.pid);
        if (holder === undefined || kills >= KILLS) return;
        kills++;
        killed.set(call.subject, often(call) + 1);
        children.delete(holder.pid);
        holder.kill();
      }, 200);
      for (let seen = 0; seen < ends.length; seen++) await ends[seen];
      clearInterval(timer);
      const reports = await Promise.all([...children.values()].map(({ report }) => report));
      expect(reports).toHaveLength(PROCESSES);
      for (const report of reports) expect(report).toMatchObject({ failures: [], wrong: [] });
      expect(kills).toBeGreaterThan(0);
      expect(api.calls.length).toBeLessThanOrEqual(KEYS + kills);
    },
    LONG_MS,
  );
});

describe.skipIf(!hasServer())('four processes with a store in common', () => {
  it(
    `two callers and two APIs in ${STEPS} random steps: nobody gets what is another's`,
    async () => {
      const [server, one, two] = await Promise.all([
        startTestRedis(),
        startApi({ delayMs: 0 }),
        startApi({ delayMs: 0 }),
      ]);
      const reports = await runChildren(4, {
        redisUrl: server.url,
        apiUrls: [one.url, two.url],
        calls: STEPS / 4,
        users: 5,
        connectors: ['oauth/linear', 'slack/acme'],
        bearers: ['caller-one', 'caller-two'],
        isRandom: true,
      });
      for (const report of reports)
        expect(report).toMatchObject({ failures: [], wrong: [], answered: STEPS / 4 });
    },
    LONG_MS,
  );

  it('two minutes apart: no token is served past its end by more than the allowance', async () => {
    const [server, api] = await Promise.all([startTestRedis(), startApi({ delayMs: 0, lifeMs: 2_000 })]);
    const task = {
      redisUrl: server.url,
      apiUrls: [api.url],
      users: 3,
      calls: 120,
      pauseMs: 20,
      allowanceMs: 1_500,
    };
    const children = await Promise.all(
      [0, -120_000, 120_000, -60_000].map((skewMs, seed) => startChild({ ...task, skewMs, seed: seed + 1 })),
    );
    for (const child of children) child.begin();
    const reports = await Promise.all(children.map(({ report }) => report));
    for (const report of reports) expect(report).toMatchObject({ failures: [], wrong: [], answered: 120 });
  });
});
