import {
  APIConnectionError,
  APITimeoutError,
  MalformedResponseError,
  ResponseTooLargeError,
} from '../../errors/index.js';
import { callerMistake, isReset, neverLeft } from '../../http/network-error.js';
import { serverDelayMs } from '../../http/retry-after.js';
import type { EventListener, GiveUpEvent, TransportEvent } from '../../util/emitter.js';
import { sleep as timer } from '../../util/sleep.js';
import type { CallContext, Middleware, Send } from '../middleware.js';
import { copyOf, type OutgoingRequest } from '../plain-request.js';
import type { RetryBudget, RetryCause } from './retry-budget.js';

const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const BASE_DELAY_MS = 250;
const MAX_DELAY_MS = 8_000;

/** What the retry middleware takes from outside, so that tests can set it. */
export interface RetryOptions {
  /** A number in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number;
  /** Waits; rejects with the signal's reason when that fires. Default: a timer. */
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** Bounds further attempts over all calls. Default: unbounded. */
  readonly budget?: RetryBudget;
  /** Told of further attempts, and of calls given up. */
  readonly emit?: EventListener<TransportEvent>;
  /** The parsed body of an answer, which may say when its limit resets. Default: none is known. */
  readonly bodyOf?: (response: Response) => unknown;
}

/** What one attempt came to. */
type Outcome = { readonly response: Response } | { readonly error: unknown };

/** A wait before the next attempt, or why there is none. */
type Verdict =
  | { readonly delayMs: number; readonly isServers: boolean }
  | { readonly because: GiveUpEvent['because'] };

/**
 * Sends again what failed in passing.
 *
 * Repeated: calls that are `repeatable` (idempotent methods, RFC 9110 section 9.2.2; operations that the document marks
 * safe; calls with an idempotency key), after 408, 425, 429, 500, 502, 503, 504, a network failure, a timeout or a
 * malformed body. Anything else only after a 429 (nothing was done) or when the request never left. Full jitter on our
 * own delays, `random() * min(250 ms * 2^n, 8 s)`, and none on the server's. A server delay over `call.maxRetryAfterMs`, a
 * wait after which too little time is left for an attempt, and an empty budget each end the call with what the last attempt
 * came to. A 429 that names a time costs the budget nothing.
 *
 * A caller's abort ends the wait and passes through with its own reason.
 */
export function retryMiddleware(options: RetryOptions = {}): Middleware {
  const { budget, emit, sleep = timer } = options;
  return (next) =>
    async function retry(request, call) {
      for (let attempt = 1; ; attempt++) {
        const outcome = await attemptOnce(next, request, { ...call, attempt });
        if ('response' in outcome && outcome.response.ok) budget?.refund();
        if (!isTransient(outcome, call)) return settle(outcome);
        const { method, path, operationId } = call;
        const reason = reasonOf(outcome);
        const verdict = judge(outcome, { ...call, attempt }, options);
        if ('because' in verdict) {
          emit?.({
            type: 'give-up',
            method,
            path,
            operationId,
            attempts: attempt,
            because: verdict.because,
            reason,
          });
          return settle(outcome);
        }
        emit?.({ type: 'retry', method, path, operationId, attempt, delayMs: verdict.delayMs, reason });
        discard(outcome);
        if (verdict.isServers) call.totalTimeout.startServerWait(verdict.delayMs);
        call.onWait?.(verdict.delayMs);
        await sleep(verdict.delayMs, call.signal);
      }
    };
}

async function attemptOnce(next: Send, request: OutgoingRequest, call: CallContext): Promise<Outcome> {
  // The last attempt may use up the original; every earlier one sends a copy, so that the body is there again.
  const isKept = call.attempt <= call.maxRetries;
  try {
    return { response: await next(isKept ? copyOf(request) : request, call) };
  } catch (error) {
    return { error };
  }
}

function isTransient(outcome: Outcome, call: CallContext): boolean {
  if (call.signal?.aborted) return false;
  if ('response' in outcome) {
    const { response } = outcome;
    if (response.status === 429) return true;
    return call.repeatable && RETRIED_STATUSES.has(response.status);
  }
  const { error } = outcome;
  if (error instanceof APIConnectionError)
    return callerMistake(error) === undefined && (call.repeatable || neverLeft(error));
  return (
    call.repeatable && error instanceof MalformedResponseError && !(error instanceof ResponseTooLargeError)
  );
}

function judge(outcome: Outcome, call: CallContext, options: RetryOptions): Verdict {
  const { random = Math.random, now = Date.now, budget, bodyOf } = options;
  if (call.attempt > call.maxRetries) return { because: 'attempts' };
  const response = 'response' in outcome ? outcome.response : undefined;
  const asked = response && serverDelayMs(response, now(), bodyOf?.(response));
  if (asked !== undefined && asked > call.maxRetryAfterMs) return { because: 'server-delay' };
  // "At once", and a date that has gone by, would be obeyed by everybody at the same moment.
  const isServers = asked !== undefined && asked > 0;
  const delayMs = isServers
    ? asked
    : random() * Math.min(BASE_DELAY_MS * 2 ** (call.attempt - 1), MAX_DELAY_MS);
  if (!call.totalTimeout.allows(call.timeoutMs, delayMs, isServers)) return { because: 'total-timeout' };
  const isFree = response?.status === 429 && isServers;
  if (!isFree && budget?.spend(causeOf(outcome, call)) === false) return { because: 'budget' };
  return { delayMs, isServers };
}

function causeOf(outcome: Outcome, { attempt }: CallContext): RetryCause {
  if (!('error' in outcome)) return 'failure';
  if (outcome.error instanceof APITimeoutError) return 'timeout';
  return attempt === 1 && isReset(outcome.error) ? 'first-reset' : 'failure';
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
