import { InvalidArgumentError } from '../errors/index.js';
import { isRecord } from '../is-record.js';
import { toPlainJson } from '../plain-json.js';
import { describeValue } from '../redact.js';
import { checkToken } from '../transport/credentials.js';
import { checkConnector, checkOptionalText, checkSubject, checkTokenParams } from './check-arguments.js';
import { isRevoked } from './revoked.js';
import type { State } from './state.js';
import { takeDown } from './token-key.js';
import { requireObject } from './token-response.js';
import type {
  ConnectImportResult,
  ConnectImportToken,
  ConnectOptions,
  ConnectorMetadata,
  ConnectRevokeParams,
  ConnectTokenParams,
} from './types.js';
import type { Topic } from './wish.js';

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

/** See {@link ConnectClient.importTokens}. */
export async function importTokens(
  { gateway, refusals }: State,
  connector: string,
  tokens: ConnectImportToken[],
  options?: ConnectOptions,
): Promise<ConnectImportResult> {
  checkConnector(connector);
  if (!Array.isArray(tokens))
    throw new InvalidArgumentError('tokens', `must be an array, got ${describeValue(tokens)}`);
  for (const [index, item] of tokens.entries()) checkImportToken(item, `tokens[${index}]`);
  const body = { tokens: toPlainJson('tokens', tokens) as ConnectImportToken[] }; // A copy of what was just checked.
  const init = { params: { path: { connector } }, body, signal: options?.signal };
  const { data, response } = await gateway
    .reach(options, ({ client, bearer }) =>
      client.call('importConnectorTokens', { ...init, bearerToken: bearer }),
    )
    // Also after a failure, which may have come when some were in. A connector has two names, so all are asked again.
    .finally(() => refusals.forget(() => true));
  requireObject(data, response, { method: 'POST', path: '/v1/connect/token/{connector}/import' });
  return data;
}

function checkImportToken(item: unknown, field: string): void {
  if (!isRecord(item)) throw new InvalidArgumentError(field, `must be an object, got ${describeValue(item)}`);
  checkToken(`${field}.accessToken`, item.accessToken);
  checkSubject(item.subject, `${field}.subject`);
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
