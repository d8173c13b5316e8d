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
  const seconds = decimal(headers.get('retry-after'));
  const explicit =
    decimal(headers.get('retry-after-ms')) ??
    (seconds === undefined
      ? until(httpDate(headers.get('retry-after'), serverNow), serverNow)
      : seconds * 1000);
  if (status !== 429 || explicit !== undefined) return explicit;
  return (
    untilReset(decimal(headers.get('x-ratelimit-reset')), serverNow) ?? untilReset(resetOf(body), serverNow)
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

function resetOf(body: unknown): number | undefined {
  const error = isRecord(body) ? body.error : undefined;
  const limit = isRecord(error) ? error.limit : undefined;
  const reset = isRecord(limit) ? limit.reset : undefined;
  return typeof reset === 'number' ? reset : decimal(typeof reset === 'string' ? reset : null);
}

/** Epoch seconds from here on would be in the year 5138: the number is milliseconds. */
const FIRST_MILLISECONDS = 1e11;

// A reset that has passed is not a hint: all clients that obey it would come back at once.
function untilReset(reset: number | undefined, now: number): number | undefined {
  if (reset === undefined || !Number.isFinite(reset)) return undefined;
  return until(reset < FIRST_MILLISECONDS ? reset * 1000 : reset, now) || undefined;
}

function decimal(value: string | null): number | undefined {
  return value !== null && /^\d{1,15}(\.\d{1,6})?$/.test(value.trim()) ? Number(value) : undefined;
}

function until(time: number | undefined, now: number): number | undefined {
  return time === undefined ? undefined : Math.max(0, time - now);
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
  const text = value?.trim() ?? '';
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
  const fullYear = year.length === 2 ? centuryOf(Number(year), nowMs) : Number(year);
  const date = new Date(0);
  date.setUTCFullYear(fullYear, monthIndex, Number(day));
  if (!isTime || date.getUTCMonth() !== monthIndex) return undefined;
  return date.setUTCHours(hours, minutes, seconds);
}

function centuryOf(twoDigits: number, nowMs: number): number {
  const thisYear = new Date(nowMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}
