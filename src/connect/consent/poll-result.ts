import {
  APIConnectionError,
  APIError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from '../../errors/index.js';
import type { components } from '../../generated/connect.js';
import { sleep } from '../../util/abort.js';
import {
  AuthorizationDeniedError,
  AuthorizationExpiredError,
  ConnectError,
  createConnectError,
} from '../errors.js';
import type { CallOptions } from '../request-context.js';
import type { State } from '../state.js';
import { requireObject } from '../tokens/token-response.js';
import type { WaitOptions } from './types.js';

type Result = components['schemas']['ConnectResult'];

const INTERVAL_MS = 2_000;
/** The longest wait, whatever `expiresAt` says: how long the Vercel CLI waits. */
const MAX_WAIT_MS = 115 * 60_000;
/** The result of a request that was just opened may not be there yet. */
const EARLY_NOT_FOUND = 3;
/** Looks in a row that may fail in passing, each of them repeated by the transport already. */
const MAX_FAILURES = 5;
/** The most characters of an unknown status that a message shows. */
const MAX_STATUS_LENGTH = 60;
/** Statuses of a request that a person still has to decide on. */
const OPEN: ReadonlySet<string> = new Set(['pending', 'partial']);

/** Which request is asked about, and until when. */
export interface Polled {
  readonly verifier: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number | undefined;
}

/**
 * Asks for the result of a request for consent, installation or registration until there is one.
 *
 * @throws {AuthorizationDeniedError} When the person refused or canceled.
 * @throws {AuthorizationExpiredError} When nobody decided in time.
 * @throws {ConnectError} When it failed, or ended with a status that this version does not know.
 */
export async function pollResult(
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
    if (result !== undefined && !OPEN.has(result.status)) throw endedWithout(result);
    onPending?.({ status: result?.status ?? 'pending', progress: result?.progress, remainingMs });
    await sleep(Math.min(waitMs, Math.max(1, until - performance.now())), own.signal);
  }
}

/** The error of a request that ended in anything but a success. */
function endedWithout({ status, error }: Result): ConnectError {
  if (status === 'error') return createConnectError(error);
  if (status === 'canceled')
    return new AuthorizationDeniedError('The request was canceled', { status: 0, code: status });
  const named = JSON.stringify(status).slice(0, MAX_STATUS_LENGTH);
  return new ConnectError(`The request ended with the status ${named}, which this version does not know`, {
    status: 0,
    code: status,
  });
}

/** Decides after a failed read whether to go on. */
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
    // After the first response, a 404 means that the request is gone.
    renew() {
      failures = 0;
      early = EARLY_NOT_FOUND;
    },
  };
}

async function look(
  { contexts }: State,
  verifier: string,
  own: CallOptions,
  patience: ReturnType<typeof createPatience>,
): Promise<{ readonly result: Result | undefined; readonly waitMs: number }> {
  const init = { params: { path: { verifier } }, signal: own.signal };
  try {
    const { data, response } = await contexts.resolve(own, ({ client, bearer, leftMs }) =>
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
