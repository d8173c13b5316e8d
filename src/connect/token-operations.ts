import { InvalidArgumentError } from '../errors/index.js';
import { toPlainJson } from '../http/json-copy.js';
import { checkToken } from '../transport/auth/credentials.js';
import { isRecord } from '../util/is-record.js';
import { describeValue } from '../util/redact.js';
import { checkConnector, checkOptionalText, checkSubject, checkTokenParams } from './check-arguments.js';
import type { State } from './state.js';
import { isRevoked } from './tokens/revoked.js';
import { takeDown } from './tokens/token-key.js';
import { requireObject } from './tokens/token-response.js';
import type { Topic } from './tokens/wish.js';
import type { ConnectOptions, ConnectorMetadata, ConnectRevokeParams, ConnectTokenParams } from './types.js';

/** See {@link ConnectClient.revokeToken}. */
export async function revokeToken(
  { gateway, cache, refusals, shared }: State,
  connector: string,
  params: ConnectRevokeParams,
  options?: ConnectOptions,
): Promise<void> {
  checkConnector(connector);
  if (!isRecord(params)) {
    throw new InvalidArgumentError(
      'params',
      `must be an object with a subject, got ${describeValue(params)}`,
    );
  }
  checkSubject(params.subject, 'params.subject');
  checkOptionalText(params.installationId, 'params.installationId');
  const body = toPlainJson('params', params) as ConnectRevokeParams; // A copy of what was just checked.
  const init = { params: { path: { connector } }, body, signal: options?.signal };
  // As text: a revocation that succeeded has no body that matters, and must not fail for one that cannot be parsed.
  await gateway.reach(options, ({ client, bearer }) =>
    client.call('revokeConnectorTokens', { ...init, bearerToken: bearer, parseAs: 'text' }),
  );
  // Whoever asked for it, and with whatever scopes: what the revoked grant had issued must not be handed out again.
  cache.drop((topic, value) => isRevoked(topic, value, connector, body));
  refusals.forget((topic) => isRevoked(topic, undefined, connector, body));
  await shared?.use((tokens) => tokens.endGrant(connector, body.subject));
}

/** See {@link ConnectClient.deleteTokenCacheEntry}. */
export function deleteTokenCacheEntry(
  { cache, refusals, shared, identify }: State,
  connector: string,
  params: ConnectTokenParams,
  options?: Pick<ConnectOptions, 'vercelToken'>,
): void {
  checkConnector(connector);
  checkTokenParams(params);
  const { argumentsKey, body } = takeDown(connector, params, identify);
  const { vercelToken } = options ?? {};
  const identity = vercelToken === undefined ? undefined : identify(checkToken('vercelToken', vercelToken));
  const isMeant = (topic: Topic) =>
    topic.argumentsKey === argumentsKey && (identity === undefined || topic.identity === identity);
  cache.drop(isMeant);
  refusals.forget(isMeant);
  // Nobody waits for the other processes here: a store that cannot be told now is told later.
  const topic = { argumentsKey, connector, params: body };
  void shared?.use((tokens) => tokens.endArguments(topic, identity));
}

/** See {@link ConnectClient.getConnectorMetadata}. */
export async function getConnectorMetadata(
  { gateway }: State,
  connector: string,
  options?: ConnectOptions,
): Promise<ConnectorMetadata> {
  checkConnector(connector);
  const init = { params: { path: { connector } }, signal: options?.signal };
  const { data, response } = await gateway.reach(options, ({ client, bearer }) =>
    client.call('getConnector', { ...init, bearerToken: bearer }),
  );
  requireObject(data, response, { method: 'GET', path: '/v1/connect/connectors/{connector}' });
  const { data: vendor, ...metadata } = data;
  return { ...metadata, vendor: vendor ?? {} };
}
