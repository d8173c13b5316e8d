import { createClient } from 'vercel-rest';
import { freshToken } from '../../../token';

export const runtime = 'edge';
export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const client = createClient({ baseUrl: process.env.API_URL ?? '', bearerToken: 'host-bearer' });
  const { data } = await client.GET('/v2/connect/connectors');
  return Response.json({ token: await freshToken(), connector: data.connectors[0]?.uid });
}
