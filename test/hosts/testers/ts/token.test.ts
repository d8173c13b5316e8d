import { createClient, NotFoundError } from 'vercel-rest';
import { createConnectClient } from 'vercel-rest/connect';
import { operations, type paths } from '../vercel';

const baseUrl = process.env.API_URL ?? '';
const options = { baseUrl, bearerToken: 'host-bearer', teamId: 'team_1' };

test('the server answers a GET, one of the generated folder and a token', async () => {
  const { data } = await createClient(options).GET('/v2/connect/connectors');
  expect(data.connectors[0]?.uid).toBe('slack/acme');
  const client = createClient<paths>({ ...options, operations });
  const found = await client.call('getProject', { params: { path: { idOrName: 'acme' } } });
  expect(found.data.name).toBe('acme');
  await expect(client.call('getProject', { params: { path: { idOrName: 'gone' } } })).rejects.toThrow(
    NotFoundError,
  );
  const connect = createConnectClient({ baseUrl, bearerToken: 'host-bearer' });
  expect(await connect.getToken('slack/acme', { subject: { type: 'app' } })).toMatch(/^host-token-\d+$/);
});
