import assert from 'node:assert/strict';
import * as rest from 'vercel-rest';
import * as connectModule from 'vercel-rest/connect';

const options = { baseUrl: process.env.API_URL, bearerToken: 'host-bearer' };
const { data } = await rest.createClient(options).GET('/v2/connect/connectors');
assert.equal(data.connectors[0].uid, 'slack/acme');
const connect = connectModule.createConnectClient(options);
assert.match(await connect.getToken('slack/acme', { subject: { type: 'app' } }), /^host-token-\d+$/);

// Each exported class has the name that it is exported by.
for (const module of [rest, connectModule]) {
  for (const [name, value] of Object.entries(module)) {
    if (/^[A-Z]/.test(name) && typeof value === 'function') assert.equal(value.name, name);
  }
}
console.log('ran: class names');
