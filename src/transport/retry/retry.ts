import {
  APIConnectionError,
  APITimeoutError,
  MalformedResponseError,
  ResponseTooLargeError,
} from '../../errors/index.js';
import { callerMistake, isReset, neverLeft } from '../../http/network-error.js';
import { serverDelayMs } from '../../http/retry-after.js';
import { sleep as timer } from '../../util/abort.js';
import type { EventListener, GiveUpEvent, TransportEvent } from '../../util/emitter.js';
import type { CallContext, Middleware, OutgoingRequest, Send } from '../middleware.js';

const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const BASE_DELAY_MS = 250;
const MAX_DELAY_MS = 8_000;

/** Dependencies of the retry middleware, so that tests can set them. */
export interface RetryOptions {
  /** Returns a number in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Returns epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number;
  /** Waits; rejects with the signal's reason when that fires. Default: a timer. */
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** Bounds further attempts over all calls. Default: unbounded. */
  readonly budget?: RetryBudget;
  /** Called for further attempts, and for calls given up. */
  readonly emit?: EventListener<TransportEvent>;
  /** Returns the parsed body of a response, which may say when its limit resets. Default: none is known. */
  readonly bodyOf?: (response: Response) => unknown;
}

/** The result of an attempt that did not succeed: a response, or else an error. */
interface Failure {
  readonly response?: Response;
  readonly error?: unknown;
}

interface Wait {
  readonly delayMs: number;
  readonly isServers: boolean;
}

/**
 * Sends again after a transient failure.
 *
 * Repeated: calls that are `repeatable` (idempotent methods, RFC 9110 section 9.2.2; operations that the document marks
 * safe; calls with an idempotency key), after 408, 425, 429, 500, 502, 503, 504, a network failure, a timeout or a
 * malformed body. Anything else only after a 429 (nothing was done) or when the request never left. Full jitter on our
 * own delays, `random() * min(250 ms * 2^n, 8 s)`, and none on the server's. A server delay over `call.maxRetryAfterMs`, a
 * wait after which too little time is left for an attempt, and an empty budget each end the call with the result of the last
 * attempt. A 429 that names a time costs the budget nothing.
 *
 * A caller's abort ends the wait and passes through with its own reason.
 */
export function retryMiddleware(options: RetryOptions = {}): Middleware {
  return (next) => (request, call) => retry(next, request, call, options);
}

async function retry(
  next: Send,
  request: OutgoingRequest,
  call: CallContext,
  options: RetryOptions,
): Promise<Response> {
  const { budget, sleep = timer } = options;
  for (let attempt = 1; ; attempt++) {
    let failure: Failure;
    try {
      const response = await next(request, { ...call, attempt });
      if (response.ok) {
        budget?.refund();
        return response;
      }
      failure = { response };
    } catch (error) {
      failure = { error };
    }
    const { response } = failure;
    const wait = isTransient(failure, call) && waitAfter(failure, { ...call, attempt }, options);
    if (!wait) {
      if (response !== undefined) return response;
      throw failure.error;
    }
    // Frees the connection of a response that nobody will read. Rejects where somebody has.
    response?.body?.cancel().catch(() => undefined);
    if (wait.isServers) call.totalTimeout.startServerWait(wait.delayMs);
    call.onWait?.(wait.delayMs);
    await sleep(wait.delayMs, call.signal);
  }
}

/** Returns whether a further attempt may succeed and does no harm. */
function isTransient({ response, error }: Failure, call: CallContext): boolean {
  if (call.signal?.aborted) return false;
  if (response !== undefined)
    return response.status === 429 || (call.repeatable && RETRIED_STATUSES.has(response.status));
  if (error instanceof APIConnectionError)
    return callerMistake(error) === undefined && (call.repeatable || neverLeft(error));
  return (
    call.repeatable && error instanceof MalformedResponseError && !(error instanceof ResponseTooLargeError)
  );
}

/** Returns the wait before the next attempt, or `undefined` where the call gives up. Emits an event for either. */
function waitAfter({ response, error }: Failure, call: CallContext, options: RetryOptions): Wait | undefined {
  const { random = Math.random, now = Date.now, budget, emit, bodyOf } = options;
  const { method, path, operationId, attempt, totalTimeout } = call;
  const requestedMs = (response && serverDelayMs(response, now(), bodyOf?.(response))) ?? 0;
  // All callers would obey "at once", and a date that has passed, at the same moment.
  const isServers = requestedMs > 0;
  const delayMs = isServers
    ? requestedMs
    : random() * Math.min(BASE_DELAY_MS * 2 ** (attempt - 1), MAX_DELAY_MS);
  const isFree = response?.status === 429 && isServers;
  let because: GiveUpEvent['because'] | undefined;
  if (attempt > call.maxRetries) because = 'attempts';
  else if (requestedMs > call.maxRetryAfterMs) because = 'server-delay';
  else if (!totalTimeout.allows(call.timeoutMs, delayMs, isServers)) because = 'total-timeout';
  else if (!isFree && budget?.spend(error, attempt) === false) because = 'budget';
  const reason = String(response?.status ?? (error instanceof Error ? error.name : 'Error'));
  const facts = { method, path, operationId, reason };
  if (because === undefined) emit?.({ type: 'retry', ...facts, attempt, delayMs });
  else emit?.({ type: 'give-up', ...facts, attempts: attempt, because });
  return because === undefined ? { delayMs, isServers } : undefined;
}

const CAPACITY = 500;

/** Prices of a further attempt in tokens, by the result of the one before. */
const PRICE = 5;
/** It held a connection for long. */
const TIMEOUT_PRICE = 10;
/** The first retry of a call whose connection ended: a restarted load balancer ends those of 150 calls at once. */
const FIRST_RESET_PRICE = 3;

/** Bounds how much retrying may add to the load of an API that is down. */
interface RetryBudget {
  /**
   * Takes the price of a further attempt; returns `false` when too little is left, so that the failure is final.
   *
   * @param error - The error of the attempt before; `undefined` where it got a response.
   * @param attempt - The number of the attempt before.
   */
  spend(error: unknown, attempt: number): boolean;
  /** Returns a little: a call succeeded. */
  refund(): void;
}

/**
 * Makes the bucket of one API origin: 500 tokens, 5 for a retry, 10 after a timeout, 3 for the first one after a reset, 1
 * back for a success.
 *
 * In a full outage of any length all calls together make at most a hundred further attempts (166 where connections are
 * reset), instead of three each. The numbers are those of the AWS SDKs' standard retry mode.
 */
export function createRetryBudget(): RetryBudget {
  let left = CAPACITY;
  return {
    spend(error, attempt) {
      let price = PRICE;
      if (error !== undefined) {
        if (error instanceof APITimeoutError) price = TIMEOUT_PRICE;
        else if (attempt === 1 && isReset(error)) price = FIRST_RESET_PRICE;
      }
      if (left < price) return false;
      left -= price;
      return true;
    },
    refund() {
      left = Math.min(CAPACITY, left + 1);
    },
  };
}
