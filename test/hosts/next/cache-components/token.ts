// Asks for a token that is new at each call: one of the build, or of an earlier request, has a lower number.
import { createConnectClient } from 'vercel-rest/connect';

const connect = createConnectClient({ baseUrl: process.env.API_URL ?? '', bearerToken: 'host-bearer' });

export async function freshToken(): Promise<string> {
  const { token } = await connect.getTokenResponse(
    'slack/acme',
    { subject: { type: 'app' } },
    { forceRefresh: true },
  );
  return token;
}
