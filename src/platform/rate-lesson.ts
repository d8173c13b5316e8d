import { APIError, RateLimitError } from '../errors/index.js';
import { serverDelayMs } from '../http/retry-after.js';

/** The facts about a rate limit that one response teaches. */
export interface RateLesson {
  /** Requests that a window allows; `undefined` where the response does not say. */
  readonly limit: number | undefined;
  /** Requests that are left of the window; `undefined` where the response does not say. */
  readonly remaining: number | undefined;
  /** Time until the window ends, in milliseconds; `undefined` where the response does not say. */
  readonly resetMs: number | undefined;
  /** Whether the request was refused for the limit. */
  readonly isRefusal: boolean;
}

/** The headers of Vercel, and those of the IETF draft that other APIs send. */
const PREFIXES = ['x-ratelimit-', 'ratelimit-'] as const;

/**
 * Reads what a response says about its rate limit.
 *
 * @param nowMs - The clock here, epoch milliseconds.
 * @returns `undefined` for a response that says nothing.
 */
export function readLesson(response: Response, nowMs: number): RateLesson | undefined {
  const { headers } = response;
  const read = (name: string) =>
    PREFIXES.map((prefix) => wholeNumber(headers.get(prefix + name))).find((value) => value !== undefined);
  const limit = read('limit');
  const remaining = read('remaining');
  const isRefusal = response.status === 429;
  const draftReset = wholeNumber(headers.get('ratelimit-reset'));
  // A reset says when the window ends whatever the status is; `serverDelayMs` reads it as a wait for a refusal alone.
  const asRefusal = new Response(null, { status: 429, headers });
  const resetMs =
    serverDelayMs(asRefusal, nowMs) ?? (draftReset === undefined ? undefined : draftReset * 1000);
  if (!isRefusal && (remaining === undefined || resetMs === undefined)) return undefined;
  return { limit, remaining: isRefusal ? 0 : remaining, resetMs, isRefusal };
}

/** Reads what a failed call teaches; `undefined` for nothing. */
export function readLessonOf(error: unknown, nowMs: number): RateLesson | undefined {
  if (!(error instanceof APIError)) return undefined;
  const lesson = error.response && readLesson(error.response, nowMs);
  if (!isBusy(error)) return lesson;
  const { limit, resetMs = error.retryAfterMs } = lesson ?? {};
  const isRefusal = error instanceof RateLimitError && error.response !== undefined;
  return { limit, remaining: 0, resetMs, isRefusal };
}

/** Whether a response asks for a wait: one that a limit refused, or a 503 that says for how long. */
export function isBusy(error: unknown): error is APIError {
  if (!(error instanceof APIError) || error.retryAfterMs === undefined) return false;
  return error instanceof RateLimitError || error.status === 503;
}

function wholeNumber(value: string | null): number | undefined {
  return value !== null && /^\d{1,12}$/.test(value.trim()) ? Number(value) : undefined;
}
