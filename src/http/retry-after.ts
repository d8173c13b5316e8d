/** The longest wait that a server can ask of us; a longer one is the caller's to plan, not ours to sleep. */
export const MAX_SERVER_DELAY_MS = 60_000;

/**
 * How long an answer asks to wait before the next try.
 *
 * `x-ratelimit-reset` stands on answers of every kind and tells when the window ends; only where a limit was passed does
 * it ask for a wait.
 *
 * @param nowMs - The clock here, epoch milliseconds.
 * @returns Milliseconds from now; `undefined` without a usable hint.
 */
export function serverDelayMs(response: Response, nowMs: number): number | undefined {
  if (response.status === 429) return retryAfterMs(response.headers, nowMs);
  const headers = new Headers(response.headers);
  headers.delete('x-ratelimit-reset');
  return retryAfterMs(headers, nowMs);
}

/**
 * How long headers ask to wait before the next try.
 *
 * In order: `retry-after-ms` (milliseconds), `Retry-After` as seconds or as an HTTP date (RFC 9110 section 10.2.3), and
 * `x-ratelimit-reset` (epoch seconds, https://vercel.com/docs/rest-api#rate-limits). A date is measured against the
 * server's own `Date`, so that a wrong clock here does not matter.
 *
 * @param headers - Headers of the answer.
 * @param nowMs - The clock here, epoch milliseconds, used where the answer has no `Date`.
 * @returns Milliseconds from now, at least 0; `undefined` without a usable hint.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const serverNow = httpDate(headers.get('date')) ?? nowMs;
  return (
    decimal(headers.get('retry-after-ms')) ??
    scaled(decimal(headers.get('retry-after')), 1000) ??
    until(httpDate(headers.get('retry-after')), serverNow) ??
    // A reset that has gone by says nothing: to obey it would be to come back at once, with everybody else.
    (until(scaled(decimal(headers.get('x-ratelimit-reset')), 1000), serverNow) || undefined)
  );
}

function decimal(value: string | null): number | undefined {
  return value !== null && /^\d{1,15}(\.\d{1,6})?$/.test(value.trim()) ? Number(value) : undefined;
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}

function until(time: number | undefined, now: number): number | undefined {
  return time === undefined ? undefined : Math.max(0, time - now);
}

// IMF-fixdate alone (RFC 9110 section 5.6.7): Date.parse by itself would take "-5" and "2030" for dates.
const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Epoch milliseconds of an HTTP date; `undefined` for anything else. */
export function httpDate(value: string | null): number | undefined {
  if (value === null || !IMF_FIXDATE.test(value.trim())) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
