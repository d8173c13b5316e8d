import { errorBody } from '../../respond/json-response.js';
import type { PlainResponse } from '../../respond/responder.js';
import type { MockLimit } from './memory-options.js';

const DEFAULT_WINDOW_MS = 60_000;

/** Verdict of a limit on one request. */
export interface LimitVerdict {
  /** Goes out with the response. */
  readonly headers: Readonly<Record<string, string>>;
  /** The response of a request that is one too many. */
  readonly refusal: PlainResponse | undefined;
}

/** Counts requests against the limits of a mock. */
export class MockLimits {
  readonly #limits: readonly MockLimit[];
  readonly #windows = new Map<string, { endsAt: number; used: number }>();

  constructor(limits: readonly MockLimit[]) {
    this.#limits = limits;
  }

  clear(): void {
    this.#windows.clear();
  }

  /** Counts one request; `undefined` where nothing limits its operation. */
  count(operationId: string): LimitVerdict | undefined {
    const named = this.#limits.find(({ operations }) => operations?.includes(operationId));
    const limit = named ?? this.#limits.find(({ operations }) => operations === undefined);
    if (limit === undefined) return undefined;
    const now = Date.now();
    const key = `${this.#limits.indexOf(limit)} ${named === undefined ? operationId : ''}`;
    let window = this.#windows.get(key);
    if (window === undefined || now >= window.endsAt) {
      window = { endsAt: now + (limit.windowMs ?? DEFAULT_WINDOW_MS), used: 0 };
      this.#windows.set(key, window);
    }
    window.used += 1;
    const headers = headersOf(limit, window, now);
    if (window.used <= limit.limit) return { headers, refusal: undefined };
    const body = errorBody('rate_limited', 'Too many requests.', {
      limit: { total: limit.limit, remaining: 0, reset: Math.ceil(window.endsAt / 1000) },
    });
    return { headers, refusal: { status: 429, body } };
  }
}

function headersOf(
  { limit, headers = 'x-ratelimit' }: MockLimit,
  { endsAt, used }: { readonly endsAt: number; readonly used: number },
  now: number,
): Record<string, string> {
  // Without it a client with another clock would come back too early.
  const date = { date: new Date(now).toUTCString() };
  if (headers === 'x-ratelimit') {
    return {
      ...date,
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - used)),
      'x-ratelimit-reset': String(Math.ceil(endsAt / 1000)),
    };
  }
  if (headers === 'none' || used <= limit) return date;
  return { ...date, 'retry-after': String(Math.ceil((endsAt - now) / 1000)) };
}
