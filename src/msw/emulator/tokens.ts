import type { components } from '../../generated/index.js';
import { isRecord } from '../../util/is-record.js';
import { type Connector, describeConnector } from './connector-state.js';
import { tokenPrefixOf } from './defaults.js';
import { connectorOf, type EmulatedCall, type EmulatedOperation } from './emulated-call.js';
import { HttpError } from './http-error.js';
import { requireAccess, requireLink } from './identify.js';
import type { Grant, StoredToken } from './stored-tokens.js';

type TokenRequest = components['schemas']['ConnectTokenRequest'];
type Subject = NonNullable<TokenRequest['subject']>;

const DEFAULT_BUFFER_MS = 30_000;

/** POST /v1/connect/token/{connector}. */
export const getConnectorToken: EmulatedOperation<'getConnectorToken'> = (call) => {
  const connector = connectorOf(call);
  const { state, caller, body = {} } = call;
  requireLink(connector, caller);
  const subject: Subject = body.subject ?? { type: 'app' };
  if (state.account === 'empty' && caller.kind === 'access') requireAccess(connector, subject, caller);
  requireSubjectType(connector, subject.type);
  const grant = grantOf(connector, caller.holder, { ...body, subject });
  const { validityBufferMs = DEFAULT_BUFFER_MS } = body;
  const now = state.now();
  const lives = (token: StoredToken) => token.expiresAt - now > validityBufferMs;
  const stored = state.tokens.find(grant, caller.environment, lives) ?? issue(call, connector, grant);
  return { body: describeToken(connector, stored) };
};

/** @throws {HttpError} 400 for a subject type that the connector has no tokens for. */
function requireSubjectType({ facts }: Connector, type: string): void {
  if (facts.supportedSubjectTypes.includes(type)) return;
  const supported = facts.supportedSubjectTypes.join(', ');
  throw new HttpError(
    400,
    `The connector ${facts.uid} has no tokens for subjects of type "${type}"; it has ${supported}.`,
  );
}

function issue(
  { state }: EmulatedCall<'getConnectorToken'>,
  connector: Connector,
  grant: Grant,
): StoredToken {
  const { facts, issuesTokens } = connector;
  if (!issuesTokens) throw new HttpError(422, `No valid token is stored for ${facts.uid}.`, 'no_token');
  requireInstallation(connector, grant.installationId);
  requireConsent(connector, grant.subject);
  const prefix = connector.tokenPrefix ?? tokenPrefixOf(facts.type, String(grant.subject.type));
  return state.tokens.issue(grant, prefix, state.now() + state.tokenLifetimeMs);
}

function requireInstallation({ facts, installations }: Connector, installationId: string | undefined): void {
  if (!facts.supportsInstallation) return;
  const installed =
    installationId === undefined || installationId === '*'
      ? installations.size > 0
      : installations.has(installationId);
  if (installed) return;
  const which = installationId === undefined ? '' : ` as ${installationId}`;
  throw new HttpError(
    422,
    `The connector ${facts.uid} is not installed${which}.`,
    'client_installation_required',
  );
}

function requireConsent({ facts, users }: Connector, subject: Grant['subject']): void {
  if (subject.type !== 'user' || (typeof subject.id === 'string' && users.has(subject.id))) return;
  throw new HttpError(422, `The user has not authorized ${facts.uid} yet.`, 'user_authorization_required');
}

/** What a token request or an imported token is for, with the connector's defaults filled in. */
export function grantOf(
  connector: Connector,
  holder: string,
  wanted: Omit<TokenRequest, 'validityBufferMs' | 'subject'> & {
    readonly subject: Readonly<Record<string, unknown>>;
  },
): Grant {
  const { subject, scopes = ['*'], audience = [], resources = [], authorizationDetails = [] } = wanted;
  const [defaultInstallation] = connector.installations;
  return {
    connectorId: connector.facts.id,
    holder,
    subject,
    installationId: wanted.installationId ?? defaultInstallation,
    scopes,
    audience,
    resources,
    details: authorizationDetails,
  };
}

function describeToken(
  connector: Connector,
  { grant, token, tokenId, expiresAt, ...stored }: StoredToken,
): components['schemas']['ConnectTokenResponse'] {
  const { id, uid, type, name, defaultInstallationId } = describeConnector(connector);
  const user =
    grant.subject.type === 'user' && typeof grant.subject.id === 'string' ? grant.subject.id : undefined;
  const externalSubject = stored.externalSubject ?? user;
  const installationId = grant.installationId === '*' ? defaultInstallationId : grant.installationId;
  return {
    token,
    tokenId,
    expiresAt,
    connector: { id, type, uid },
    name: stored.name ?? name,
    ...(installationId === undefined ? {} : { installationId }),
    ...(externalSubject === undefined ? {} : { externalSubject }),
  };
}

/** DELETE /v1/connect/connectors/{connector}/tokens. */
export const revokeConnectorTokens: EmulatedOperation<'revokeConnectorTokens'> = (call) => {
  const connector = connectorOf(call);
  const { state, caller, body } = call;
  requireLink(connector, caller);
  const { subject, installationId } = body;
  const dropped = state.tokens.drop(
    ({ grant }) =>
      grant.connectorId === connector.facts.id &&
      (subject === undefined || includes(grant.subject, subject)) &&
      (installationId === undefined || grant.installationId === installationId),
  );
  withdrawConsents(connector, body, dropped);
  const found = dropped.length;
  const revocable = connector.facts.supportsRevocation;
  return {
    body: {
      tokensFound: found,
      deleted: found,
      providerRevoked: revocable ? found : 0,
      providerSkipped: revocable ? 0 : found,
      providerFailed: 0,
    },
  };
};

// A user's token is revoked together with the grant that it came from, so the user has to consent again.
function withdrawConsents(
  { users }: Connector,
  { subject, installationId }: components['schemas']['ConnectRevokeTokensRequest'],
  dropped: readonly StoredToken[],
): void {
  if (subject === undefined && installationId === undefined) users.clear();
  const named = subject?.type === 'user' ? [subject.id] : [];
  const held = dropped
    .filter(({ grant }) => grant.subject.type === 'user')
    .map(({ grant }) => grant.subject.id);
  for (const id of [...named, ...held]) if (typeof id === 'string') users.delete(id);
}

/** Whether a subject has every field that another names. */
function includes(whole: Readonly<Record<string, unknown>>, part: unknown): boolean {
  return isRecord(part) && Object.entries(part).every(([field, value]) => whole[field] === value);
}
