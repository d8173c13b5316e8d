import type { RateLesson } from './rate-lesson.js';

/** Two resets that differ by less are of one window: the header has a resolution of one second. */
const SAME_WINDOW_MS = 1_500;
/** Counts of one limit that were read by responses at about the same time differ by no more. */
const SAME_COUNT = 100;

/** Facts of the operations that share a limit. */
interface RateClass {
  /** Requests that these operations have sent. */
  sent: number;
  limit: number | undefined;
  remaining: number;
  resetAt: number;
}

/**
 * Learns which operations share a limit.
 *
 * The API does not name its limits. Two operations share one when their responses name the same size and the same end of
 * the window, and one of them has seen more requests counted than it has sent.
 */
export class RateClasses {
  readonly #classes = new Map<string, RateClass>();
  /** Operation to the operation that its class is named after. */
  readonly #names = new Map<string, string>();

  /** The name of the limit that an operation counts against. */
  nameOf(operation: string): string {
    let name = operation;
    for (let next = this.#names.get(name); next !== undefined; next = this.#names.get(name)) name = next;
    return name;
  }

  /** Notes that a request is sent. */
  sent(operation: string): void {
    this.#classOf(this.nameOf(operation)).sent += 1;
  }

  /** Takes up what a response said. */
  observe(operation: string, { limit, remaining, resetMs }: RateLesson): void {
    if (limit === undefined || remaining === undefined || resetMs === undefined) return;
    const name = this.nameOf(operation);
    const own = Object.assign(this.#classOf(name), {
      limit,
      remaining,
      resetAt: performance.now() + resetMs,
    });
    if (limit - remaining <= own.sent) return;
    for (const [other, known] of this.#classes) {
      const isShared =
        other !== name &&
        known.limit === limit &&
        Math.abs(known.resetAt - own.resetAt) < SAME_WINDOW_MS &&
        Math.abs(known.remaining - remaining) <= SAME_COUNT;
      if (!isShared) continue;
      this.#merge(name, other);
      return;
    }
  }

  #classOf(name: string): RateClass {
    const found = this.#classes.get(name) ?? { sent: 0, limit: undefined, remaining: 0, resetAt: 0 };
    this.#classes.set(name, found);
    return found;
  }

  /** The name that sorts first stays, so that every process comes to the same one. */
  #merge(one: string, other: string): void {
    const [kept = one, gone = other] = [one, other].sort();
    this.#classOf(kept).sent += this.#classOf(gone).sent;
    this.#classes.delete(gone);
    this.#names.set(gone, kept);
  }
}
