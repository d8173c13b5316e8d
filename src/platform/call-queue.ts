import { RateLimitError } from '../errors/index.js';
import { RateClasses } from './rate-classes.js';
import { isBusy, readLesson, readLessonOf } from './rate-lesson.js';
import type { RateLimits } from './rate-limits.js';

/** Refusals that one call may meet; beyond, somebody else uses up the limit. */
const MAX_REFUSALS = 20;
/** The longest delay that `setTimeout` takes. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** A call that waits for its turn. */
interface Waiting {
  readonly operation: string;
  /** Calls go out in the order in which they came. */
  readonly order: number;
  readonly start: (turn: Turn) => void;
}

/** Leave to send one request. */
interface Turn {
  readonly name: string;
  readonly ticket: string;
}

/** Facts of a call. */
interface CallFacts {
  /** Takes the call out of the queue. What has been sent is the caller's to end. */
  readonly signal: AbortSignal | undefined;
  /** Whether the call may be sent twice. */
  readonly isRepeatable: boolean;
}

/** Counts of the calls in a queue. */
export interface QueueCounts {
  readonly running: number;
  readonly queued: number;
  /** Time until a limit lets the next call go, in milliseconds; 0 where none waits for a limit. */
  readonly waitingMs: number;
}

/**
 * Sends calls, no more at a time than allowed, and none that its limit would refuse.
 *
 * A call that waits for its limit takes no place from calls that count against another.
 */
export class CallQueue {
  readonly #concurrency: number;
  readonly #limits: RateLimits;
  readonly #classes = new RateClasses();
  /** By operation, in order. */
  readonly #waiting = new Map<string, Waiting[]>();
  /** By name of the limit: until when nobody asks again, on the clock of `performance.now()`. */
  readonly #blockedUntil = new Map<string, number>();
  /** By signal: takes its queued calls out of the queue. */
  readonly #leaving = new WeakMap<AbortSignal, Set<() => void>>();
  #running = 0;
  #orders = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(concurrency: number, limits: RateLimits) {
    this.#concurrency = concurrency;
    this.#limits = limits;
  }

  get counts(): QueueCounts {
    let queued = 0;
    for (const waiting of this.#waiting.values()) queued += waiting.length;
    const until = Math.max(0, ...this.#blockedUntil.values());
    return { running: this.#running, queued, waitingMs: Math.max(0, Math.ceil(until - performance.now())) };
  }

  /**
   * Sends a call when its turn comes, and again where it is refused for the limit.
   *
   * @param operation - What the call does; operations that share a limit are found out.
   */
  async run<R extends { readonly response: Response }>(
    operation: string,
    { signal, isRepeatable }: CallFacts,
    send: () => Promise<R>,
  ): Promise<R> {
    const order = this.#orders++;
    for (let refusals = 0; ; ) {
      const turn = await this.#turn(operation, order, signal);
      try {
        const result = await send();
        await this.#end(operation, turn, readLesson(result.response, Date.now()));
        return result;
      } catch (error) {
        await this.#end(operation, turn, readLessonOf(error, Date.now()));
        // A request that a limit refused was not carried out; a 503 may have been.
        const isSendable = isBusy(error) && (isRepeatable || error instanceof RateLimitError);
        if (!isSendable || signal?.aborted || ++refusals > MAX_REFUSALS) throw error;
      }
    }
  }

  #turn(operation: string, order: number, signal: AbortSignal | undefined): Promise<Turn> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const forget = this.#onAbort(signal, () => {
        this.#remove(operation, order);
        reject(signal?.reason);
      });
      const start = (turn: Turn) => {
        forget();
        if (!signal?.aborted) return resolve(turn);
        void this.#end(operation, turn, undefined);
      };
      this.#insert({ operation, order, start });
      this.#pump();
    });
  }

  /** One listener for a signal, however many calls share it: Node warns of eleven. */
  #onAbort(signal: AbortSignal | undefined, leave: () => void): () => void {
    if (signal === undefined) return () => undefined;
    let leaving = this.#leaving.get(signal);
    if (leaving === undefined) {
      const all = new Set<() => void>();
      leaving = all;
      this.#leaving.set(signal, all);
      signal.addEventListener('abort', () => all.forEach((one) => void one()), { once: true });
    }
    leaving.add(leave);
    return () => void leaving?.delete(leave);
  }

  async #end(
    operation: string,
    { name, ticket }: Turn,
    lesson: ReturnType<typeof readLesson>,
  ): Promise<void> {
    if (lesson !== undefined) this.#classes.observe(operation, lesson);
    await this.#limits.settle(name, ticket, lesson).catch(() => undefined);
    this.#running -= 1;
    // More may be left than was thought, or the limit may be another one now.
    this.#blockedUntil.delete(name);
    this.#pump();
  }

  #pump(): void {
    // One reading of the clock for both: a limit that opened between two would be passed over, and no timer set for it.
    const now = performance.now();
    while (this.#running < this.#concurrency) {
      const next = this.#takeFirst(now);
      if (next === undefined) break;
      this.#running += 1;
      void this.#ask(next);
    }
    this.#schedule(now);
  }

  async #ask(next: Waiting): Promise<void> {
    const turn = { name: this.#classes.nameOf(next.operation), ticket: crypto.randomUUID() };
    // Limits that cannot be asked hold nobody: the API itself refuses what is too much.
    const waitMs = await this.#limits.acquire(turn.name, turn.ticket).catch(() => 0);
    if (waitMs <= 0) {
      this.#classes.sent(next.operation);
      return next.start(turn);
    }
    this.#running -= 1;
    this.#blockedUntil.set(turn.name, performance.now() + waitMs);
    this.#insert(next);
    this.#pump();
  }

  /** The call that came first among those whose limit lets them go. */
  #takeFirst(now: number): Waiting | undefined {
    let first: Waiting[] | undefined;
    for (const [operation, waiting] of this.#waiting) {
      const [head] = waiting;
      if (head === undefined || (this.#blockedUntil.get(this.#classes.nameOf(operation)) ?? 0) > now)
        continue;
      if (first?.[0] === undefined || head.order < first[0].order) first = waiting;
    }
    return first?.shift();
  }

  /** A call that was refused goes before those that came after it. */
  #insert(call: Waiting): void {
    const waiting = this.#waiting.get(call.operation) ?? [];
    this.#waiting.set(call.operation, waiting);
    const at = waiting.findLastIndex(({ order }) => order < call.order) + 1;
    waiting.splice(at, 0, call);
  }

  #remove(operation: string, order: number): void {
    const waiting = this.#waiting.get(operation) ?? [];
    const at = waiting.findIndex((call) => call.order === order);
    if (at >= 0) waiting.splice(at, 1);
  }

  /** Looks again when the first of the limits that somebody waits for is open. */
  #schedule(now: number): void {
    clearTimeout(this.#timer);
    for (const [name, until] of this.#blockedUntil) if (until <= now) this.#blockedUntil.delete(name);
    if (this.#blockedUntil.size === 0 || this.#running >= this.#concurrency) return;
    if (this.counts.queued === 0) return;
    const first = Math.min(...this.#blockedUntil.values());
    this.#timer = setTimeout(() => this.#pump(), Math.min(Math.ceil(first - now), MAX_TIMEOUT_MS));
  }
}
