const assert = require('node:assert/strict');
const { createClient } = require('vercel-rest');
const { createConnectClient } = require('vercel-rest/connect');

async function main() {
  const options = { baseUrl: process.env.API_URL, bearerToken: 'host-bearer' };
  const { data } = await createClient(options).GET('/v2/connect/connectors');
  assert.equal(data.connectors[0].uid, 'slack/acme');
  const connect = createConnectClient(options);
  assert.match(await connect.getToken('slack/acme', { subject: { type: 'app' } }), /^host-token-\d+$/);
  console.log('ran: require');
}
main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
