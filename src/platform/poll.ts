import { checkMs } from '../client/options.js';
import {
  APIConnectionError,
  APIError,
  InternalServerError,
  InvalidArgumentError,
  MalformedResponseError,
  RateLimitError,
} from '../errors/index.js';
import { sleep } from '../util/abort.js';
import { describeValue } from '../util/redact.js';
import { notify } from './notify.js';
import { PollTimeoutError } from './platform-errors.js';

/** Options of {@link poll}. */
export interface PollOptions<Value> {
  /** Time before the second poll in milliseconds; it grows by half with each further one. Default 1 000. */
  readonly every?: number | undefined;
  /** Longest time between two polls, in milliseconds. Default 15 000. */
  readonly maxEvery?: number | undefined;
  /** Time for the whole wait, in milliseconds. Default 900 000: a quarter of an hour. */
  readonly totalTimeout?: number | undefined;
  /** Ends the wait at once, with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each value and the number of its poll, from 1. What it throws is ignored. */
  readonly onPoll?: ((value: Value, poll: number) => void) | undefined;
  /** Called with the error of each failed call that is passed over. What it throws is ignored. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** A number in [0, 1), for the jitter of a quarter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /**
   * Whether a failed call is passed over and repeated later. Default: connection errors, 408, 429, 5xx and malformed
   * bodies, up to 5 in a row (a 429 any number of times). A number over 0 passes it over too, and is the longest time
   * before the next poll, in milliseconds.
   */
  readonly accepts?: ((error: unknown, facts: PollFacts) => boolean | number | undefined) | undefined;
}

/** Progress of a wait. */
export interface PollFacts {
  /** Whether there was a value before. */
  readonly hasValue: boolean;
  /** Time since the wait began, in milliseconds. */
  readonly elapsedMs: number;
}

const DEFAULT_EVERY_MS = 1_000;
const DEFAULT_MAX_EVERY_MS = 15_000;
const DEFAULT_TOTAL_TIMEOUT_MS = 900_000;
const MAX_FAILURES = 5;

/**
 * Calls again and again until a condition holds.
 *
 * @param call - Gets a signal to pass on: it fires at the caller's abort and at the end of `totalTimeout`.
 * @param until - Whether a value is the one that is waited for. What it throws ends the wait.
 * @returns The value that the condition holds for.
 * @throws {PollTimeoutError} When `totalTimeout` is over.
 * @throws What `call` throws, unless it passes (see `accepts`).
 *
 * @example
 * const project = await poll(
 *   (signal) => client.GET('/v9/projects/{idOrName}', { params: { path: { idOrName: 'storefront' } }, signal }),
 *   ({ data }) => data.live === true,
 *   { totalTimeout: 60_000 },
 * );
 */
export async function poll<Value>(
  call: (signal: AbortSignal) => Promise<Value>,
  until: (value: Value) => boolean,
  options: PollOptions<Value> = {},
): Promise<Value> {
  const { signal, random = Math.random } = options;
  const everyMs = checkMs('every', options.every ?? DEFAULT_EVERY_MS);
  const maxEveryMs = Math.max(everyMs, checkMs('maxEvery', options.maxEvery ?? DEFAULT_MAX_EVERY_MS));
  const totalMs = checkMs('totalTimeout', options.totalTimeout ?? DEFAULT_TOTAL_TIMEOUT_MS);
  signal?.throwIfAborted();
  const round: Round = {
    startedAt: performance.now(),
    polls: 0,
    failures: 0,
    last: undefined,
    cause: undefined,
  };
  const timeout = new AbortController();
  const timer = setTimeout(() => {
    const { polls, last, cause } = round;
    timeout.abort(new PollTimeoutError(totalMs, polls, last, cause === undefined ? undefined : { cause }));
  }, totalMs);
  const either = signal === undefined ? timeout.signal : AbortSignal.any([signal, timeout.signal]);
  try {
    for (let attempt = 0; ; attempt++) {
      const delayMs = Math.min(everyMs * 1.5 ** attempt, maxEveryMs) * (0.75 + random() / 2);
      const outcome = await pollOnce(call, until, options, round, either);
      if ('value' in outcome) return outcome.value;
      await sleep(Math.max(Math.min(delayMs, outcome.mostMs), outcome.leastMs), either);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Facts of a wait that is going on. */
interface Round {
  readonly startedAt: number;
  polls: number;
  /** Failures in a row, but for refusals of a rate limit. */
  failures: number;
  last: unknown;
  cause: unknown;
}

/** The value that was waited for, or the shortest and longest time before the next poll. */
type PollOutcome<Value> = { readonly value: Value } | { readonly leastMs: number; readonly mostMs: number };

async function pollOnce<Value>(
  call: (signal: AbortSignal) => Promise<Value>,
  until: (value: Value) => boolean,
  { accepts, onPoll, onError }: PollOptions<Value>,
  round: Round,
  signal: AbortSignal,
): Promise<PollOutcome<Value>> {
  let value: Value;
  try {
    value = await call(signal);
  } catch (error) {
    signal.throwIfAborted();
    const isLimited = error instanceof RateLimitError;
    if (!isLimited) round.failures += 1;
    const facts = { hasValue: round.polls > 0, elapsedMs: performance.now() - round.startedAt };
    const accepted = accepts?.(error, facts) ?? (passes(error) && round.failures <= MAX_FAILURES);
    const mostMs = longestDelay(accepted, error);
    round.cause = error;
    notify(onError, error);
    return { leastMs: isLimited ? (error.retryAfterMs ?? 0) : 0, mostMs };
  }
  round.polls += 1;
  round.failures = 0;
  round.last = value;
  notify(onPoll, value, round.polls);
  return until(value) ? { value } : { leastMs: 0, mostMs: Infinity };
}

/**
 * Returns the longest time before the next poll, in milliseconds.
 *
 * @param accepted - What {@link PollOptions.accepts} returned.
 * @throws The error of the failed call, unless it is accepted.
 * @throws {InvalidArgumentError} For any other value, such as NaN: the next poll would come at once, again and again.
 */
function longestDelay(accepted: unknown, error: unknown): number {
  if (accepted === false) throw error;
  if (accepted === true) return Infinity;
  if (typeof accepted === 'number' && accepted > 0) return accepted;
  throw new InvalidArgumentError(
    'accepts',
    `must return a boolean, undefined, or a number of milliseconds over 0, got ${describeValue(accepted)}`,
    { cause: error },
  );
}

/** Whether an error is of a kind that passes with time. */
export function passes(error: unknown): boolean {
  return (
    error instanceof APIConnectionError ||
    error instanceof InternalServerError ||
    error instanceof RateLimitError ||
    error instanceof MalformedResponseError ||
    (error instanceof APIError && error.status === 408)
  );
}
