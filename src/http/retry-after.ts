import { isRecord } from '../util/is-record.js';

/**
 * Returns the wait that a response asks for before the next attempt.
 *
 * `x-ratelimit-reset` is on responses of every kind and states when the window ends; only where a limit was passed does
 * it ask for a wait.
 *
 * @param nowMs - The clock here, epoch milliseconds.
 * @param body - The parsed body of the response, if it was read: Vercel puts `error.limit.reset` in it.
 * @returns Milliseconds from now, 0 for at once; `undefined` without a usable hint.
 */
export function serverDelayMs(
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  nowMs: number,
  body?: unknown,
): number | undefined {
  const serverNow = httpDate(headers.get('date')) ?? nowMs;
  const ms = decimal(headers.get('retry-after-ms'));
  if (ms !== undefined) return ms;
  const retryAfter = headers.get('retry-after');
  const seconds = decimal(retryAfter);
  if (seconds !== undefined) return seconds * 1000;
  const date = httpDate(retryAfter, serverNow);
  if (date !== undefined) return Math.max(0, date - serverNow);
  if (status !== 429) return undefined;
  const error = isRecord(body) ? body.error : undefined;
  const limit = isRecord(error) ? error.limit : undefined;
  const reset = isRecord(limit) ? limit.reset : undefined;
  return (
    untilReset(decimal(headers.get('x-ratelimit-reset')), serverNow) ??
    untilReset(typeof reset === 'number' ? reset : decimal(reset), serverNow)
  );
}

/**
 * Returns how long the headers of a 429 ask to wait before the next try.
 *
 * In order: `retry-after-ms` (milliseconds), `Retry-After` as seconds or as an HTTP date (RFC 9110 section 10.2.3), and
 * `x-ratelimit-reset` (epoch seconds, https://vercel.com/docs/rest-api#rate-limits; a number that can only be milliseconds
 * is read as such). A date is measured against the server's own `Date`, so that a wrong clock here does not matter.
 *
 * @param headers - Headers of the response.
 * @param nowMs - The local clock in epoch milliseconds, used when the response has no `Date`.
 * @returns Milliseconds from now, at least 0; `undefined` without a usable hint.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  return serverDelayMs({ status: 429, headers }, nowMs);
}

/** Epoch seconds from here on would be in the year 5138: the number is milliseconds. */
const FIRST_MILLISECONDS = 1e11;

// A reset that has passed is not a hint: all clients that obey it would come back at once.
function untilReset(reset: number | undefined, now: number): number | undefined {
  if (reset === undefined || !Number.isFinite(reset)) return undefined;
  const leftMs = (reset < FIRST_MILLISECONDS ? reset * 1000 : reset) - now;
  return leftMs > 0 ? leftMs : undefined;
}

function decimal(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,15}(\.\d{1,6})?$/.test(value.trim()) ? Number(value) : undefined;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

// The three forms of RFC 9110 section 5.6.7. `Date.parse` alone would accept "-5" and "2030".
const FORMS = [
  /^[a-z]{3}, (?<day>\d{2}) (?<month>[a-z]{3}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/i, // IMF-fixdate
  /^[a-z]{6,9}, (?<day>\d{2})-(?<month>[a-z]{3})-(?<year>\d{2}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/i, // RFC 850
  /^[a-z]{3} (?<month>[a-z]{3}) (?<day>[ \d]\d) (?<time>\d{2}:\d{2}:\d{2}) (?<year>\d{4})$/i, // asctime
];

/**
 * Reads an HTTP date in any of its three forms.
 *
 * @param nowMs - Tells the century of a year of two digits: it is never more than 50 years ahead.
 * @returns Epoch milliseconds; `undefined` for anything else.
 */
export function httpDate(value: string | null, nowMs: number = Date.now()): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  const {
    day,
    month = '',
    year,
    time = '',
  } = FORMS.map((form) => form.exec(text)).find(Boolean)?.groups ?? {};
  const monthIndex = MONTHS.indexOf(month.toLowerCase());
  if (day === undefined || year === undefined || monthIndex < 0) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  const isTime = hours < 24 && minutes < 60 && seconds <= 60;
  let fullYear = Number(year);
  if (year.length === 2) {
    const thisYear = new Date(nowMs).getUTCFullYear();
    fullYear += thisYear - (thisYear % 100);
    if (fullYear > thisYear + 50) fullYear -= 100;
  }
  const date = new Date(0);
  date.setUTCFullYear(fullYear, monthIndex, Number(day));
  if (!isTime || date.getUTCMonth() !== monthIndex) return undefined;
  return date.setUTCHours(hours, minutes, seconds);
}
