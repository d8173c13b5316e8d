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
import { checkConnector, checkTokenParams } from '../check-arguments.js';
import { AuthorizationExpiredError, createConnectError } from '../errors.js';
import { checkConnectOptions } from '../gateway.js';
import type { State } from '../state.js';
import { findToken } from '../tokens/find-token.js';
import { copyTokenResponse, requireObject } from '../tokens/token-response.js';
import type { ConnectOptions, ConnectTokenParams, ConnectTokenResponse } from '../types.js';
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
  readonly connector: string;
  readonly params: ConnectTokenParams;
  readonly caller: Pick<ConnectOptions, 'vercelToken' | 'region'>;
}

/** See {@link ConnectClient.waitForAuthorization}. */
export async function waitForAuthorization(
  state: State,
  authorization: ConnectAuthorizationResponse,
  options: WaitOptions = {},
): Promise<ConnectTokenResponse> {
  checkConnectOptions(options);
  const { connector, params, caller } = readConsent(state, authorization, options);
  const own = { ...caller, ...pickCaller(options) };
  const result = await poll(state, authorization, own, options.onPending);
  state.refusals.forget(() => true);
  const installed = result.data?.installationId;
  const wanted = params.subject.type === 'app' && installed !== undefined;
  const token = wanted ? { installationId: installed, ...params } : params;
  // What a cache holds was issued under the consent before this one.
  return copyTokenResponse(await findToken(state, connector, token, { ...own, forceRefresh: true }));
}

function readConsent(
  { consents }: State,
  authorization: ConnectAuthorizationResponse,
  { connector, params }: WaitOptions,
): StartedConsent {
  const verifier: unknown = isRecord(authorization) ? authorization.verifier : undefined;
  if (typeof verifier !== 'string' || verifier === '') {
    throw new InvalidArgumentError(
      'authorization',
      `must be what startAuthorization or startInstallation gave, with its verifier, got ${describeValue(authorization)}`,
    );
  }
  const started = consents.get(authorization);
  if (connector === undefined && params === undefined && started !== undefined) return started;
  const chosen = connector ?? started?.connector ?? authorization.connector?.id;
  checkConnector(chosen);
  const wanted = params ?? started?.params;
  if (wanted === undefined) {
    throw new InvalidArgumentError(
      'options.params',
      'must say which token is wanted: this authorization was not started by this client',
    );
  }
  checkTokenParams(wanted);
  return { connector: chosen, params: structuredClone(wanted), caller: started?.caller ?? {} };
}

function pickCaller({ vercelToken, region, signal }: WaitOptions): ConnectOptions {
  return {
    ...(vercelToken === undefined ? {} : { vercelToken }),
    ...(region === undefined ? {} : { region }),
    ...(signal === undefined ? {} : { signal }),
  };
}

async function poll(
  state: State,
  { verifier, expiresAt }: ConnectAuthorizationResponse,
  own: ConnectOptions,
  onPending: WaitOptions['onPending'],
): Promise<Result> {
  // Measured from here on a clock that nobody sets.
  const lifeMs = typeof expiresAt === 'number' ? expiresAt - Date.now() : MAX_WAIT_MS;
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
  own: ConnectOptions,
  patience: ReturnType<typeof createPatience>,
): Promise<{ readonly result: Result | undefined; readonly waitMs: number }> {
  const init = { params: { path: { verifier } }, signal: own.signal };
  try {
    const { data, response } = await gateway.reach(own, ({ client, bearer }) =>
      client.call('getConnectResult', { ...init, bearerToken: bearer }),
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
