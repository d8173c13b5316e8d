import { NotFoundError } from '../../errors/index.js';
import type { components } from '../../generated/connect.js';
import { PollTimeoutError } from '../../platform/platform-errors.js';
import { poll } from '../../platform/poll.js';
import { recordOf } from '../../util/is-record.js';
import {
  AuthorizationDeniedError,
  AuthorizationExpiredError,
  ConnectError,
  createConnectError,
} from '../errors.js';
import type { CallOptions } from '../request-context.js';
import { callForObject } from '../rest-client.js';
import type { State } from '../state.js';
import type { WaitOptions } from './types.js';

type Result = components['schemas']['ConnectResult'];

const INTERVAL_MS = 2_000;
/** The longest wait, whatever `expiresAt` says: how long the Vercel CLI waits. */
const MAX_WAIT_MS = 115 * 60_000;
/** The result of a request that was opened less than this ago may not be there yet, in milliseconds. */
export const EARLY_NOT_FOUND_MS = 6_000;
/** The most characters of an unknown status that a message shows. */
const MAX_STATUS_LENGTH = 60;
/** Statuses of a request that a person still has to decide on. */
const OPEN: ReadonlySet<unknown> = new Set(['pending', 'partial']);

/** Which request is asked about, and until when. */
export interface Polled {
  readonly verifier: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number | undefined;
}

/** Returns whether a person still has to decide. */
export function isOpen(result: unknown): boolean {
  return OPEN.has(recordOf(result).status);
}

/**
 * Asks for the result of a request for consent, installation or registration until there is one.
 *
 * @throws {AuthorizationDeniedError} When the person refused or canceled.
 * @throws {AuthorizationExpiredError} When nobody decided in time.
 * @throws {ConnectError} When it failed, or ended with a status that this version does not know.
 */
export async function pollResult(
  { contexts }: State,
  { verifier, expiresAt }: Polled,
  own: CallOptions,
  onPending: WaitOptions['onPending'],
): Promise<Result> {
  const lifeMs = expiresAt === undefined ? MAX_WAIT_MS : Math.min(expiresAt - Date.now(), MAX_WAIT_MS);
  const expired = 'Nobody decided before the request expired';
  if (lifeMs <= 0) throw new AuthorizationExpiredError(expired);
  // Measured from here on a clock that nobody sets.
  const endsAt = performance.now() + lifeMs;
  try {
    const result = await poll(
      (signal) =>
        contexts.resolve({ ...own, signal }, (context) =>
          callForObject<Result>(context, 'getConnectResult', { path: { verifier } }, signal),
        ),
      (found) => {
        if (!isOpen(found)) return true;
        const { status, progress } = found;
        onPending?.({ status, progress, remainingMs: endsAt - performance.now() });
        return false;
      },
      {
        ...{ every: INTERVAL_MS, maxEvery: INTERVAL_MS, totalTimeout: lifeMs, signal: own.signal },
        // One person waits for one request: there is nothing to spread.
        random: () => 0.5,
        // After the first response, a 404 means that the request is gone.
        accepts: (error, { hasValue, elapsedMs }) =>
          error instanceof NotFoundError ? !hasValue && elapsedMs < EARLY_NOT_FOUND_MS : undefined,
      },
    );
    const { status, error } = result;
    if (status === 'success') return result;
    if (status === 'error') throw createConnectError(error);
    if (status === 'canceled')
      throw new AuthorizationDeniedError('The request was canceled', { status: 0, code: status });
    const named = JSON.stringify(status).slice(0, MAX_STATUS_LENGTH);
    throw new ConnectError(`The request ended with the status ${named}, which this version does not know`, {
      status: 0,
      code: status,
    });
  } catch (error) {
    if (!(error instanceof PollTimeoutError) || own.signal?.aborted) throw error;
    throw new AuthorizationExpiredError(expired, { cause: error.cause });
  }
}
