// The package in client code. The page's address holds the API and the bearer, so that neither is in the bundle.
import { createClient } from 'vercel-rest';
import { createConnectClient } from 'vercel-rest/connect';

export async function runInBrowser(): Promise<void> {
  try {
    const { api: baseUrl, bearer: bearerToken } = Object.fromEntries(
      new URLSearchParams(location.hash.slice(1)),
    );
    const options = { baseUrl, bearerToken };
    const { data } = await createClient(options).GET('/v2/connect/connectors');
    const token = await createConnectClient(options).getToken('slack/acme', { subject: { type: 'app' } });
    if (data.connectors[0]?.uid !== 'slack/acme' || !token.startsWith('host-token-'))
      throw new Error('wrong data');
    document.body.setAttribute('id', 'done');
  } catch (error) {
    document.title = String(error instanceof Error ? (error.stack ?? error.message) : error);
    document.body.setAttribute('id', 'failed');
  }
}
