import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createClient } from 'vercel-rest';
import { createConnectClient, VerificationError, verifyTrigger } from 'vercel-rest/connect';

const options = { baseUrl: process.env.API_URL, bearerToken: 'host-bearer' };
const rest = createClient(options);
const connect = createConnectClient(options);
const app = new Hono();
app.get('/', async (context) => {
  const { data } = await rest.GET('/v2/connect/connectors');
  const token = await connect.getToken('slack/acme', { subject: { type: 'app' } });
  return context.json({ uid: data.connectors[0].uid, token });
});
app.get('/gone', async (context) => context.json(await connect.getConnectorMetadata('gone')));
app.post('/trigger', async (context) => {
  try {
    await verifyTrigger(context.req.raw, {
      connector: 'slack/acme',
      projectId: 'prj_1',
      environment: 'production',
    });
    return context.body(null, 204);
  } catch (error) {
    if (error instanceof VerificationError) return context.body(null, error.status);
    throw error;
  }
});

const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, async ({ port }) => {
  const origin = `http://127.0.0.1:${port}`;
  const body = await (await fetch(origin)).text();
  const { status } = await fetch(`${origin}/trigger`, { method: 'POST', body: '{}' });
  const gone = await fetch(`${origin}/gone`);
  server.close();
  if (!/^\{"uid":"slack\/acme","token":"host-token-\d+"\}$/.test(body))
    throw new Error(`the app answered ${body}`);
  if (status !== 401) throw new Error(`a trigger without a token was answered ${status}`);
  if (gone.status !== 500) throw new Error(`a 404 of the API was answered ${gone.status}`);
  console.log('ran: trigger refused, 404 of the API not passed on');
});
