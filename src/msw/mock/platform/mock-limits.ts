import { errorBody } from '../../respond/json-response.js';
import type { PlainResponse } from '../../respond/responder.js';
import type { MockLimit } from './memory-options.js';

const DEFAULT_WINDOW_MS = 60_000;

interface LimitVerdict {
  /** Headers of the response. */
  readonly headers: Readonly<Record<string, string>>;
  /** The response of a request that is one too many. */
  readonly refusal: PlainResponse | undefined;
}

/** Counts requests against the limits of a mock. */
export class MockLimits {
  readonly #windows = new Map<string, { endsAt: number; used: number }>();

  constructor(readonly limits: readonly MockLimit[]) {}

  clear(): void {
    this.#windows.clear();
  }

  /** Counts one request; `undefined` where nothing limits its operation. */
  count(operationId: string): LimitVerdict | undefined {
    const named = this.limits.find(({ operations }) => operations?.includes(operationId));
    const limit = named ?? this.limits.find(({ operations }) => operations === undefined);
    if (limit === undefined) return undefined;
    const now = Date.now();
    const key = `${this.limits.indexOf(limit)} ${named === undefined ? operationId : ''}`;
    let window = this.#windows.get(key);
    if (window === undefined || now >= window.endsAt) {
      window = { endsAt: now + (limit.windowMs ?? DEFAULT_WINDOW_MS), used: 0 };
      this.#windows.set(key, window);
    }
    window.used += 1;
    const { endsAt, used } = window;
    // Without a date, a client with another clock would return too early.
    const date = { date: new Date(now).toUTCString() };
    const rateLimit = {
      'x-ratelimit-limit': String(limit.limit),
      'x-ratelimit-remaining': String(Math.max(0, limit.limit - used)),
      'x-ratelimit-reset': String(Math.ceil(endsAt / 1000)),
    };
    const retryAfter = { 'retry-after': String(Math.ceil((endsAt - now) / 1000)) };
    const { headers: kind = 'x-ratelimit' } = limit;
    const isRefused = used > limit.limit;
    const headers = {
      ...date,
      ...(kind === 'x-ratelimit' ? rateLimit : {}),
      ...(kind === 'retry-after' && isRefused ? retryAfter : {}),
    };
    if (!isRefused) return { headers, refusal: undefined };
    const body = errorBody('rate_limited', 'Too many requests.', {
      limit: { total: limit.limit, remaining: 0, reset: Math.ceil(endsAt / 1000) },
    });
    return { headers, refusal: { status: 429, body } };
  }
}
