import { createAPIError } from '../../errors/index.js';
import { MAX_SERVER_DELAY_MS, serverDelayMs } from '../../http/retry-after.js';
import { sleep } from '../../util/sleep.js';
import type { Identify, IdentifyLater } from '../auth/identity.js';
import type { Call, Stage } from '../compose.js';
import type { Outgoing } from '../plain-request.js';

/** Holds kept at most; beyond, those that are over are swept. */
const SWEEP_AT = 1_000;

/** The holds of one API: by credential and class of operations, until when (on the clock of `performance.now()`). */
export type Holds = Map<string, number>;

/** Holds that other processes take part in. Neither rejects; without an answer there is no hold. */
export interface SharedHolds {
  /** What is left of a hold, in milliseconds; 0 for none. */
  leftMs(origin: string, bearer: string, limit: string): Promise<number>;
  /** Makes a hold last at least so long from now. */
  hold(origin: string, bearer: string, limit: string, leastMs: number): Promise<unknown>;
}

/**
 * Lets one 429 teach all: after one that says when the limit resets, later calls with the same credential to the same
 * operation (where the document names a class of operations with one limit, to the same class) wait until then.
 *
 * A wait over 60 s, or past the call's deadline, is not begun: the call fails at once with `RateLimitError`. A 429
 * without a hint holds nobody.
 *
 * @param identify - Tells bearers apart.
 * @param holds - Shared by clients of one API.
 * @param shared - Shared by processes, asked before each attempt.
 */
export function gateStage(identify: Identify | IdentifyLater, holds: Holds, shared?: SharedHolds): Stage {
  return (next) => async (request, call) => {
    if (shared) await learn(shared, holds, request, call, identify);
    if (holds.size > 0) await waitForReset(holds, await keyOf(request, call, identify), call);
    const response = await next(request, call);
    if (response.status !== 429) return response;
    const delayMs = serverDelayMs(response, Date.now());
    if (delayMs === undefined) return response;
    hold(holds, await keyOf(request, call, identify), delayMs);
    await shared?.hold(new URL(request.url).origin, bearerOf(request), limitOf(call), delayMs);
    return response;
  };
}

/** Takes over a hold that another process has learnt of. */
async function learn(
  shared: SharedHolds,
  holds: Holds,
  request: Outgoing,
  call: Call,
  identify: Identify | IdentifyLater,
): Promise<void> {
  const leftMs = await shared.leftMs(new URL(request.url).origin, bearerOf(request), limitOf(call));
  call.signal?.throwIfAborted();
  if (leftMs > 0) hold(holds, await keyOf(request, call, identify), leftMs);
}

function bearerOf(request: Outgoing): string {
  return request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '';
}

function limitOf({ operation, method, path }: Call): string {
  return operation?.rateLimitClass ?? `${method} ${path}`;
}

async function keyOf(request: Outgoing, call: Call, identify: Identify | IdentifyLater): Promise<string> {
  const bearer = request.headers.get('authorization') ?? '';
  return JSON.stringify([await identify(bearer), limitOf(call)]);
}

function hold(holds: Holds, key: string, delayMs: number): void {
  const now = performance.now();
  if (holds.size >= SWEEP_AT) for (const [other, until] of [...holds]) if (until <= now) holds.delete(other);
  holds.set(key, Math.max(holds.get(key) ?? 0, now + delayMs));
}

async function waitForReset(holds: Holds, key: string, call: Call): Promise<void> {
  const until = holds.get(key);
  if (until === undefined) return;
  const now = performance.now();
  const leftMs = Math.ceil(until - now);
  if (leftMs > 0) {
    if (leftMs > MAX_SERVER_DELAY_MS || now + leftMs >= call.deadlineAt) throw limited(call, leftMs);
    call.onWait?.(leftMs);
    await sleep(leftMs, call.signal);
  }
  if (holds.get(key) === until) holds.delete(key);
}

function limited({ method, path }: Call, retryAfterMs: number): Error {
  const seconds = Math.ceil(retryAfterMs / 1000);
  const message = `${method} ${path} was not sent: the rate limit that an earlier call met resets in ${seconds} s`;
  return createAPIError(message, { status: 429, code: 'rate_limited', method, path, retryAfterMs });
}
