// Makes each kind of call against each kind of failure with the packed build, and prints the stacks as JSON.
// Usage: node stacks-child.mjs <folder of the build> <url of the server of stacks.test.ts>
const [folder, url] = process.argv.slice(2);
const { createClient, paginate, stream, upload } = await import(`${folder}/index.js`);
const { createConnectClient } = await import(`${folder}/connect/index.js`);

const CONNECTOR = { params: { path: { connector: 'slack/acme-slack' } } };
const APP = { subject: { type: 'app' } };

// Functions of the caller, whose names the stacks have to hold.
const CALLS = {
  async callerOfPath({ rest }) {
    await rest.GET('/v1/connect/connectors/{connector}', CONNECTOR);
  },
  async callerOfId({ rest }) {
    await rest.call('getConnector', CONNECTOR);
  },
  async callerOfOperation({ rest }) {
    await rest.operations.getConnector(CONNECTOR);
  },
  async callerOfList({ rest }) {
    for await (const _ of paginate(rest, 'listConnectors')) break;
  },
  async callerOfStream({ rest }) {
    for await (const _ of stream(rest, 'listConnectors', { timeout: 150 })) break;
  },
  async callerOfUpload({ rest }) {
    await upload(rest, 'uploadFile', { file: new Uint8Array([1]) });
  },
  async callerOfToken({ connect }) {
    await connect.getToken('slack/acme-slack', APP);
  },
  async callerOfTokenFunction({ renewing }) {
    await renewing.getTokenResponse('slack/acme-slack', APP);
  },
  async callerOfTokenSource({ connect }) {
    await connect.tokenSource('slack/other', APP).getToken();
  },
  async callerOfManagement({ connect }) {
    await connect.connectors.get('slack/acme-slack');
  },
  async callerOfManagedList({ connect }) {
    for await (const _ of connect.connectors.list()) break;
  },
  async callerOfRevocation({ connect }) {
    await connect.revokeToken('slack/acme-slack', APP);
  },
  async callerOfMetadata({ connect }) {
    await connect.getConnectorMetadata('slack/acme-slack');
  },
  async callerOfConsent({ connect }) {
    await connect.startAuthorization('slack/acme-slack', { subject: { type: 'user', id: 'u' } });
  },
};

const stacks = [];
for (const failure of ['404', '500', 'hang', 'reset', 'malformed']) {
  const options = { baseUrl: `${url}/${failure}`, bearerToken: 'bearer', maxRetries: 0, timeout: 150 };
  const clients = {
    rest: createClient(options),
    connect: createConnectClient(options),
    renewing: createConnectClient({ ...options, bearerToken: async () => 'bearer' }),
  };
  for (const [caller, call] of Object.entries(CALLS)) {
    const error = await call(clients).then(
      () => undefined,
      (thrown) => thrown,
    );
    stacks.push({ failure, caller, name: error?.name, message: error?.message, stack: error?.stack });
  }
}
process.stdout.write(JSON.stringify(stacks));
