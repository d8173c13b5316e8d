import assert from 'node:assert/strict';
import * as runner from 'node:test';
import { createClient } from 'vercel-rest';
import { createConnectClient } from 'vercel-rest/connect';
import { setupMock } from 'vercel-rest/msw';

const baseUrl = process.env.API_URL;
const mock = setupMock({ runner, passthrough: [baseUrl] });

runner.test('the mock answers a typed GET', async () => {
  mock.respond('listConnectors', 404);
  await assert.rejects(createClient({ bearerToken: 'mocked' }).call('listConnectors'), {
    name: 'NotFoundError',
  });
  assert.deepEqual(
    mock.requests.map(({ status }) => status),
    [404],
  );
  console.log('ran: mock test');
});

runner.test('the server answers a GET and a token', async () => {
  const options = { baseUrl, bearerToken: 'host-bearer' };
  const { data } = await createClient(options).GET('/v2/connect/connectors');
  assert.equal(data.connectors[0].uid, 'slack/acme');
  const connect = createConnectClient(options);
  assert.match(await connect.getToken('slack/acme', { subject: { type: 'app' } }), /^host-token-\d+$/);
});
