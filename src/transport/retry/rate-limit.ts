import { createAPIError } from '../../errors/index.js';
import type { EventListener, HeldEvent } from '../../util/emitter.js';
import { sleep } from '../../util/sleep.js';
import { withinCall } from '../attempt-timer.js';
import type { Identify, IdentifyLater } from '../auth/identity.js';
import type { CallContext, Middleware } from '../middleware.js';
import type { OutgoingRequest } from '../plain-request.js';

/** Cooldowns kept at most; beyond, those that are over are swept. */
const SWEEP_AT = 1_000;
/**
 * The longest time that one 429 is remembered for. Vercel's windows are 60 s and round up; a header that says a year must
 * not stop a healthy server from being asked again.
 */
export const MAX_COOLDOWN_MS = 65_000;

/** What is remembered of a 429. */
interface Cooldown {
  /** On the clock of `performance.now()`. */
  readonly until: number;
  /** Whether the server named a longer time: then one call probes, and the others wait for what it comes to. */
  readonly isCapped: boolean;
  /** Settles when the probe under way has an answer. */
  probe?: Promise<void> | undefined;
}

/** The cooldowns of one API, by credential and class of operations. */
export type Cooldowns = Map<string, Cooldown>;

/** Cooldowns that other processes take part in. Neither rejects; without an answer there is no cooldown. */
export interface SharedCooldowns {
  /** What is left of a cooldown, in milliseconds; 0 for none. */
  leftMs(origin: string, bearer: string, limit: string): Promise<number>;
  /** Makes a cooldown last at least so long from now. */
  hold(origin: string, bearer: string, limit: string, leastMs: number): Promise<unknown>;
}

/** What {@link rateLimitMiddleware} takes from outside. */
export interface RateLimitOptions {
  /** Tells bearers apart. */
  readonly identify: Identify | IdentifyLater;
  /** Shared by clients of one API. */
  readonly cooldowns: Cooldowns;
  /** How long an answer asks to wait, in milliseconds. */
  readonly delayOf: (response: Response) => number | undefined;
  /** Shared by processes, asked before each attempt. */
  readonly shared?: SharedCooldowns | undefined;
  /** Called for each call that is held. */
  readonly emit?: EventListener<HeldEvent>;
}

/**
 * Lets one 429 teach all: after one that says when the limit resets, later calls with the same credential to the same
 * operation (where the document names a class of operations with one limit, to the same class) wait until then, for at most
 * 65 s.
 *
 * A wait over the call's `maxRetryAfterMs`, or after which too little of its time is left, is not begun: the call fails at
 * once with `RateLimitError`. A 429 without a hint holds nobody.
 */
export function rateLimitMiddleware(options: RateLimitOptions): Middleware {
  const { identify, cooldowns, delayOf, shared } = options;
  return (next) =>
    async function limitRate(request, call) {
      if (shared) await learn(shared, options, request, call);
      const endProbe =
        cooldowns.size > 0
          ? await waitForReset(options, await keyOf(request, call, identify), call)
          : undefined;
      try {
        const response = await next(request, call);
        const delayMs = response.status === 429 ? delayOf(response) : undefined;
        if (delayMs === undefined) return response;
        remember(cooldowns, await keyOf(request, call, identify), delayMs);
        if (shared) await share(shared, request, call, Math.min(delayMs, MAX_COOLDOWN_MS));
        return response;
      } finally {
        endProbe?.();
      }
    };
}

/** Takes over a cooldown that another process has learnt of. */
async function learn(
  shared: SharedCooldowns,
  { cooldowns, identify }: RateLimitOptions,
  request: OutgoingRequest,
  call: CallContext,
): Promise<void> {
  const asked = shared.leftMs(new URL(request.url).origin, bearerOf(request), limitOf(call));
  const leftMs = await withinCall(asked, call);
  call.signal?.throwIfAborted();
  if (leftMs > 0)
    remember(cooldowns, await keyOf(request, call, identify), Math.min(leftMs, MAX_COOLDOWN_MS));
}

/** Tells the other processes, and waits for it no longer than the call may take: its answer is here already. */
async function share(
  shared: SharedCooldowns,
  request: OutgoingRequest,
  call: CallContext,
  delayMs: number,
): Promise<void> {
  const told = shared.hold(new URL(request.url).origin, bearerOf(request), limitOf(call), delayMs);
  await withinCall(told, call).catch(() => undefined);
  call.signal?.throwIfAborted();
}

function bearerOf(request: OutgoingRequest): string {
  return request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '';
}

function limitOf({ operation, method, path }: CallContext): string {
  return operation?.rateLimitClass ?? `${method} ${path}`;
}

async function keyOf(
  request: OutgoingRequest,
  call: CallContext,
  identify: Identify | IdentifyLater,
): Promise<string> {
  const bearer = request.headers.get('authorization') ?? '';
  return JSON.stringify([await identify(bearer), limitOf(call)]);
}

function remember(cooldowns: Cooldowns, key: string, delayMs: number): void {
  const now = performance.now();
  if (cooldowns.size >= SWEEP_AT)
    for (const [other, { until }] of [...cooldowns]) if (until <= now) cooldowns.delete(other);
  const until = now + Math.min(delayMs, MAX_COOLDOWN_MS);
  // Of two 429 that cross, the later end holds.
  if (until > (cooldowns.get(key)?.until ?? 0))
    cooldowns.set(key, { until, isCapped: delayMs > MAX_COOLDOWN_MS });
}

/** Waits until the call may be sent. Where it is the probe, returns what to call once the probe is over. */
async function waitForReset(
  { cooldowns, emit }: RateLimitOptions,
  key: string,
  call: CallContext,
): Promise<(() => void) | undefined> {
  let heldMs = 0;
  for (;;) {
    const cooldown = cooldowns.get(key);
    if (cooldown === undefined) return undefined;
    const leftMs = Math.ceil(cooldown.until - performance.now());
    if (leftMs > 0) {
      const { method, path, operationId } = call;
      const held = { type: 'held', method, path, operationId, delayMs: leftMs } as const;
      if (!maySleep(call, heldMs, leftMs)) {
        // Held for its share already: it may ask for itself, unless the server has named a longer time.
        if (heldMs > 0 && !cooldown.isCapped) return undefined;
        emit?.({ ...held, isSent: false });
        throw limited(call, leftMs);
      }
      emit?.({ ...held, isSent: true });
      heldMs += leftMs;
      call.totalTimeout.startServerWait(leftMs);
      call.onWait?.(leftMs);
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

function maySleep(
  { maxRetryAfterMs, totalTimeout, timeoutMs }: CallContext,
  heldMs: number,
  leftMs: number,
): boolean {
  return heldMs + leftMs <= maxRetryAfterMs && totalTimeout.allows(timeoutMs, leftMs, true);
}

function startProbe(cooldowns: Cooldowns, key: string, cooldown: Cooldown): () => void {
  let settle: () => void = () => undefined;
  cooldown.probe = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return () => {
    // A probe that was answered with another 429 has put a new cooldown in the place.
    if (cooldowns.get(key) === cooldown) cooldowns.delete(key);
    settle();
  };
}

function limited({ method, path }: CallContext, retryAfterMs: number): Error {
  const seconds = Math.ceil(retryAfterMs / 1000);
  const message = `${method} ${path} was not sent: the rate limit that an earlier call met resets in ${seconds} s`;
  return createAPIError(message, { status: 429, code: 'rate_limited', method, path, retryAfterMs });
}
