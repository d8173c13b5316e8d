import type { Attempt, Guard } from './guard.js';
import { freshIds, replacedNotice } from './notices.js';
import type { TokenNames, TokenStore } from './token-store.js';

/** Revocations remembered at most while the store cannot be told; the oldest is forgotten first. */
const MAX_PENDING = 10_000;
/** Told at once when a store is back. */
const AT_ONCE = 20;

/** Tells the store that generations are over, and remembers what it could not be told. */
export class Revocations {
  /** By generation, which call for its end was the last: what ended before that does not count. */
  readonly #pending = new Map<string, number>();
  #calls = 0;
  readonly #store: TokenStore;
  readonly #guard: Guard;
  readonly #inbox: string;

  constructor(store: TokenStore, guard: Guard, inbox: string) {
    this.#store = store;
    this.#guard = guard;
    this.#inbox = inbox;
  }

  /** Ends generations; those that the store cannot be told of now, it is told of when it is back. */
  async end(generations: readonly string[]): Promise<void> {
    this.postpone(generations);
    await this.#tell(generations, (work) => this.#guard.run(work));
  }

  /** Ends generations the next time that there is a store. */
  postpone(generations: readonly string[]): void {
    this.#calls++;
    for (const name of generations) {
      this.#pending.delete(name);
      this.#pending.set(name, this.#calls);
    }
    for (const oldest of this.#pending.keys()) {
      if (this.#pending.size <= MAX_PENDING) break;
      this.#pending.delete(oldest);
    }
  }

  /** Whether the store knows all that concerns a token; what it does not know it is told. */
  async areTold({ generations }: TokenNames): Promise<boolean> {
    if (this.#pending.size === 0) return true;
    const untold = generations.filter((name) => this.#pending.has(name));
    if (untold.length > 0) await this.#tell(untold, (work) => this.#guard.run(work));
    return !untold.some((name) => this.#pending.has(name));
  }

  /** Tells the store everything that it does not know. @throws What `attempt` throws. */
  async tellAll(attempt: Attempt): Promise<void> {
    const untold = [...this.#pending.keys()];
    const tell = (name: string) => this.#tell([name], async (work) => ({ value: await attempt(work) }));
    for (let at = 0; at < untold.length; at += AT_ONCE)
      await Promise.all(untold.slice(at, at + AT_ONCE).map(tell));
  }

  async #tell(
    generations: readonly string[],
    run: (work: () => Promise<void>) => Promise<object | undefined>,
  ): Promise<void> {
    const fresh = freshIds(generations.length);
    const notice = replacedNotice(this.#inbox, generations);
    const calls = this.#calls;
    const done = await run(() => this.#store.replace(generations, fresh, notice));
    if (done === undefined) return;
    for (const name of generations) if ((this.#pending.get(name) ?? 0) <= calls) this.#pending.delete(name);
  }
}
