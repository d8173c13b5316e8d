// Express from a CommonJS file: the package is loaded by require(), which Node 20.19 and later do with ES modules.
const express = require('express');
const { createClient, VercelError } = require('vercel-rest');
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
app.get('/gone', async (_request, response) => {
  response.json(await connect.getConnectorMetadata('gone'));
});
app.post('/trigger', async (request, response) => {
  await verifyTrigger(request, { connector: 'slack/acme', projectId: 'prj_1', environment: 'production' });
  response.status(204).end();
});
// As in docs/recipes/express.md: without it Express answers with the status of the error.
app.use((error, _request, response, next) => {
  if (response.headersSent || !(error instanceof VercelError)) return next(error);
  response.status(error instanceof VerificationError ? error.status : 502).end();
});

const server = app.listen(0, '127.0.0.1', async () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const body = await (await fetch(origin)).text();
  // A trigger without a token is refused, not an error of the server.
  const { status } = await fetch(`${origin}/trigger`, { method: 'POST', body: '{}' });
  const gone = await fetch(`${origin}/gone`);
  server.close();
  if (!/^\{"uid":"slack\/acme","token":"host-token-\d+"\}$/.test(body))
    throw new Error(`the app answered ${body}`);
  if (status !== 401) throw new Error(`a trigger without a token was answered ${status}`);
  if (gone.status !== 502) throw new Error(`a 404 of the API was answered ${gone.status}`);
  console.log('ran: trigger refused, 404 of the API not passed on');
});
