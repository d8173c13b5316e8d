import { LRUCache } from 'lru-cache';
import type { Attempt, CircuitBreaker } from './circuit-breaker.js';
import { endingGeneration, freshIds, replacedMessage } from './messages.js';
import type { TokenStore, TokenStoreKeys } from './token-store.js';

/** The most revocations that wait for the store; the oldest is forgotten first. */
const MAX_PENDING = 10_000;
/** Told at once when a store is back. */
const AT_ONCE = 20;
/** Time for which a written revocation is remembered, in milliseconds: a store can lose its memory. */
const REMEMBERED_MS = 86_400_000;

/** Ends generations in the store, and remembers those that it could not write. */
export class Revocations {
  /** By generation, which call for its end was the last: what ended before that does not count. */
  readonly #pending = new Map<string, number>();
  /** By generation, what this process has put in its place last. */
  readonly #written = new LRUCache<string, string>({ max: MAX_PENDING, ttl: REMEMBERED_MS });
  #calls = 0;

  constructor(
    readonly store: TokenStore,
    readonly breaker: CircuitBreaker,
    readonly channel: string,
  ) {}

  /** Ends generations. Postpones those that cannot be written until the store is back. */
  async end(generations: readonly string[]): Promise<void> {
    this.postpone(generations);
    await this.#write(generations, (work) => this.breaker.run(work));
  }

  /** Ends a generation only if it is still the one that is expected. */
  async endIf(generation: string, expected: string): Promise<void> {
    const fresh = freshIds(1).map(endingGeneration);
    const message = replacedMessage(this.channel, [generation]);
    await this.breaker.run(() => this.store.replace([generation], fresh, message, { expected: [expected] }));
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

  /** Writes the pending revocations of a token. Returns whether the store has all of them. */
  async areWritten({ generations, shared }: TokenStoreKeys): Promise<boolean> {
    if (this.#pending.size === 0) return true;
    const unwritten = [...generations, ...shared].filter((name) => this.#pending.has(name));
    for (const name of unwritten) await this.#write([name], (work) => this.breaker.run(work));
    return !unwritten.some((name) => this.#pending.has(name));
  }

  /** Writes all pending revocations. @throws What `attempt` throws. */
  async writeAll(attempt: Attempt): Promise<void> {
    const write = (name: string) => this.#write([name], async (work) => ({ value: await attempt(work) }));
    await inBatches([...this.#pending.keys()], write);
  }

  /** Writes the revocations of the last day again, for a store that has lost its memory. Never rejects. */
  async writeAgain(): Promise<void> {
    await inBatches([...this.#written.entries()], async ([name, fresh]) => {
      const message = replacedMessage(this.channel, [name]);
      await this.breaker.run(() => this.store.replace([name], [fresh], message, { unlessEnding: true }));
    });
  }

  async #write(
    generations: readonly string[],
    run: (work: () => Promise<void>) => Promise<object | undefined>,
  ): Promise<void> {
    const fresh = freshIds(generations.length).map(endingGeneration);
    const message = replacedMessage(this.channel, generations);
    const calls = this.#calls;
    const done = await run(() => this.store.replace(generations, fresh, message));
    if (done === undefined) return;
    generations.forEach((name, at) => {
      this.#written.set(name, fresh[at] ?? '');
      if ((this.#pending.get(name) ?? 0) <= calls) this.#pending.delete(name);
    });
  }
}

async function inBatches<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE)
    await Promise.all(items.slice(at, at + AT_ONCE).map(work));
}
