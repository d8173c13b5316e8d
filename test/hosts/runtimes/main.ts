// Runs as it is: TypeScript that a runtime strips itself, with the extensions that Node and Deno ask for.
import assert from 'node:assert/strict';
import { createClient, NotFoundError } from 'vercel-rest';
import { createConnectClient } from 'vercel-rest/connect';
import { operations, type paths, type ResponseOf } from './vercel/index.ts';

const baseUrl = process.env.API_URL ?? '';
const options = { baseUrl, bearerToken: 'host-bearer', teamId: 'team_1' };
const { data } = await createClient(options).GET('/v2/connect/connectors');
assert.equal(data.connectors[0]?.uid, 'slack/acme');

const client = createClient<paths>({ ...options, operations });
const found = await client.call('getProject', { params: { path: { idOrName: 'acme' } } });
const project: ResponseOf<'getProject'> = found.data;
assert.equal(project.name, 'acme');
await assert.rejects(client.call('getProject', { params: { path: { idOrName: 'gone' } } }), (error) => {
  assert.ok(error instanceof NotFoundError);
  assert.equal(error.constructor.name, 'NotFoundError');
  return true;
});

const connect = createConnectClient({ baseUrl, bearerToken: 'host-bearer' });
assert.match(await connect.getToken('slack/acme', { subject: { type: 'app' } }), /^host-token-\d+$/);
