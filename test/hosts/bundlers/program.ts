// What each bundle does: a GET with the built-in types, one through the generated folder, an error, and a token.
import { createClient, NotFoundError } from 'vercel-rest';
import { createConnectClient } from 'vercel-rest/connect';
import { operations, type paths, type ResponseOf } from './vercel';

export async function program(baseUrl: string): Promise<void> {
  const options = { baseUrl, bearerToken: 'host-bearer', teamId: 'team_1' };
  const { data } = await createClient(options).GET('/v2/connect/connectors');
  expect(data.connectors[0]?.uid, 'slack/acme');

  const client = createClient<paths>({ ...options, operations });
  const found = await client.call('getProject', { params: { path: { idOrName: 'acme' } } });
  const project: ResponseOf<'getProject'> = found.data;
  expect(project.name, 'acme');
  const error = await client.call('getProject', { params: { path: { idOrName: 'gone' } } }).catch(asError);
  expect(error instanceof NotFoundError && error.name, 'NotFoundError');

  const connect = createConnectClient({ baseUrl, bearerToken: 'host-bearer' });
  const token = await connect.getToken('slack/acme', { subject: { type: 'app' } });
  expect(token.startsWith('host-token-'), true);
}

function expect(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`expected ${String(expected)}, got ${String(actual)}`);
}

function asError(error: unknown): unknown {
  return error;
}
