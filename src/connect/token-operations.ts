import { checkArgument, InvalidArgumentError } from '../errors/index.js';
import { isRecord } from '../util/is-record.js';
import { checkConnector, checkFieldNames, checkOptionalText, readSubject } from './check-arguments.js';
import type { ConnectConnector } from './management/types.js';
import { callOptionNames, readOptions } from './request-context.js';
import { callForObject, callOperation } from './rest-client.js';
import type { State } from './state.js';
import { copyArgument, withoutToken } from './tokens/token-request.js';
import type {
  ConnectOptions,
  ConnectorMetadata,
  ConnectRevokeParams,
  ConnectTokenParams,
  DeleteEntryOptions,
} from './types.js';

/** See {@link ConnectClient.revokeToken}. */
export async function revokeToken(
  { contexts, grants, identify }: State,
  connector: string,
  params: ConnectRevokeParams,
  options?: ConnectOptions,
): Promise<void> {
  checkConnector(connector);
  checkArgument(isRecord(params), 'params', 'must be an object with a subject', params);
  const body = readRevocation(params, 'params');
  const own = readOptions(options);
  // As text: a revocation that succeeded has no body that matters, and must not fail for one that cannot be parsed.
  const sent = { path: { connector }, body, parseAs: 'text' } as const;
  await contexts.resolve(own, (context) => callOperation(context, 'revokeConnectorTokens', sent, own.signal));
  // For every caller and all scopes: no token of the revoked grant may be served again.
  await grants.end({ type: 'subject', connector, revoked: withoutSubjectToken(body, identify) });
}

/**
 * Checks and copies whose tokens to revoke.
 *
 * @throws {InvalidArgumentError}
 */
export function readRevocation(params: object, name: string): ConnectRevokeParams {
  const body = copyArgument(name, params);
  checkFieldNames(body, name);
  body.subject = readSubject(body.subject, `${name}.subject`);
  checkOptionalText(body.installationId, `${name}.installationId`);
  return body as unknown as ConnectRevokeParams; // It was just checked.
}

/** Returns a revocation as entries are compared with it. */
export function withoutSubjectToken(
  revoked: ConnectRevokeParams,
  identify: State['identify'],
): ConnectRevokeParams {
  // A subject stays a subject.
  return { ...revoked, subject: withoutToken(revoked.subject, identify) as ConnectRevokeParams['subject'] };
}

const DELETE_OPTIONS = callOptionNames({
  vercelToken: true,
  token: true,
} satisfies Readonly<Record<keyof DeleteEntryOptions, true>>);

/** See {@link ConnectClient.deleteTokenCacheEntry}. */
export function deleteTokenCacheEntry(
  { grants, identify, readRequest }: State,
  connector: string,
  params: ConnectTokenParams,
  options?: DeleteEntryOptions,
): void {
  const request = readRequest(connector, params);
  const { vercelToken } = readOptions(options, DELETE_OPTIONS);
  const token = options?.token;
  const identity = vercelToken === undefined ? undefined : identify(vercelToken);
  // Does not wait for the other processes: a store that is unreachable now is written to later.
  if (token === undefined) void grants.end({ type: 'arguments', request, identity });
  else if (typeof token === 'string' && token !== '')
    void grants.end({ type: 'token', request, identity, token });
  else throw new InvalidArgumentError('options.token', 'must be the token that was refused');
}

/** See {@link ConnectClient.getConnectorMetadata}. */
export async function getConnectorMetadata(
  { contexts }: State,
  connector: string,
  options?: ConnectOptions,
): Promise<ConnectorMetadata> {
  checkConnector(connector);
  const own = readOptions(options);
  const sent = { path: { connector } };
  const { data: vendor, ...metadata } = await contexts.resolve(own, (context) =>
    callForObject<ConnectConnector>(context, 'getConnector', sent, own.signal),
  );
  return { ...metadata, vendor: vendor ?? {} };
}
