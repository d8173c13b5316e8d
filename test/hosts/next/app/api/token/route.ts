import { createClient } from 'vercel-rest';
import { freshToken } from '../../../token';
import { operations, type paths } from '../../../vercel';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const options = { baseUrl: process.env.API_URL ?? '', bearerToken: 'host-bearer', teamId: 'team_1' };
  const { data } = await createClient(options).GET('/v2/connect/connectors');
  const client = createClient<paths>({ ...options, operations });
  const project = await client.call('getProject', { params: { path: { idOrName: 'acme' } } });
  const token = await freshToken();
  return Response.json({ token, connector: data.connectors[0]?.uid, project: project.data.name });
}
