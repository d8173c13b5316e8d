import { createClient } from 'vercel-rest';
import { operations, type paths, type ResponseOf } from './vercel/index.js';

export async function name(): Promise<string> {
  const client = createClient<paths>({ operations, bearerToken: 'token', teamId: 'team_1' });
  const { data } = await client.call('getProject', { params: { path: { idOrName: 'acme' } } });
  const project: ResponseOf<'getProject'> = data;
  return project.name;
}
