import {
  APIConnectionError,
  APITimeoutError,
  MalformedResponseError,
  ResponseTooLargeError,
} from '../../errors/index.js';
import { neverLeft } from '../../http/network-error.js';
import { MAX_SERVER_DELAY_MS, serverDelayMs } from '../../http/retry-after.js';
import type { EventListener, GiveUpEvent, TransportEvent } from '../../util/emitter.js';
import { sleep } from '../../util/sleep.js';
import type { Call, Send, Stage } from '../compose.js';
import { copyOf, type Outgoing } from '../plain-request.js';
import type { RetryBudget } from './budget.js';

const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const BASE_DELAY_MS = 250;
const MAX_DELAY_MS = 8_000;

/** What the retry stage takes from outside, so that tests can set it. */
export interface RetryOptions {
  /** A number in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number;
  /** Bounds further attempts over all calls. Default: unbounded. */
  readonly budget?: RetryBudget;
  /** Told of further attempts, and of calls given up. */
  readonly emit?: EventListener<TransportEvent>;
  /** Whether an answer of another status says that trying again is the thing to do. */
  readonly asksForRetry?: (response: Response) => boolean;
}

/** What one attempt came to. */
type Outcome = { readonly response: Response } | { readonly error: unknown };

/** A wait before the next attempt, or why there is none. */
type Verdict = { readonly delayMs: number } | { readonly because: GiveUpEvent['because'] };

/**
 * Sends again what failed in passing.
 *
 * Repeated: calls that are `repeatable` (idempotent methods, RFC 9110 section 9.2.2; operations that the document marks
 * safe; calls with an idempotency key), after 408, 425, 429, 500, 502, 503, 504, a network failure, a timeout or a
 * malformed body. Anything else only after a 429 (nothing was done) or when the request never left. Full jitter on our
 * own delays, `random() * min(250 ms * 2^n, 8 s)`, and none on the server's. A server delay over 60 s, a wait past the
 * deadline and an empty budget each end the call with what the last attempt came to.
 *
 * A caller's abort ends the wait and passes through with its own reason.
 */
export function retryStage(options: RetryOptions = {}): Stage {
  const { budget, emit } = options;
  return (next) => async (request, call) => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(next, request, { ...call, attempt });
      if ('response' in outcome && outcome.response.ok) budget?.refund();
      if (!isTransient(outcome, call, options)) return settle(outcome);
      const { method, path } = call;
      const reason = reasonOf(outcome);
      const verdict = judge(outcome, { ...call, attempt }, options);
      if ('because' in verdict) {
        emit?.({ type: 'give-up', method, path, attempts: attempt, because: verdict.because, reason });
        return settle(outcome);
      }
      emit?.({ type: 'retry', method, path, attempt, delayMs: verdict.delayMs, reason });
      discard(outcome);
      call.onWait?.(verdict.delayMs);
      await sleep(verdict.delayMs, call.signal);
    }
  };
}

async function attemptOnce(next: Send, request: Outgoing, call: Call): Promise<Outcome> {
  // The last attempt may use up the original; every earlier one sends a copy, so that the body is there again.
  const isKept = call.attempt <= call.maxRetries;
  try {
    return { response: await next(isKept ? copyOf(request) : request, call) };
  } catch (error) {
    return { error };
  }
}

function isTransient(outcome: Outcome, call: Call, { asksForRetry }: RetryOptions): boolean {
  if (call.signal?.aborted) return false;
  if ('response' in outcome) {
    const { response } = outcome;
    if (response.status === 429) return true;
    return call.repeatable && (RETRIED_STATUSES.has(response.status) || (asksForRetry?.(response) ?? false));
  }
  const { error } = outcome;
  if (error instanceof APIConnectionError) return call.repeatable || neverLeft(error);
  return (
    call.repeatable && error instanceof MalformedResponseError && !(error instanceof ResponseTooLargeError)
  );
}

function judge(outcome: Outcome, call: Call, options: RetryOptions): Verdict {
  const { random = Math.random, now = Date.now, budget } = options;
  if (call.attempt > call.maxRetries) return { because: 'attempts' };
  const asked = 'response' in outcome ? serverDelayMs(outcome.response, now()) : undefined;
  if (asked !== undefined && asked > MAX_SERVER_DELAY_MS) return { because: 'server-delay' };
  const delayMs = asked ?? random() * Math.min(BASE_DELAY_MS * 2 ** (call.attempt - 1), MAX_DELAY_MS);
  if (performance.now() + delayMs >= call.deadlineAt) return { because: 'total-timeout' };
  const afterTimeout = 'error' in outcome && outcome.error instanceof APITimeoutError;
  return budget?.spend(afterTimeout) === false ? { because: 'budget' } : { delayMs };
}

function reasonOf(outcome: Outcome): string {
  if ('response' in outcome) return String(outcome.response.status);
  return outcome.error instanceof Error ? outcome.error.name : 'Error';
}

function settle(outcome: Outcome): Response {
  if ('response' in outcome) return outcome.response;
  throw outcome.error;
}

/** Lets go of the connection of an answer that nobody will read. */
function discard(outcome: Outcome): void {
  if (!('response' in outcome) || outcome.response.bodyUsed) return;
  outcome.response.body?.cancel().catch(() => undefined);
}
