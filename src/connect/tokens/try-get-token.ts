import { isRecord } from '../../util/is-record.js';
import {
  ClientNotEnabledForEnvironmentError,
  ClientNotLinkedToProjectError,
  ConnectError,
  ConnectorInstallationRequiredError,
  ConnectorNotFoundError,
  NoValidTokenError,
  UserAuthorizationRequiredError,
} from '../errors.js';
import { readOptions } from '../request-context.js';
import type { State } from '../state.js';
import type { ConnectOptions, ConnectTokenParams, TokenAbsence, TokenOutcome } from '../types.js';
import { findToken } from './find-token.js';

const ABSENCES: readonly (readonly [errorClass: typeof ConnectError, reason: TokenAbsence])[] = [
  [UserAuthorizationRequiredError, 'user_authorization_required'],
  [ConnectorInstallationRequiredError, 'connector_installation_required'],
  [NoValidTokenError, 'no_token'],
  [ConnectorNotFoundError, 'connector_not_found'],
  [ClientNotLinkedToProjectError, 'client_not_linked_to_project'],
  [ClientNotEnabledForEnvironmentError, 'client_not_enabled_for_environment'],
];

/**
 * Returns a token, or the reason for its absence when an application has to expect it.
 *
 * @throws {VercelError} For everything else: no network, a refused credential, a limit passed, an argument that is wrong.
 *
 * @example
 * const outcome = await connect.tryGetToken('oauth/linear', { subject: { type: 'user', id: 'user_123' } });
 * if (!outcome.ok && outcome.reason === 'user_authorization_required') showConsentButton();
 */
export async function tryGetToken(
  state: State,
  connector: string,
  params: ConnectTokenParams,
  options?: ConnectOptions,
): Promise<TokenOutcome> {
  const request = state.readRequest(connector, params);
  const own = readOptions(options);
  try {
    const response = structuredClone(await findToken(state, request, own));
    // Providers list granted scopes in different places. Without a list none is missing.
    const granted = [response.claims, response.metadata].flatMap((holder) =>
      isRecord(holder) ? [holder.scope, holder.scopes, holder.scp].flatMap(readScopes) : [],
    );
    const isMissing = (scope: string) => granted.length > 0 && scope !== '*' && !granted.includes(scope);
    const missingScopes = readScopes(request.body.scopes).filter(isMissing);
    return { ok: true, token: response.token, response, missingScopes };
  } catch (error) {
    const reason = ABSENCES.find(([errorClass]) => error instanceof errorClass)?.[1];
    if (reason === undefined || !(error instanceof ConnectError)) throw error;
    return { ok: false, reason, error };
  }
}

/** A list of scopes, or text that separates them by spaces (RFC 6749 section 3.3) or commas. */
function readScopes(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  return typeof value === 'string' ? value.split(/[\s,]/).filter((item) => item !== '') : [];
}
