import { type Answer, attemptDownload, type DownloadRequest } from './attempt.js';
import { PullError, TransientError } from './pull-error.js';
import type { PullWorld } from './world.js';

const BASE_DELAY_MS = 500;

/** {@link DownloadRequest}, and who ends it and hears of further attempts. */
export interface Download extends DownloadRequest {
  /** The user's: its reason passes through as it is. */
  readonly signal: AbortSignal;
  readonly onRetry: (reason: string, delayMs: number) => void;
}

/**
 * Downloads a document: all attempts, waits and redirects within one total time.
 *
 * After a failure that may pass it waits `500 ms * 2^n`, the half of it at random, or as long as the server asked.
 *
 * @throws {PullError} When there is none to be had; its message says how often it was tried.
 */
export async function download(request: Download, world: PullWorld): Promise<Answer> {
  const { totalMs } = world.limits;
  const total = new AbortController();
  const timer = setTimeout(() => total.abort(outOfTime(totalMs)), totalMs);
  const signal = AbortSignal.any([request.signal, total.signal]);
  const endsAt = world.now() + totalMs;
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        return await attemptDownload(request, world, signal);
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
        const delayMs = delayBefore(attempt, error, world);
        if (attempt > world.limits.retries || world.now() + delayMs >= endsAt) throw counted(error, attempt);
        request.onRetry(error.message, delayMs);
        await world.wait(delayMs, signal);
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

function delayBefore(attempt: number, error: TransientError, world: PullWorld): number {
  if (error.retryAfterMs !== undefined) return error.retryAfterMs;
  return BASE_DELAY_MS * 2 ** (attempt - 1) * (0.5 + world.random() / 2);
}

function counted(error: TransientError, attempts: number): PullError {
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  return new PullError(`${error.message} (tried ${times})`, error.next, { cause: error });
}

function outOfTime(ms: number): PullError {
  return new PullError(
    `the download was not done within ${ms / 1000} s`,
    'Try again on a faster or less busy connection.',
  );
}
