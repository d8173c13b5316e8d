import { getToken as peerGetToken, revokeToken as peerRevokeToken } from '@vercel/connect';
import { type Comparison, type Contender, compare } from './measure.js';
import { createMemoryFetch, withFetch } from './memory-fetch.js';
import { createConnectClient } from './packages.js';
import { atLeast, type Section, times, timesOf } from './report.js';

const CONNECTOR = 'slack/bench';
const OURS = 'vercel-rest/connect getToken';
const SOURCE = 'vercel-rest/connect tokenSource';
const PEER = '@vercel/connect getToken';
const EFFORT = { calls: 10_000, rounds: 31 };

// Written anew for each call, as an application does it: no cache may know an object again.
const appParams = () => ({ subject: { type: 'app' as const } });
const userParams = () => ({
  subject: { type: 'user' as const, id: 'user_123', issuer: 'https://id.example.com' },
  installationId: 'inst_bench',
  scopes: ['chat:write', 'channels:read', 'users:read'],
});

/** A token that is in the cache, found again. */
export async function measureTokenHits(): Promise<Section> {
  const measured = await withFetch(createMemoryFetch(), async () => [
    { params: 'app', comparison: await compare(contenders(appParams), EFFORT) },
    { params: 'user and scopes', comparison: await compare(contenders(userParams), EFFORT) },
  ]);
  return {
    title: 'A token from the cache',
    note:
      `Time of one awaited call that finds its token, median of ${EFFORT.rounds} rounds of ${EFFORT.calls} calls. ` +
      'The parameters are a new object for each call, and both are given a `vercelToken`. Ours looks the token up by ' +
      'origin, caller and parameters in any order; the peer by connector and parameters as they are written.',
    head: ['parameters', 'contender', 'µs', '@vercel/connect ÷ it (quartiles)'],
    rows: measured.flatMap(({ params, comparison }) => rowsOf(params, comparison)),
    targets: measured.flatMap(({ params, comparison }) => [
      atLeast(
        `getToken hit, ${params}: as fast as @vercel/connect`,
        comparison.ratio(PEER, OURS).median,
        1.2,
        times,
      ),
      atLeast(
        `tokenSource hit, ${params}: as fast as @vercel/connect`,
        comparison.ratio(PEER, SOURCE).median,
        5,
        times,
      ),
    ]),
  };
}

/** Empties the peer's cache, which is one for the whole process. */
export async function emptyPeerCache(): Promise<void> {
  await peerRevokeToken(CONNECTOR, appParams(), { vercelToken: 'bench' });
}

function contenders(params: () => ReturnType<typeof appParams> | ReturnType<typeof userParams>): Contender[] {
  const connect = createConnectClient();
  const source = connect.tokenSource(CONNECTOR, params(), { vercelToken: 'bench' });
  return [
    { name: OURS, work: () => connect.getToken(CONNECTOR, params(), { vercelToken: 'bench' }) },
    { name: SOURCE, work: () => source.getToken() },
    { name: PEER, work: () => peerGetToken(CONNECTOR, params(), { vercelToken: 'bench' }) },
  ];
}

function rowsOf(params: string, comparison: Comparison): string[][] {
  return comparison.names.map((name) => [
    params,
    name,
    comparison.time(name).median.toFixed(3),
    timesOf(comparison.ratio(PEER, name)),
  ]);
}
