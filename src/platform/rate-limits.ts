import type { RateLesson } from './rate-lesson.js';

/**
 * Keeps rate limits, and decides who may send next. {@link createRateLimits} does so in memory; `createRedisRateLimits` of
 * `vercel-rest/redis` does so for many processes.
 */
export interface RateLimits {
  /**
   * Asks for leave to send one request that counts against a limit.
   *
   * @param name - The limit.
   * @param ticket - Names the request; a random text that is never used again.
   * @returns 0 for leave, which lasts until {@link settle}; else how long to wait before asking again, in milliseconds.
   */
  acquire(name: string, ticket: string): Promise<number>;
  /** Says that a request is over, and what its response taught. */
  settle(name: string, ticket: string, lesson: RateLesson | undefined): Promise<void>;
}

/** Two resets that differ by less are of one window: the header has a resolution of one second. */
const SAME_WINDOW_MS = 1_500;
/** Time to wait for the responses under way, where they may have used up what is left; in milliseconds. */
const ASK_AGAIN_MS = 25;

/** The window of one limit. */
interface Window {
  /** Requests that a window allows; `undefined` until it is learnt. */
  limit: number | undefined;
  /** The lowest count of requests left that a response named in this window. */
  remaining: number | undefined;
  /** When the window ends, on the clock of `performance.now()`; `undefined` until a response says it. */
  resetAt: number | undefined;
  /** Length of a window that had to be inferred from a refusal. */
  lengthMs: number | undefined;
  /** When the first request of this window was sent. */
  startedAt: number | undefined;
  /** Successes in this window. */
  succeeded: number;
  readonly inFlight: Set<string>;
}

/**
 * Keeps rate limits in memory, for one client or for several of one account in one process.
 *
 * A window is learnt from `x-ratelimit-limit`, `-remaining` and `-reset`. Where an API sends none of them, the first
 * refusal teaches as much: how many requests had passed, and how long the window is.
 */
export function createRateLimits(): RateLimits {
  const windows = new Map<string, Window>();
  const windowOf = (name: string): Window => {
    const window = windows.get(name) ?? {
      limit: undefined,
      remaining: undefined,
      resetAt: undefined,
      lengthMs: undefined,
      startedAt: undefined,
      succeeded: 0,
      inFlight: new Set(),
    };
    windows.set(name, window);
    return window;
  };
  return {
    async acquire(name, ticket) {
      const window = windowOf(name);
      const now = performance.now();
      roll(window, now);
      const { remaining, inFlight } = window;
      if (remaining !== undefined && remaining <= inFlight.size) {
        const end = endOf(window);
        // Where responses are under way, the next one may say that more is left.
        return remaining > 0 || end === undefined ? ASK_AGAIN_MS : Math.max(1, end - now);
      }
      window.startedAt ??= now;
      inFlight.add(ticket);
      return 0;
    },
    async settle(name, ticket, lesson) {
      const window = windowOf(name);
      window.inFlight.delete(ticket);
      const now = performance.now();
      roll(window, now);
      if (lesson?.isRefusal !== true) window.succeeded += 1;
      // A response that does not say what is left may have used one all the same.
      if (window.remaining !== undefined && lesson?.remaining === undefined)
        window.remaining = Math.max(0, window.remaining - 1);
      if (lesson !== undefined) learn(window, lesson, now);
    },
  };
}

/** When a window ends: as a response said, else as it was inferred. */
function endOf({ resetAt, lengthMs, startedAt }: Window): number | undefined {
  if (resetAt !== undefined) return resetAt;
  return lengthMs === undefined || startedAt === undefined ? undefined : startedAt + lengthMs;
}

/** Begins a new window where the old one is over. */
function roll(window: Window, now: number): void {
  const end = endOf(window);
  if (end === undefined || now < end) return;
  window.remaining = window.limit;
  window.resetAt = undefined;
  window.startedAt = undefined;
  window.succeeded = 0;
}

function learn(window: Window, lesson: RateLesson, now: number): void {
  const { limit, remaining, resetMs = 0, isRefusal } = lesson;
  const resetAt = now + resetMs;
  // A response from before the end of its window says nothing about the current window.
  if (resetMs <= 0 || (window.resetAt !== undefined && resetAt < window.resetAt - SAME_WINDOW_MS)) return;
  const isSame = window.resetAt !== undefined && resetAt <= window.resetAt + SAME_WINDOW_MS;
  // A limit of none at all would never be asked for again.
  if (limit !== undefined) window.limit = Math.max(1, limit);
  else if (isRefusal && window.startedAt !== undefined && window.limit === undefined) {
    window.limit = Math.max(1, window.succeeded);
    window.lengthMs = resetAt - window.startedAt;
  }
  window.resetAt = isSame ? Math.max(window.resetAt ?? 0, resetAt) : resetAt;
  if (remaining === undefined) return;
  window.remaining = isSame ? Math.min(window.remaining ?? remaining, remaining) : remaining;
}
