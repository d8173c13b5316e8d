import { type ClientOptions, createClient, NotFoundError } from 'vercel-rest';
import { createConnectClient, UserAuthorizationRequiredError } from 'vercel-rest/connect';

const options: ClientOptions = { bearerToken: async () => 'token', teamId: 'team_1' };

export async function names(): Promise<string[]> {
  const { data } = await createClient(options).GET('/v2/connect/connectors', {
    params: { query: { limit: 10 } },
  });
  return data.connectors.map(({ name }) => name);
}

export async function token(): Promise<string | undefined> {
  const connect = createConnectClient({ bearerToken: 'token' });
  try {
    return await connect.getToken('slack/acme', { subject: { type: 'app' }, scopes: ['chat:write'] });
  } catch (error) {
    if (error instanceof UserAuthorizationRequiredError || error instanceof NotFoundError) return undefined;
    throw error;
  }
}

// @ts-expect-error: the document has no such path.
export const wrong = () => createClient(options).GET('/v2/connect/conectors');
