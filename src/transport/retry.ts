import { APIConnectionError, MalformedResponseError } from '../errors/index.js';
import type { Call, Send, Stage } from './compose.js';
import { neverLeft } from './network-error.js';
import { serverDelayMs } from './retry-after.js';
import { sleep } from './sleep.js';

const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
const BASE_DELAY_MS = 250;
const MAX_DELAY_MS = 8_000;
/** The longest wait that a server can ask of us; a longer one is the caller's to plan, not ours to sleep. */
const MAX_SERVER_DELAY_MS = 60_000;

/** What the retry stage takes from outside, so that tests can set it. */
export interface RetryOptions {
  /** A number in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number;
}

/** What one attempt came to. */
type Outcome = { readonly response: Response } | { readonly error: unknown };

/**
 * Sends again what failed in passing.
 *
 * Repeated: GET, HEAD, OPTIONS, PUT, DELETE (RFC 9110 section 9.2.2) and operations that the document marks safe to
 * repeat, after 408, 425, 429, 500, 502, 503, 504, a network failure, a timeout or a malformed body. Anything else only
 * after a 429 (nothing was done) or when the request never left. Full jitter on our own delays,
 * `random() * min(250 ms * 2^n, 8 s)`, and none on the server's; a server delay over 60 s ends the call at once.
 *
 * A caller's abort ends the wait and passes through with its own reason.
 */
export function retryStage(options: RetryOptions = {}): Stage {
  const { random = Math.random, now = Date.now } = options;
  return (next) => async (request, call) => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(next, request, { ...call, attempt });
      if (attempt > call.maxRetries || !isRetryable(outcome, call)) return settle(outcome);
      const asked = 'response' in outcome ? serverDelayMs(outcome.response, now()) : undefined;
      if (asked !== undefined && asked > MAX_SERVER_DELAY_MS) return settle(outcome);
      discard(outcome);
      await sleep(
        asked ?? random() * Math.min(BASE_DELAY_MS * 2 ** (attempt - 1), MAX_DELAY_MS),
        call.signal,
      );
    }
  };
}

async function attemptOnce(next: Send, request: Request, call: Call): Promise<Outcome> {
  // The last attempt may use up the original; every earlier one sends a copy, so that the body is there again.
  const fresh = call.attempt > call.maxRetries ? request : request.clone();
  try {
    return { response: await next(fresh, call) };
  } catch (error) {
    return { error };
  }
}

function isRetryable(outcome: Outcome, call: Call): boolean {
  if (call.signal?.aborted) return false;
  const repeatable = IDEMPOTENT_METHODS.has(call.method) || (call.operation?.safeToRepeat ?? false);
  if ('response' in outcome) {
    const { status } = outcome.response;
    return RETRIED_STATUSES.has(status) && (repeatable || status === 429);
  }
  if (outcome.error instanceof APIConnectionError) return repeatable || neverLeft(outcome.error);
  return outcome.error instanceof MalformedResponseError && repeatable;
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
