import { LRUCache } from 'lru-cache';
import type { ConnectAuthorizationResponse } from './types.js';

/** A person needs longer than this to decide, in milliseconds: until then nobody asks for the outcome. */
const FRESH_MS = 1_000;
/** A page that is about to expire is not handed out: nobody would finish on it. */
const USABLE_SHARE = 0.9;
/** Life of a consent page, in milliseconds, when the response does not state it. */
const DEFAULT_LIFE_MS = 600_000;

interface OpenConsent {
  readonly response: Promise<ConnectAuthorizationResponse>;
  /** On the monotonic clock. */
  usableUntil: number;
  freshUntil: number;
  check: Promise<boolean> | undefined;
}

/** Looks up whether nobody has decided yet. Must not reject for a failure that says nothing about that. */
type IsPending = (authorization: ConnectAuthorizationResponse, ageMs: number) => Promise<boolean>;

/**
 * Keeps the requests for consent that are still open, so that many callers who miss the same consent start one.
 *
 * A key names caller, connector, parameters and options, and holds no secret.
 */
export class OpenConsents {
  readonly #open: LRUCache<string, OpenConsent>;

  constructor(max: number) {
    this.#open = new LRUCache({ max });
  }

  /** Returns the open request of this key, or starts one. */
  async reuse(
    key: string,
    start: () => Promise<ConnectAuthorizationResponse>,
    isPending: IsPending,
  ): Promise<ConnectAuthorizationResponse> {
    for (;;) {
      const open = this.#open.get(key);
      if (open === undefined) return this.#begin(key, start);
      const response = await open.response;
      if (await this.#isUsable(open, response, isPending)) return response;
      if (this.#open.peek(key) === open) this.#open.delete(key);
    }
  }

  #begin(
    key: string,
    start: () => Promise<ConnectAuthorizationResponse>,
  ): Promise<ConnectAuthorizationResponse> {
    const open: OpenConsent = {
      usableUntil: Number.POSITIVE_INFINITY,
      freshUntil: Number.POSITIVE_INFINITY,
      check: undefined,
      response: start().then(
        (response) => {
          const { expiresAt } = response;
          const lifeMs = typeof expiresAt === 'number' ? expiresAt - Date.now() : DEFAULT_LIFE_MS;
          open.usableUntil = performance.now() + lifeMs * USABLE_SHARE;
          open.freshUntil = performance.now() + FRESH_MS;
          return response;
        },
        (error: unknown) => {
          if (this.#open.peek(key) === open) this.#open.delete(key);
          throw error;
        },
      ),
    };
    this.#open.set(key, open);
    return open.response;
  }

  async #isUsable(
    open: OpenConsent,
    response: ConnectAuthorizationResponse,
    isPending: IsPending,
  ): Promise<boolean> {
    const now = performance.now();
    if (now >= open.usableUntil) return false;
    if (now < open.freshUntil) return true;
    open.check ??= isPending(response, now - open.freshUntil + FRESH_MS).finally(() => {
      open.check = undefined;
    });
    const pending = await open.check;
    open.freshUntil = performance.now() + FRESH_MS;
    return pending;
  }
}
