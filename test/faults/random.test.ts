import { describe, expect, it } from 'vitest';
import { withFaultServer } from '../helpers/fault-server.js';
import { createPool, restClient } from './helpers.js';
import { planOf, Runs } from './random-runs.js';

const RUNS = Number(process.env.FAULT_RUNS ?? 100);
/** The first seed; runs take it and those that follow. `FAULT_SEED=<seed> FAULT_RUNS=1` plays one run again. */
const SEED = Number(process.env.FAULT_SEED ?? 1);
const AT_A_TIME = 20;

describe('random faults', () => {
  it(
    `keep every rule in ${RUNS} seeded runs`,
    async () => {
      const runs = new Runs();
      const reports = await withFaultServer(runs.choose, async (server) => {
        // The first call loads what is loaded late, which takes longer than a timeout of these runs.
        await restClient(server).GET('/v2/connect/connectors');
        const pooled = createPool(AT_A_TIME);
        const seeds = Array.from({ length: RUNS }, (_, index) => SEED + index);
        return Promise.all(seeds.map((seed) => pooled(() => runs.run(server, planOf(seed)))));
      });
      const broken = reports.filter((report) => report.broken.length > 0);
      expect(broken.map(({ plan, broken: rules }) => ({ ...plan, rules }))).toEqual([]);
      // What a machine that stands still excuses must stay rare, or it could hide a fault of the client.
      expect(reports.filter(({ late }) => late).length).toBeLessThanOrEqual(Math.ceil(RUNS / 100));
      if (RUNS < 100) return;
      // A suite whose calls all fail, or all succeed, would keep the rules too.
      const values = reports.filter(({ outcome }) => outcome === 'value').length;
      expect(values).toBeGreaterThan(RUNS / 5);
      expect(RUNS - values).toBeGreaterThan(RUNS / 5);
    },
    // A run takes 1.5 s at most, and on two busy cores the long form takes minutes.
    60_000 + RUNS * 200,
  );
});
