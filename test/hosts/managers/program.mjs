import { createClient } from 'vercel-rest';
import { createConnectClient } from 'vercel-rest/connect';

const options = { baseUrl: process.env.API_URL, bearerToken: 'host-bearer' };
const { data } = await createClient(options).GET('/v2/connect/connectors');
const token = await createConnectClient(options).getToken('slack/acme', { subject: { type: 'app' } });
if (data.connectors[0].uid !== 'slack/acme' || !token.startsWith('host-token-'))
  throw new Error('wrong answers');
// With the optional peers, their subpaths load too.
if (await isInstalled('msw')) await import('vercel-rest/msw');
if (await isInstalled('redis')) await import('vercel-rest/redis');

function isInstalled(name) {
  return import(name).then(
    () => true,
    () => false,
  );
}
