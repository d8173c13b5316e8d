import { createClient } from 'vercel-rest';
import { createConnectClient } from 'vercel-rest/connect';
import { setupMock } from 'vercel-rest/msw';

const baseUrl = process.env.API_URL;
const mock = setupMock({ runner: { beforeAll, afterEach, afterAll }, passthrough: [baseUrl] });

test('the mock answers a typed GET', async () => {
  mock.respond('listConnectors', 404);
  await expect(createClient({ bearerToken: 'mocked' }).call('listConnectors')).rejects.toMatchObject({
    name: 'NotFoundError',
  });
  expect(mock.requests.map(({ status }) => status)).toEqual([404]);
  process.stdout.write('\nran: mock test\n');
});

test('the server answers a GET and a token', async () => {
  const options = { baseUrl, bearerToken: 'host-bearer' };
  const { data } = await createClient(options).GET('/v2/connect/connectors');
  expect(data.connectors[0].uid).toBe('slack/acme');
  const connect = createConnectClient(options);
  expect(await connect.getToken('slack/acme', { subject: { type: 'app' } })).toMatch(/^host-token-\d+$/);
});
