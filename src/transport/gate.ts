import { createAPIError } from '../errors/index.js';
import type { Call, Stage } from './compose.js';
import type { Identify, IdentifyLater } from './identity.js';
import { MAX_SERVER_DELAY_MS, serverDelayMs } from './retry-after.js';
import { sleep } from './sleep.js';

/** Holds kept at most; beyond, those that are over are swept. */
const SWEEP_AT = 1_000;

/** The holds of one API: by credential and class of operations, until when (on the clock of `performance.now()`). */
export type Holds = Map<string, number>;

/**
 * Lets one 429 teach all: after one that says when the limit resets, later calls with the same credential to the same
 * operation (where the document names a class of operations with one limit, to the same class) wait until then.
 *
 * A wait over 60 s, or past the call's deadline, is not begun: the call fails at once with `RateLimitError`. A 429
 * without a hint holds nobody.
 *
 * @param identify - Tells bearers apart.
 * @param holds - Shared by clients of one API.
 */
export function gateStage(identify: Identify | IdentifyLater, holds: Holds): Stage {
  return (next) => async (request, call) => {
    if (holds.size > 0) await waitForReset(holds, await keyOf(request, call, identify), call);
    const response = await next(request, call);
    if (response.status !== 429) return response;
    const delayMs = serverDelayMs(response, Date.now());
    if (delayMs !== undefined) hold(holds, await keyOf(request, call, identify), delayMs);
    return response;
  };
}

async function keyOf(
  request: Request,
  { operation, method, path }: Call,
  identify: Identify | IdentifyLater,
): Promise<string> {
  const bearer = request.headers.get('authorization') ?? '';
  return JSON.stringify([await identify(bearer), operation?.rateLimitClass ?? `${method} ${path}`]);
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
    await sleep(leftMs, call.signal);
  }
  if (holds.get(key) === until) holds.delete(key);
}

function limited({ method, path }: Call, retryAfterMs: number): Error {
  const seconds = Math.ceil(retryAfterMs / 1000);
  const message = `${method} ${path} was not sent: the rate limit that an earlier call met resets in ${seconds} s`;
  return createAPIError(message, { status: 429, code: 'rate_limited', method, path, retryAfterMs });
}
