// What `npm start` runs: provider tokens from Vercel Connect, over real HTTP.
//
//   npm start                        against the embedded emulator
//   npm start -- slack/acme-slack    against the real API, with VERCEL_TOKEN or VERCEL_OIDC_TOKEN set
import {
  type ConnectClient,
  ConnectError,
  type ConnectTokenParams,
  createConnectClient,
  UserAuthorizationRequiredError,
} from 'vercel-rest/connect';
import { createConnectEmulator } from 'vercel-rest/msw';
import { type Cell, drawTable } from './table.js';

const [connector] = process.argv.slice(2);
const credential = process.env.VERCEL_TOKEN || process.env.VERCEL_OIDC_TOKEN;
const live = connector !== undefined && credential !== undefined && credential !== '';

if (connector !== undefined && !live) {
  console.error(
    `To ask for a token of ${connector}, set VERCEL_TOKEN or VERCEL_OIDC_TOKEN; without a connector, npm start uses the emulator.`,
  );
  process.exit(2);
}

const emulator = live ? undefined : await createConnectEmulator().listen();
let requests = 0;
const connect = createConnectClient({
  ...(emulator
    ? { baseUrl: emulator.url, bearerToken: 'the-projects-oidc-token' }
    : { bearerToken: process.env.VERCEL_TOKEN || undefined }),
  fetch: (...request) => {
    requests += 1;
    return fetch(...request);
  },
});

console.log(
  `\nvercel-rest: short-lived provider tokens from ${emulator ? `an emulated Vercel Connect at ${emulator.url}` : 'Vercel Connect'}\n`,
);

const app = { subject: { type: 'app' } } as const;
const user = { subject: { type: 'user', id: 'user_123' } } as const;
const service = { subject: { type: 'jwt-bearer', sub: 'reports@acme.example' } } as const;
const stranger = { subject: { type: 'user', id: 'user_456' } } as const;
const appConnector = connector ?? 'slack/acme-slack';
const userConnector = connector ?? 'oauth/linear';

const rows: Cell[][] = [
  await row('app token', appConnector, app),
  await row('the same again', appConnector, app),
  await row('100 callers at once', appConnector, { ...app, scopes: ['chat:write'] }, 100),
  await row('user token', userConnector, user),
  await row('jwt-bearer token', userConnector, service),
  await row('no consent yet', userConnector, stranger),
];
console.log(
  drawTable(
    ['what', 'connector', 'outcome', 'lives for', 'requests', 'time'],
    rows,
    process.stdout.isTTY === true && !process.env.NO_COLOR,
  ),
);
console.log(await explainConsent(connect));
await emulator?.close();

/** Asks `callers` times at once, and tells what came of it and what it cost. */
async function row(what: string, name: string, params: ConnectTokenParams, callers = 1): Promise<Cell[]> {
  const before = requests;
  const startedAt = performance.now();
  const results = await Promise.allSettled(
    Array.from({ length: callers }, () => connect.getTokenResponse(name, params)),
  );
  const took = `${(performance.now() - startedAt).toFixed(1)} ms`;
  const sent = requests - before;
  const [outcome, life] = describe(results[0]);
  return [
    { text: what },
    { text: name, tone: 'quiet' },
    outcome,
    { text: life },
    { text: sent === 0 ? 'none: cached' : String(sent), tone: sent === 0 || callers > 1 ? 'good' : 'plain' },
    { text: took, tone: 'quiet' },
  ];
}

function describe(
  result: PromiseSettledResult<{ token: string; expiresAt: number }> | undefined,
): [Cell, string] {
  if (result?.status === 'fulfilled') {
    const { token, expiresAt } = result.value;
    const minutes = Math.round((expiresAt - Date.now()) / 60_000);
    return [{ text: `${token.slice(0, 5)}… (${token.length} characters)`, tone: 'good' }, `${minutes} min`];
  }
  const error: unknown = result?.reason;
  if (!(error instanceof ConnectError)) throw error;
  return [{ text: error.code ?? String(error.status), tone: 'bad' }, '-'];
}

/** Errors say what to do: this one is a user who has not consented. */
async function explainConsent(client: ConnectClient): Promise<string> {
  try {
    await client.getToken(userConnector, stranger);
    return '\nEvery subject has consented.';
  } catch (error) {
    if (!(error instanceof UserAuthorizationRequiredError)) return `\n${String(error)}`;
    return `
The last row is an error that one can act on:
  ${error.name} (${error.status} ${error.code}, request ${error.requestId}): ${error.message}
  What to do: call startAuthorization for this user, and open the url that it resolves to.

Next: the first lines of code in README.md, or a Connect of your own to try things on, in this checkout:
  npx tsx scripts/cli.ts mock --port 4010
and in another terminal:
  npx tsx scripts/cli.ts token slack/acme-slack --base-url http://127.0.0.1:4010
`;
  }
}
