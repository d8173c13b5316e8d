import { createClient } from 'vercel-rest';
import { createConnectClient } from 'vercel-rest/connect';
import { setupMock } from 'vercel-rest/msw';
import * as runner from 'vitest';
import { operations, type paths } from '../vercel';

const { expect, test } = runner;
const baseUrl = process.env.API_URL ?? '';
const mock = setupMock({ runner, passthrough: [baseUrl] });

test('the mock answers a typed GET', async () => {
  mock.respond('listConnectors', 404);
  await expect(createClient({ bearerToken: 'mocked' }).call('listConnectors')).rejects.toThrow(
    expect.objectContaining({ name: 'NotFoundError' }),
  );
  expect(mock.requests.map(({ status }) => status)).toEqual([404]);
  console.log('\nran: mock test');
});

test('the server answers a GET, one of the generated folder and a token', async () => {
  const options = { baseUrl, bearerToken: 'host-bearer', teamId: 'team_1' };
  const { data } = await createClient(options).GET('/v2/connect/connectors');
  expect(data.connectors[0]?.uid).toBe('slack/acme');
  const client = createClient<paths>({ ...options, operations });
  const found = await client.call('getProject', { params: { path: { idOrName: 'acme' } } });
  expect(found.data.name).toBe('acme');
  const connect = createConnectClient({ baseUrl, bearerToken: 'host-bearer' });
  expect(await connect.getToken('slack/acme', { subject: { type: 'app' } })).toMatch(/^host-token-\d+$/);
});
