// What a library exports without annotations. A compiler that writes its declarations has to name each of these types.
import { createClient, environmentCredential, paginate, stream, upload } from 'vercel-rest';
import * as connect from 'vercel-rest/connect';
import {
  createRateLimits,
  deployFolder,
  limited,
  type PlatformPaths,
  platformOperations,
  poll,
  waitForDeployment,
  waitForDomain,
} from 'vercel-rest/platform';

export const client = createClient({ bearerToken: environmentCredential() });
export const list = async () => (await client.GET('/v2/connect/connectors')).data;
export const result = () => client.GET('/v2/connect/connectors', { params: { query: { limit: 1 } } });
export const called = () => client.call('listConnectors');
export const listing = paginate(client, 'listConnectors');
export const { pages } = listing;
export const events = () => stream(client, 'listConnectors');
export const sent = () => upload(client, 'createConnector', { file: new Uint8Array() });
export const { GET, POST, call, operations } = client;
export const { listConnectors } = client.operations;

export class Service {
  readonly client = createClient();
  readonly connect = connect.createConnectClient();
  readonly list = () => this.client.GET('/v2/connect/connectors');
}

const app = { type: 'app' } as const;
export const { getToken, tryGetToken, connectors, projects, triggers } = connect.createConnectClient();
export const { create, createManaged } = connectors;
export const token = () => connect.getTokenResponse('slack/acme', { subject: app });
export const source = connect.tokenSource('slack/acme', { subject: app });
export const started = () => connect.startAuthorization('slack/acme', { subject: app });
export const metadata = () => connect.getConnectorMetadata('slack/acme');
export const imported = () => connect.importTokens('slack/acme', []);
export const verifier = { ...connect.createTriggerVerifier() };
export const connectFetch = connect.createConnectFetch(
  'slack/acme',
  { subject: app },
  { origin: 'https://slack.com' },
);

export const platform = createClient<PlatformPaths>({ operations: platformOperations });
export const many = limited(platform);
export const { GET: limitedGet } = many;
export const limits = { ...createRateLimits() };
export const polled = () => poll(list, (value) => value.connectors.length > 0);
export const ready = () => waitForDeployment(platform, 'dpl_1');
export const domain = () => waitForDomain(platform, 'shop', 'example.com');
export const deployed = () => deployFolder(platform, 'dist', { deployment: { name: 'shop' } });
