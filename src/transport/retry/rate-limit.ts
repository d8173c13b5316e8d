import { createAPIError } from '../../errors/index.js';
import { sleep } from '../../util/abort.js';
import type { EventListener, HeldEvent } from '../../util/emitter.js';
import type { Identify } from '../auth/identity.js';
import type { CallContext, Middleware, OutgoingRequest } from '../middleware.js';
import { withinCall } from '../timeout.js';

/** Cooldowns kept at most; beyond that, those that are over are removed. */
const SWEEP_AT = 1_000;
/**
 * The longest time that one 429 is remembered for. Vercel's windows are 60 s and round up; a header that says a year must
 * not keep calls from a healthy server.
 */
const MAX_COOLDOWN_MS = 65_000;

/** Time until which one 429 holds later calls back. */
interface Cooldown {
  /** On the clock of `performance.now()`. */
  readonly until: number;
  /** Whether the server named a longer time: then one call probes, and the others wait for its result. */
  readonly isCapped: boolean;
  /** Settles when the probe in flight has a response. */
  probe?: Promise<void> | undefined;
}

/** The cooldowns of one API, by credential and class of operations. */
export type Cooldowns = Map<string, Cooldown>;

/** Cooldowns that other processes take part in. Neither function rejects; a store that fails has no cooldowns. */
export interface SharedCooldowns {
  /** Returns the rest of a cooldown in milliseconds; 0 for none. */
  leftMs(origin: string, bearer: string, limit: string): Promise<number>;
  /** Makes a cooldown last at least so long from now. */
  hold(origin: string, bearer: string, limit: string, leastMs: number): Promise<unknown>;
}

interface RateLimitOptions {
  /** Tells bearers apart. */
  readonly identify: Identify;
  /** Shared by clients of one API. */
  readonly cooldowns: Cooldowns;
  /** Returns the wait that a response asks for, in milliseconds. */
  readonly delayOf: (response: Response) => number | undefined;
  /** Shared by processes, read before each attempt. */
  readonly shared?: SharedCooldowns | undefined;
  /** Called for each call that is held. */
  readonly emit?: EventListener<HeldEvent>;
}

/**
 * Makes one 429 hold back all later calls that would receive another one.
 *
 * After a 429 that says when the limit resets, later calls with the same credential to the same operation wait until then, for
 * at most 65 s. Where the document names a class of operations with one limit, the calls of the class wait.
 *
 * A wait over the call's `maxRetryAfterMs`, or after which too little of its time is left, does not begin: the call fails at
 * once with `RateLimitError`. A 429 without a hint holds no call.
 */
export function rateLimitMiddleware(options: RateLimitOptions): Middleware {
  const { cooldowns, delayOf, shared } = options;
  return (next) =>
    async function limitRate(request, call) {
      if (shared !== undefined) await readShared(shared, options, request, call);
      const endProbe = cooldowns.size > 0 ? await waitForReset(options, request, call) : undefined;
      try {
        const response = await next(request, call);
        const delayMs = response.status === 429 ? delayOf(response) : undefined;
        if (delayMs !== undefined) await startCooldown(options, request, call, delayMs);
        return response;
      } finally {
        endProbe?.();
      }
    };
}

/** Takes over a cooldown that another process has started. */
async function readShared(
  shared: SharedCooldowns,
  options: RateLimitOptions,
  request: OutgoingRequest,
  call: CallContext,
): Promise<void> {
  const reading = shared.leftMs(new URL(request.url).origin, bearerOf(request), limitOf(call));
  const leftMs = await withinCall(reading, call);
  call.signal?.throwIfAborted();
  if (leftMs > 0) remember(options.cooldowns, keyOf(request, call, options), leftMs, false);
}

/** Starts a cooldown here and in the other processes, and waits for them no longer than the call may take. */
async function startCooldown(
  options: RateLimitOptions,
  request: OutgoingRequest,
  call: CallContext,
  delayMs: number,
): Promise<void> {
  const { cooldowns, shared } = options;
  const isCapped = delayMs > MAX_COOLDOWN_MS;
  remember(cooldowns, keyOf(request, call, options), delayMs, isCapped);
  if (shared === undefined) return;
  const origin = new URL(request.url).origin;
  const leastMs = Math.min(delayMs, MAX_COOLDOWN_MS);
  const sharing = shared.hold(origin, bearerOf(request), limitOf(call), leastMs);
  // The response is here already, so a store that fails changes nothing.
  await withinCall(sharing, call).catch(() => undefined);
  call.signal?.throwIfAborted();
}

function bearerOf({ headers }: OutgoingRequest): string {
  return headers.authorization?.replace(/^Bearer /, '') ?? '';
}

function limitOf({ operation, method, path }: CallContext): string {
  return operation?.rateLimitClass ?? `${method} ${path}`;
}

function keyOf(request: OutgoingRequest, call: CallContext, { identify }: RateLimitOptions): string {
  return JSON.stringify([identify(bearerOf(request)), limitOf(call)]);
}

function remember(cooldowns: Cooldowns, key: string, delayMs: number, isCapped: boolean): void {
  const now = performance.now();
  if (cooldowns.size >= SWEEP_AT)
    for (const [other, { until }] of [...cooldowns]) if (until <= now) cooldowns.delete(other);
  const until = now + Math.min(delayMs, MAX_COOLDOWN_MS);
  // Of two 429 that cross, the later end holds.
  if (until > (cooldowns.get(key)?.until ?? 0)) cooldowns.set(key, { until, isCapped });
}

/** Waits until the call may be sent. If the call is the probe, returns the function that ends the probe. */
async function waitForReset(
  options: RateLimitOptions,
  request: OutgoingRequest,
  call: CallContext,
): Promise<(() => void) | undefined> {
  const { cooldowns } = options;
  const key = keyOf(request, call, options);
  let heldMs = 0;
  for (;;) {
    const cooldown = cooldowns.get(key);
    if (cooldown === undefined) return undefined;
    const leftMs = Math.ceil(cooldown.until - performance.now());
    if (leftMs > 0) {
      if (!hold(options, call, cooldown, leftMs, heldMs)) return undefined;
      heldMs += leftMs;
      await sleep(leftMs, call.signal);
    } else if (!cooldown.isCapped) {
      cooldowns.delete(key);
      return undefined;
    } else if (cooldown.probe === undefined) {
      return startProbe(cooldowns, key, cooldown);
    } else {
      await withinCall(cooldown.probe, call);
    }
  }
}

/**
 * Begins to hold a call back until a reset.
 *
 * @param heldMs - Time for which the call was held before.
 * @returns `false` where the call may be sent at once instead: it was held already, and its time for waits is used up.
 * @throws {RateLimitError} Where the call must not be sent and has no time to wait.
 */
function hold(
  { emit }: RateLimitOptions,
  call: CallContext,
  { isCapped }: Cooldown,
  leftMs: number,
  heldMs: number,
): boolean {
  const { method, path, operationId, maxRetryAfterMs, totalTimeout } = call;
  const held = { type: 'held', method, path, operationId, delayMs: leftMs } as const;
  const isSent = heldMs + leftMs <= maxRetryAfterMs && totalTimeout.allows(call.timeoutMs, leftMs, true);
  if (!isSent && heldMs > 0 && !isCapped) return false;
  emit?.({ ...held, isSent });
  if (!isSent)
    throw createAPIError(
      `${method} ${path} was not sent: the rate limit that an earlier call met resets in ${Math.ceil(leftMs / 1000)} s`,
      { status: 429, code: 'rate_limited', method, path, retryAfterMs: leftMs },
    );
  totalTimeout.startServerWait(leftMs);
  call.onWait?.(leftMs);
  return true;
}

function startProbe(cooldowns: Cooldowns, key: string, cooldown: Cooldown): () => void {
  let settle: () => void = () => undefined;
  cooldown.probe = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return () => {
    // A probe that received another 429 has replaced the cooldown.
    if (cooldowns.get(key) === cooldown) cooldowns.delete(key);
    settle();
  };
}
