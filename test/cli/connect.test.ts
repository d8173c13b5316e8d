// The same commands as in connect.e2e.test.ts, one after the other in this process: each goes on where the last one ended.
import { expect, test } from 'vitest';
import { createConnectEmulator } from '../../src/msw/index.js';
import { runCli } from './run-cli.js';
import { useServed } from './served.js';

const emulator = createConnectEmulator();
const served = useServed(emulator);

const env = { VERCEL_TOKEN: 'a-token', CRM: '{"clientId":"c","clientSecret":"s"}' };
const USER = ['--subject', 'user:user_1'];

test.each<[string, number, RegExp]>([
  ['connect create oauth --name CRM --data env:CRM --project prj_1 -e production', 0, /oauth\/crm/],
  ['connect list', 0, /oauth\/crm/],
  ['connect list --json', 0, /"uid": ?"oauth\/crm"/],
  ['connect get oauth/crm', 0, /CRM/],
  ['connect get oauth/none', 1, /error: /],
  ['connect update oauth/crm --name Renamed --json', 0, /Renamed/],
  ['connect attach oauth/crm -p prj_2 -e preview,development', 0, /prj_2/],
  ['connect detach oauth/crm -p prj_2 --yes', 0, /prj_2/],
  ['connect triggers oauth/crm --clear --yes --json', 0, /oauth\/crm/],
  ['connect token slack/acme-slack', 0, /\S+/],
  [`connect revoke-tokens oauth/crm ${USER.join(' ')} --yes`, 0, /./],
  ['connect remove oauth/crm --yes --disconnect-all', 0, /oauth\/crm/],
  ['connect get oauth/crm', 1, /error: /],
  ['connect lst', 2, /list/],
  ['api listConnectors', 0, /connectors/],
  ['api GET /v2/connect/connectors', 0, /connectors/],
  ['api listConectors', 2, /no operation is called/],
])('%s', async (line, code, printed) => {
  const args = line.split(' ');
  const outcome = await runCli([...args, '--base-url', served.url], { env });
  expect(`${outcome.stdout}${outcome.stderr}`).toMatch(printed);
  expect(outcome.code).toBe(code);
});
