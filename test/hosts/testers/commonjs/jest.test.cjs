// A CommonJS test that loads the package as it is, with import(): what Jest has the flag --experimental-vm-modules for.
let rest;
let connectModule;
beforeAll(async () => {
  rest = await import('vercel-rest');
  connectModule = await import('vercel-rest/connect');
});

test('the mock answers a typed GET', async () => {
  const { createMock } = await import('vercel-rest/msw');
  const { setupServer } = await import('msw/node');
  const mock = createMock();
  const server = setupServer(...mock.handlers);
  server.listen();
  mock.respond('listConnectors', 404);
  const call = rest.createClient({ bearerToken: 'mocked' }).call('listConnectors');
  await expect(call).rejects.toMatchObject({ name: 'NotFoundError' });
  expect(mock.requests.map(({ status }) => status)).toEqual([404]);
  server.close();
  process.stdout.write('\nran: mock test\n');
});

test('the server answers a GET and a token', async () => {
  const options = { baseUrl: process.env.API_URL, bearerToken: 'host-bearer' };
  const { data } = await rest.createClient(options).GET('/v2/connect/connectors');
  expect(data.connectors[0].uid).toBe('slack/acme');
  const connect = connectModule.createConnectClient(options);
  expect(await connect.getToken('slack/acme', { subject: { type: 'app' } })).toMatch(/^host-token-\d+$/);
});
