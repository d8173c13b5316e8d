import {
  APIConnectionError,
  APIError,
  InternalServerError,
  InvalidArgumentError,
  NotFoundError,
  RateLimitError,
} from '../../errors/index.js';
import type { components } from '../../generated/connect.js';
import { isRecord } from '../../util/is-record.js';
import { describeValue } from '../../util/redact.js';
import { sleep } from '../../util/sleep.js';
import { checkConnector } from '../check-arguments.js';
import { AuthorizationExpiredError, createConnectError } from '../errors.js';
import { type CallOptions, readOptions } from '../gateway.js';
import type { State } from '../state.js';
import { findToken } from '../tokens/find-token.js';
import { type TokenRequest, withoutToken } from '../tokens/token-request.js';
import { copyTokenResponse, requireObject } from '../tokens/token-response.js';
import type { ConnectTokenResponse } from '../types.js';
import { authorizationOf, type ConsentChallenge } from './consent-required.js';
import type { ConnectAuthorizationResponse, WaitOptions } from './types.js';

type Result = components['schemas']['ConnectResult'];

const INTERVAL_MS = 2_000;
/** The longest wait, whatever `expiresAt` says: how long the Vercel CLI waits. */
const MAX_WAIT_MS = 115 * 60_000;
/** The result of a request that was just opened may not be there yet. */
const EARLY_NOT_FOUND = 3;
/** Looks in a row that may fail in passing, each of them repeated by the transport already. */
const MAX_FAILURES = 5;

/** What a consent was asked for, so that the wait for it knows which token to get. */
export interface StartedConsent {
  readonly request: TokenRequest;
  readonly caller: Pick<CallOptions, 'vercelToken' | 'region'>;
}

/** See {@link ConnectClient.waitForAuthorization}. */
export async function waitForAuthorization(
  state: State,
  authorization: ConnectAuthorizationResponse | ConsentChallenge,
  options: WaitOptions = {},
): Promise<ConnectTokenResponse> {
  const given = readOptions(options);
  const { verifier, expiresAt, request, caller } = readConsent(state, authorization, options);
  const own: CallOptions = {
    vercelToken: given.vercelToken ?? caller.vercelToken,
    region: given.region ?? caller.region,
    signal: given.signal,
    forceRefresh: false,
  };
  const result = await poll(state, { verifier, expiresAt }, own, options.onPending);
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
  return copyTokenResponse(await token);
}

interface Consent extends StartedConsent, Polled {}

/** Which request for consent is asked about, and until when. */
interface Polled {
  readonly verifier: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number | undefined;
}

function readConsent(
  { consents, readRequest }: State,
  asked: ConnectAuthorizationResponse | ConsentChallenge,
  { connector, params }: WaitOptions,
): Consent {
  const authorization = authorizationOf(asked) ?? asked;
  const given: Record<string, unknown> = isRecord(authorization) ? authorization : {};
  const { verifier, expiresAt, connector: told } = given;
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
  const chosen = connector ?? started?.request.connector ?? (isRecord(told) ? told.id : told);
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

async function poll(
  state: State,
  { verifier, expiresAt }: Polled,
  own: CallOptions,
  onPending: WaitOptions['onPending'],
): Promise<Result> {
  // Measured from here on a clock that nobody sets.
  const lifeMs = expiresAt === undefined ? MAX_WAIT_MS : expiresAt - Date.now();
  const until = performance.now() + Math.min(lifeMs, MAX_WAIT_MS);
  const patience = createPatience();
  for (;;) {
    const remainingMs = until - performance.now();
    if (remainingMs <= 0) throw new AuthorizationExpiredError('Nobody decided before the request expired');
    const { result, waitMs } = await look(state, verifier, own, patience);
    if (result?.status === 'success') return result;
    if (result?.status === 'error') throw createConnectError(result.error);
    onPending?.({ status: result?.status ?? 'pending', progress: result?.progress, remainingMs });
    await sleep(Math.min(waitMs, Math.max(1, until - performance.now())), own.signal);
  }
}

/** Decides which failed looks are no reason to stop. */
type Patience = (error: unknown) => boolean;

function createPatience(): { readonly accepts: Patience; readonly renew: () => void } {
  let early = 0;
  let failures = 0;
  return {
    accepts(error) {
      if (error instanceof NotFoundError) return ++early <= EARLY_NOT_FOUND;
      const passes =
        error instanceof APIConnectionError ||
        error instanceof InternalServerError ||
        error instanceof RateLimitError ||
        (error instanceof APIError && error.status === 408);
      return passes && ++failures <= MAX_FAILURES;
    },
    // Once there was an answer, a 404 means that the request is gone.
    renew() {
      failures = 0;
      early = EARLY_NOT_FOUND;
    },
  };
}

async function look(
  { gateway }: State,
  verifier: string,
  own: CallOptions,
  patience: ReturnType<typeof createPatience>,
): Promise<{ readonly result: Result | undefined; readonly waitMs: number }> {
  const init = { params: { path: { verifier } }, signal: own.signal };
  try {
    const { data, response } = await gateway.reach(own, ({ client, bearer, leftMs }) =>
      client.call('getConnectResult', { ...init, bearerToken: bearer, totalTimeout: leftMs() }),
    );
    requireObject(data, response, { method: 'GET', path: '/v1/connect/result/{verifier}' });
    patience.renew();
    return { result: data, waitMs: INTERVAL_MS };
  } catch (error) {
    if (!patience.accepts(error)) throw error;
    const asked = error instanceof RateLimitError ? (error.retryAfterMs ?? 0) : 0;
    return { result: undefined, waitMs: Math.max(INTERVAL_MS, asked) };
  }
}
