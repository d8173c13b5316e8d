import { InvalidArgumentError } from '../../errors/index.js';
import { isRecord, recordOf } from '../../util/is-record.js';
import { describeValue } from '../../util/redact.js';
import { checkConnector } from '../check-arguments.js';
import { type CallOptions, callOptionNames, readOptions } from '../request-context.js';
import type { State } from '../state.js';
import { findToken } from '../tokens/find-token.js';
import { type TokenRequest, withoutToken } from '../tokens/token-request.js';
import type { ConnectTokenResponse } from '../types.js';
import { authorizationOf, type ConsentChallenge } from './consent-required.js';
import { type Polled, pollResult } from './poll-result.js';
import type { ConnectAuthorizationResponse, WaitOptions } from './types.js';

/** Remembers the arguments of a request for consent, so that the wait for it knows which token to get. */
export interface StartedConsent {
  readonly request: TokenRequest;
  readonly caller: Pick<CallOptions, 'vercelToken' | 'region'>;
}

const WAIT_OPTIONS = callOptionNames({
  ...{ vercelToken: true, region: true, signal: true, onPending: true, connector: true, params: true },
} satisfies Readonly<Record<keyof WaitOptions, true>>);

/** See {@link ConnectClient.waitForAuthorization}. */
export async function waitForAuthorization(
  state: State,
  authorization: ConnectAuthorizationResponse | ConsentChallenge,
  options: WaitOptions = {},
): Promise<ConnectTokenResponse> {
  const given = readOptions(options, WAIT_OPTIONS);
  const { verifier, expiresAt, request, caller } = readConsent(state, authorization, options);
  const own: CallOptions = {
    vercelToken: given.vercelToken ?? caller.vercelToken,
    region: given.region ?? caller.region,
    signal: given.signal,
    forceRefresh: false,
  };
  const result = await pollResult(state, { verifier, expiresAt }, own, options.onPending);
  const { subject } = request.body;
  const isApp = isRecord(subject) && subject.type === 'app';
  // Installing an app can be what any subject waited for.
  state.grants.consented(isApp ? undefined : withoutToken(subject, state.identify));
  const installationId = result.data?.installationId;
  const wanted = { validityBufferMs: request.bufferMs, ...request.body };
  const params = isApp && installationId !== undefined ? { installationId, ...wanted } : wanted;
  // What a cache holds was issued under the consent before this one.
  const token = findToken(state, state.readRequest(request.connector, params), {
    ...own,
    forceRefresh: true,
  });
  return structuredClone(await token);
}

interface Consent extends StartedConsent, Polled {}

function readConsent(
  { consents, readRequest }: State,
  asked: ConnectAuthorizationResponse | ConsentChallenge,
  { connector, params }: WaitOptions,
): Consent {
  const authorization = authorizationOf(asked) ?? asked;
  const given = recordOf(authorization);
  const { verifier, expiresAt, connector: named } = given;
  if (typeof verifier !== 'string' || verifier === '') {
    throw new InvalidArgumentError(
      'authorization',
      `must be what startAuthorization or startInstallation gave, with its verifier, got ${describeValue(authorization)}`,
    );
  }
  if (expiresAt !== undefined && (typeof expiresAt !== 'number' || !Number.isFinite(expiresAt))) {
    throw new InvalidArgumentError(
      'authorization.expiresAt',
      `must be a time in epoch milliseconds, got ${describeValue(expiresAt)}`,
    );
  }
  const started = consents.get(authorization);
  const polled = { verifier, expiresAt, caller: started?.caller ?? NO_CALLER };
  if (connector === undefined && params === undefined && started !== undefined)
    return { ...polled, request: started.request };
  const chosen = connector ?? started?.request.connector ?? (isRecord(named) ? named.id : named);
  const wanted =
    params ?? (started && { validityBufferMs: started.request.bufferMs, ...started.request.body });
  checkConnector(chosen);
  if (wanted === undefined) {
    throw new InvalidArgumentError(
      'options.params',
      'must say which token is wanted: this authorization was not started by this client',
    );
  }
  return { ...polled, request: readRequest(chosen, wanted) };
}

const NO_CALLER: StartedConsent['caller'] = { vercelToken: undefined, region: undefined };
