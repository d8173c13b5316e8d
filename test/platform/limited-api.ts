import { asFetch } from '../helpers/as-fetch.js';

/** A limit of {@link createLimitedApi}. */
export interface ApiLimit {
  /** Which requests count, by `METHOD path`. */
  readonly matches: RegExp;
  readonly limit: number;
  readonly windowMs: number;
  /** Which headers say so: all of them, or but `Retry-After` on a refusal. */
  readonly headers?: 'x-ratelimit' | 'retry-after';
}

/** An API in this process whose windows are fixed, beginning with their first request. */
export interface LimitedApi {
  readonly fetch: ReturnType<typeof asFetch>;
  /** Every request in the order of its arrival: when it came, and the status of its response. */
  readonly seen: readonly { readonly at: number; readonly key: string; readonly status: number }[];
}

export function createLimitedApi(limits: readonly ApiLimit[], latencyMs = 30): LimitedApi {
  const windows = new Map<ApiLimit, { endsAt: number; used: number }>();
  const seen: { at: number; key: string; status: number }[] = [];
  const count = (key: string) => {
    const limit = limits.find(({ matches }) => matches.test(key));
    if (limit === undefined) return undefined;
    let window = windows.get(limit);
    if (window === undefined || Date.now() >= window.endsAt) {
      window = { endsAt: Date.now() + limit.windowMs, used: 0 };
      windows.set(limit, window);
    }
    window.used += 1;
    return { limit, window, isOver: window.used > limit.limit };
  };
  return {
    seen,
    fetch: asFetch(async (request) => {
      await wait(latencyMs / 2);
      const url = new URL(request.url);
      const key = `${request.method} ${url.pathname}`;
      const counted = count(key);
      const status = counted?.isOver ? 429 : 200;
      seen.push({ at: Date.now(), key, status });
      const headers = counted === undefined ? {} : headersOf(counted);
      const text = request.body === null ? '' : await request.text();
      await wait(latencyMs / 2);
      const body =
        status === 429 ? { error: { code: 'rate_limited', message: 'slow down' } } : { key, sent: text };
      return Response.json(body, { status, headers: { date: new Date().toUTCString(), ...headers } });
    }),
  };
}

function headersOf({
  limit: { limit, headers = 'x-ratelimit' },
  window: { endsAt, used },
  isOver,
}: {
  limit: ApiLimit;
  window: { endsAt: number; used: number };
  isOver: boolean;
}): Record<string, string> {
  const leftMs = endsAt - Date.now();
  if (headers === 'retry-after') return isOver ? { 'retry-after': String(Math.ceil(leftMs / 1000)) } : {};
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(Math.max(0, limit - used)),
    'x-ratelimit-reset': String(Math.ceil(endsAt / 1000)),
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
