// `npm run bench`: side by side with the peers, in one process and one run. Prints medians and ratios; asserts nothing.
import { getToken as peerGetToken } from '@vercel/connect';
import createFetchClient from 'openapi-fetch';
import { createClient, type paths } from 'vercel-rest';
import { createConnectClient } from 'vercel-rest/connect';
import { type Contender, compare } from './measure.js';

const APP = { subject: { type: 'app' } } as const;
const ISSUED = JSON.stringify({
  token: 'xoxb-bench',
  tokenId: 'stk_bench',
  expiresAt: Date.now() + 3_600_000,
  connector: { id: 'scl_bench', uid: 'slack/bench', type: 'slack' },
});
const LISTED = JSON.stringify({ connectors: [], pagination: { next: null } });

// The answers come from memory, so that what is measured is the client. Some peers know the global `fetch` alone, so all
// of them use it.
const answer = async (input: Parameters<typeof fetch>[0]) => {
  const url = input instanceof Request ? input.url : String(input);
  return new Response(url.includes('/token/') ? ISSUED : LISTED, {
    headers: { 'content-type': 'application/json' },
  });
};
globalThis.fetch = answer;

const options = { bearerToken: 'bench' };
const connect = createConnectClient(options);
const source = connect.tokenSource('slack/bench', APP);
const rest = createClient(options);
const plain = createFetchClient<paths>({
  baseUrl: 'https://api.vercel.com',
  headers: { authorization: 'Bearer bench' },
});

await report('token from the cache', 20_000, [
  { name: 'vercel-rest/connect', work: () => connect.getToken('slack/bench', APP) },
  { name: 'its tokenSource', work: () => source.getToken() },
  { name: '@vercel/connect', work: () => peerGetToken('slack/bench', APP, { vercelToken: 'bench' }) },
]);
await report('one REST call', 500, [
  { name: 'vercel-rest', work: () => rest.GET('/v2/connect/connectors') },
  { name: 'openapi-fetch', work: () => plain.GET('/v2/connect/connectors') },
  { name: 'fetch', work: async () => (await answer('https://api.vercel.com/v2/connect/connectors')).json() },
]);

async function report(title: string, calls: number, contenders: readonly Contender[]): Promise<void> {
  console.log(`\n${title}`);
  for (const { name, microseconds, ratio } of await compare(contenders, calls)) {
    console.log(`  ${name.padEnd(22)} ${microseconds.toFixed(2).padStart(9)} µs   ${ratio.toFixed(2)} x`);
  }
}
