// Express from a CommonJS file: the package is loaded by require(), which Node 20.19 and later do with ES modules.
const express = require('express');
const { createClient } = require('vercel-rest');
const { createConnectClient, verifyTrigger, VerificationError } = require('vercel-rest/connect');

const options = { baseUrl: process.env.API_URL, bearerToken: 'host-bearer' };
const rest = createClient(options);
const connect = createConnectClient(options);
const app = express();
app.get('/', async (_request, response) => {
  const { data } = await rest.GET('/v2/connect/connectors');
  const token = await connect.getToken('slack/acme', { subject: { type: 'app' } });
  response.json({ uid: data.connectors[0].uid, token });
});
app.post('/trigger', async (request, response) => {
  try {
    await verifyTrigger(request, { connector: 'slack/acme', projectId: 'prj_1', environment: 'production' });
    response.status(204).end();
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    response.status(error.status).end();
  }
});

const server = app.listen(0, '127.0.0.1', async () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const body = await (await fetch(origin)).text();
  // A trigger without a token is refused, not an error of the server.
  const { status } = await fetch(`${origin}/trigger`, { method: 'POST', body: '{}' });
  server.close();
  if (!/^\{"uid":"slack\/acme","token":"host-token-\d+"\}$/.test(body))
    throw new Error(`the app answered ${body}`);
  if (status !== 401) throw new Error(`a trigger without a token was answered ${status}`);
  console.log('ran: trigger refused');
});
