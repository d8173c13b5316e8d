import type { components } from '../../generated/index.js';
import { isRecord } from '../../util/is-record.js';
import { type Connector, describeConnector } from './connector-state.js';
import { tokenPrefixOf } from './defaults.js';
import { connectorOf, type EmulatedOperations } from './emulated-call.js';
import type { State } from './emulator-state.js';
import { HttpError } from './http-error.js';
import { requireAccess, requireLink } from './identify.js';
import type { Grant, StoredToken } from './stored-tokens.js';

type TokenRequest = components['schemas']['ConnectTokenRequest'];
type Subject = NonNullable<TokenRequest['subject']>;

const DEFAULT_BUFFER_MS = 30_000;

export const tokenOperations = {
  /** POST /v1/connect/token/{connector}. */
  getConnectorToken(call) {
    const connector = connectorOf(call);
    const { state, caller, body = {} } = call;
    requireLink(connector, caller);
    const subject: Subject = body.subject ?? { type: 'app' };
    if (state.account === 'empty' && caller.kind === 'access') requireAccess(connector, subject, caller);
    const { uid, supportedSubjectTypes } = connector.facts;
    if (!supportedSubjectTypes.includes(subject.type)) {
      const supported = supportedSubjectTypes.join(', ');
      throw new HttpError(
        400,
        `The connector ${uid} has no tokens for subjects of type "${subject.type}"; it has ${supported}.`,
      );
    }
    const grant = grantOf(connector, caller.holder, { ...body, subject });
    const { validityBufferMs = DEFAULT_BUFFER_MS } = body;
    const now = state.now();
    const isValid = (token: StoredToken) => token.expiresAt - now > validityBufferMs;
    const stored = state.tokens.find(grant, caller.environment, isValid) ?? issue(state, connector, grant);
    const { id, type, name, defaultInstallationId } = describeConnector(connector);
    const userId = subject.type === 'user' && typeof subject.id === 'string' ? subject.id : undefined;
    const { externalSubject = userId } = stored;
    const installationId = grant.installationId === '*' ? defaultInstallationId : grant.installationId;
    return {
      body: {
        token: stored.token,
        tokenId: stored.tokenId,
        expiresAt: stored.expiresAt,
        connector: { id, type, uid },
        name: stored.name ?? name,
        ...(installationId === undefined ? {} : { installationId }),
        ...(externalSubject === undefined ? {} : { externalSubject }),
      },
    };
  },
  /** DELETE /v1/connect/connectors/{connector}/tokens. */
  revokeConnectorTokens(call) {
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
    // A user's token is revoked together with its grant, so the user must consent again.
    if (subject === undefined && installationId === undefined) connector.users.clear();
    for (const revoked of [subject, ...dropped.map(({ grant }) => grant.subject)])
      if (revoked?.type === 'user' && typeof revoked.id === 'string') connector.users.delete(revoked.id);
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
  },
} satisfies EmulatedOperations;

/** Issues a token. @throws {HttpError} 422 without a stored credential, an installation or the user's consent. */
function issue(
  state: State,
  { facts, issuesTokens, installations, users, tokenPrefix }: Connector,
  grant: Grant,
): StoredToken {
  const { uid } = facts;
  if (!issuesTokens) throw new HttpError(422, `No valid token is stored for ${uid}.`, 'no_token');
  const { installationId, subject } = grant;
  const isAny = installationId === undefined || installationId === '*';
  const isInstalled = isAny ? installations.size > 0 : installations.has(installationId);
  if (facts.supportsInstallation && !isInstalled) {
    const which = installationId === undefined ? '' : ` as ${installationId}`;
    throw new HttpError(
      422,
      `The connector ${uid} is not installed${which}.`,
      'client_installation_required',
    );
  }
  if (subject.type === 'user' && !(typeof subject.id === 'string' && users.has(subject.id)))
    throw new HttpError(422, `The user has not authorized ${uid} yet.`, 'user_authorization_required');
  const prefix = tokenPrefix ?? tokenPrefixOf(facts.type, String(subject.type));
  return state.tokens.issue(grant, prefix, state.now() + state.tokenLifetimeMs);
}

/** Makes the grant of a token request or an imported token, with the connector's defaults. */
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

/** Whether a subject has every field that another names. */
function includes(whole: Readonly<Record<string, unknown>>, part: unknown): boolean {
  return isRecord(part) && Object.entries(part).every(([field, value]) => whole[field] === value);
}
