import type { CallFacts } from '../../errors/index.js';
import { toPlainJson } from '../../http/json-copy.js';
import { checkConnector, checkGrantParams, checkTokenParams } from '../check-arguments.js';
import { checkConnectOptions } from '../gateway.js';
import type { State } from '../state.js';
import { takeDown } from '../tokens/token-key.js';
import { requireObject } from '../tokens/token-response.js';
import type { ConnectTokenParams } from '../types.js';
import type {
  ConnectAuthorizationOptions,
  ConnectAuthorizationResponse,
  ConnectInstallationOptions,
  ConnectInstallationParams,
  ConnectInstallationResponse,
} from './types.js';
import { checkCallbackUrl, checkWebhookUrl, isDetached } from './urls.js';

const AUTHORIZE: CallFacts = { method: 'POST', path: '/v1/connect/authorize/{connector}' };
const INSTALL: CallFacts = { method: 'POST', path: '/v1/connect/install/{connector}' };

/** See {@link ConnectClient.startAuthorization}. */
export async function startAuthorization(
  state: State,
  connector: string,
  params: ConnectTokenParams,
  options: ConnectAuthorizationOptions = {},
): Promise<ConnectAuthorizationResponse> {
  checkConnector(connector);
  checkTokenParams(params);
  checkConnectOptions(options);
  const { callbackUrl, webhook, deviceCode, expiresInMs, prompt, additionalParams, ...own } = options;
  const { validityBufferMs } = params;
  const body = {
    ...takeDown(connector, params, state.identify).body,
    ...definedFields({ validityBufferMs }),
    ...interaction({ callbackUrl, webhook, deviceCode }, 'callbackUrl'),
    ...definedFields({ expiresInMs, prompt, additionalParams }),
  };
  return open(state, 'createConnectorAuthorizationRequest', AUTHORIZE, { connector, params, body, own });
}

/** See {@link ConnectClient.startInstallation}. */
export async function startInstallation(
  state: State,
  connector: string,
  params: ConnectInstallationParams = {},
  options: ConnectInstallationOptions = {},
): Promise<ConnectInstallationResponse> {
  checkConnector(connector);
  checkGrantParams(params);
  checkConnectOptions(options);
  const { returnUrl, webhook, tenantId, deviceCode, expiresInMs, ...own } = options;
  const body = {
    // A plain object went in, so a plain object comes out.
    ...(toPlainJson('params', params) as object),
    ...interaction({ callbackUrl: returnUrl, webhook, deviceCode }, 'returnUrl'),
    ...definedFields({ tenantId, expiresInMs }),
  };
  const wanted: ConnectTokenParams = { ...params, subject: { type: 'app' } };
  return open(state, 'createConnectorInstallationRequest', INSTALL, { connector, params: wanted, body, own });
}

interface Interaction {
  readonly callbackUrl: string | undefined;
  readonly webhook: string | undefined;
  readonly deviceCode: boolean | undefined;
}

/** @throws {InvalidArgumentError} For a URL that Connect would refuse, before anything is sent. */
function interaction({ callbackUrl, webhook, deviceCode }: Interaction, field: string): object {
  const detached = isDetached();
  const returnUrl = detached ? undefined : callbackUrl;
  if (returnUrl !== undefined) checkCallbackUrl(returnUrl, field);
  if (webhook !== undefined) checkWebhookUrl(webhook);
  return definedFields({ returnUrl, webhook, deviceCode: deviceCode ?? (detached || undefined) });
}

interface Opening {
  readonly connector: string;
  /** The token that is wanted in the end. */
  readonly params: ConnectTokenParams;
  readonly body: object;
  readonly own: Pick<ConnectAuthorizationOptions, 'vercelToken' | 'region' | 'signal'>;
}

async function open(
  { gateway, refusals, consents }: State,
  operationId: 'createConnectorAuthorizationRequest' | 'createConnectorInstallationRequest',
  facts: CallFacts,
  { connector, params, body, own }: Opening,
): Promise<ConnectAuthorizationResponse> {
  const init = { params: { path: { connector } }, body, signal: own.signal };
  const { data, response } = await gateway.reach(own, ({ client, bearer }) =>
    client.call(operationId, { ...init, bearerToken: bearer }),
  );
  requireObject(data, response, facts);
  // A connector has two names, so all that was refused is asked again.
  refusals.forget(() => true);
  const { signal: _, ...caller } = own;
  consents.set(data, { connector, params: structuredClone(params), caller });
  return data;
}

function definedFields(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
