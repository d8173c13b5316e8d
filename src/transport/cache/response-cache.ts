import { Secrets } from '../../util/secrets.js';
import type { Credential } from '../auth/credentials.js';
import type { Identify } from '../auth/identity.js';
import type { CallContext, Middleware, OutgoingRequest, Send } from '../middleware.js';
import type { ParsedBodies } from '../read-body.js';
import { withinCall } from '../timeout.js';
import {
  isAtOrBelow,
  isCacheable,
  isNoStore,
  isWrite,
  leavesEnough,
  lifeMsOf,
  pathOf,
  responseKey,
  startingWith,
  tokenOf,
  updatedHeaders,
} from './response-key.js';

/** Size of the response cache of a client, and the life of its entries. */
export interface ResponseCacheOptions {
  /** Most responses kept, a whole number from 1 to 1 000 000. Beyond that, the one that was used longest ago is dropped. */
  readonly max: number;
  /** Time for which a response is returned without a request, in milliseconds. A shorter life that the API names wins. */
  readonly ttlMs: number;
}

interface ResponseCacheMiddlewareOptions extends ResponseCacheOptions {
  /** The parsed bodies of the client, of the responses that it receives and of those that the cache makes. */
  readonly parsedBodies: ParsedBodies;
  /** Tells bearers apart. */
  readonly identify: Identify;
}

/** A response without its `Response` object, which belongs to one caller. */
interface StoredResponse extends Required<Pick<ResponseInit, 'status' | 'statusText'>> {
  readonly headers: Headers;
  readonly data: unknown;
}

interface Entry {
  readonly path: string;
  readonly stored: StoredResponse;
  readonly lifeMs: number;
  /** On the clocks of `Date.now()` and `performance.now()`. */
  readonly since: readonly [wall: number, monotonic: number];
}

interface Outcome {
  readonly stored: StoredResponse;
  /** Whether callers other than the first one may receive it. */
  readonly shareable: boolean;
}

interface FlightState {
  readonly flightKey: string;
  readonly key: string;
  readonly path: string;
  /** The bearer that the key names. */
  readonly token: string | undefined;
  readonly call: CallContext;
  readonly controller: AbortController;
  /** Those of the call, and the bearers that were sent; see `CallContext.secrets`. */
  readonly secrets: Secrets;
  waiters: number;
  /** Set when a write has come between: the response may be from before. */
  superseded: boolean;
  isOver: boolean;
}

type Flight = FlightState & { readonly outcome: Promise<Outcome> };

/**
 * Keeps successful GETs of parsed data in memory, and lets equal ones in flight share one request (RFC 9111, as
 * a private cache).
 *
 * Two credentials, URLs (so teams), forms or sets of request headers share nothing. `no-store` is obeyed. A response past its
 * life is requested again with its `ETag` (RFC 9110 section 13.1.2). A write drops the entries at its path and below, for all
 * credentials. A caller receives its own copy; its `Response` has no body.
 *
 * @throws What the middleware below throw, and the caller's own abort reason. One caller's abort disturbs no other; the
 *   abort of the last one cancels the request.
 *
 * @example
 * const middleware = responseCacheMiddleware({ max: 500, ttlMs: 5_000, parsedBodies, identify });
 */
export function responseCacheMiddleware(options: ResponseCacheMiddlewareOptions): Middleware {
  return (next) => {
    const cache = new ResponseCache(next, options);
    return (request, call) => {
      if (isWrite(call)) return cache.write(request, call);
      return call.skipsCache === true || !isCacheable(request, call)
        ? next(request, call)
        : cache.read(request, call);
    };
  };
}

class ResponseCache {
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  readonly #flights = new Map<string, Flight>();
  readonly #sources = new WeakMap<Credential, number>();
  #lastSource = 0;

  constructor(
    readonly next: Send,
    readonly options: ResponseCacheMiddlewareOptions,
  ) {}

  /** Sends a write and drops the entries that it may have changed, even after a failure: the server may have done the work. */
  async write(request: OutgoingRequest, call: CallContext): Promise<Response> {
    call.signal?.throwIfAborted();
    const path = pathOf(request.url);
    try {
      return await this.next(request, call);
    } finally {
      // The auth middleware adds each bearer before it is sent: without one, no request has left.
      if (call.credential === undefined || call.secrets.values.length > 0) this.#invalidate(path);
    }
  }

  async read(request: OutgoingRequest, call: CallContext): Promise<Response> {
    call.signal?.throwIfAborted();
    const token = await tokenOf(call);
    const key = responseKey(request, call, token, this.options.identify);
    const entry = this.#entries.get(key);
    const [wall, monotonic] = entry?.since ?? [0, 0];
    // By the clock that went further: one stands still while the machine sleeps, the other may be set back.
    const ageMs = Math.max(Date.now() - wall, performance.now() - monotonic);
    if (entry !== undefined && ageMs < entry.lifeMs) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
      return this.#toResponse(entry.stored);
    }
    const flightKey = this.#flightKey(key, call);
    const shared = this.#flights.get(flightKey);
    if (shared === undefined || !leavesEnough(shared.call, call)) {
      const { stored } = await this.#wait(this.#startFetch(flightKey, key, token, request, call), call);
      return this.#toResponse(stored);
    }
    const { stored, shareable } = await this.#wait(shared, call);
    return shareable ? this.#toResponse(stored) : this.next(request, call);
  }

  // A function as credential may fail, or renew its token, during a flight. That concerns its own calls alone, as do the
  // limits that a flight has from the call that began it.
  #flightKey(key: string, { credential, timeoutMs, maxRetries }: CallContext): string {
    let source = 0;
    if (credential?.renewable) {
      source = this.#sources.get(credential) ?? ++this.#lastSource;
      this.#sources.set(credential, source);
    }
    return JSON.stringify([key, source, timeoutMs, maxRetries]);
  }

  #startFetch(
    flightKey: string,
    key: string,
    token: string | undefined,
    request: OutgoingRequest,
    call: CallContext,
  ): Flight {
    const replaced = this.#flights.get(flightKey);
    // A write finds only the flights of the map, so one that leaves it must not store.
    if (replaced !== undefined) replaced.superseded = true;
    const state: FlightState = {
      ...{ flightKey, key, path: pathOf(request.url), token, call, controller: new AbortController() },
      ...{ secrets: new Secrets([], () => call.secrets.all()), waiters: 0, superseded: false, isOver: false },
    };
    const outcome = this.#load(state, request).finally(() => {
      state.isOver = true;
      this.#remove(state);
    });
    const flight: Flight = Object.assign(state, { outcome });
    this.#flights.set(flightKey, flight);
    return flight;
  }

  async #wait(flight: Flight, call: CallContext): Promise<Outcome> {
    flight.waiters += 1;
    // A wait that the server asks for moves the bounds of all waiters.
    const unfollow = flight.call.totalTimeout.leads(call.totalTimeout);
    try {
      return await withinCall(flight.outcome, call);
    } finally {
      unfollow();
      flight.waiters -= 1;
      if (flight.waiters === 0 && !flight.isOver) {
        // No caller may join a flight that is being cancelled, and no write finds it any more.
        this.#remove(flight);
        flight.superseded = true;
        flight.controller.abort();
      }
      // The error of this caller must not show what was sent for it.
      call.secrets.add(...flight.secrets.values);
    }
  }

  #remove(state: FlightState): void {
    if (this.#flights.get(state.flightKey) === state) this.#flights.delete(state.flightKey);
  }

  async #load(state: FlightState, request: OutgoingRequest): Promise<Outcome> {
    const { key, token, secrets, controller } = state;
    const stale = this.#entries.get(key)?.stored;
    const etag = stale?.headers.get('etag') ?? undefined;
    const call = {
      ...state.call,
      ...{ signal: controller.signal, secrets, credential: startingWith(token, state.call.credential) },
    };
    // Where the auth middleware sent another token than the one of the key (a function may return a new one for each attempt,
    // and after a 401), the response belongs to that one: it is not kept, not shared, and renews nothing.
    const isForeign = () => secrets.values.some((sent) => sent !== token);
    // A 304 says whether the entry still holds (RFC 9110 section 13.1.2).
    const conditional =
      etag === undefined ? request : { ...request, headers: { ...request.headers, 'if-none-match': etag } };
    let response = await this.next(conditional, call);
    if (stale !== undefined && etag !== undefined && response.status === 304) {
      if (!isForeign() && (response.headers.get('etag') ?? etag) === etag) {
        const stored = { ...stale, headers: updatedHeaders(stale.headers, response.headers) };
        this.#store(state, stored);
        return { stored, shareable: !isNoStore(stored.headers) };
      }
      response = await this.next(request, call);
    }
    const { status, statusText, headers } = response;
    const stored = { status, statusText, headers, data: this.options.parsedBodies.get(response)?.data };
    if (status === 200 && !isForeign()) this.#store(state, stored);
    return { stored, shareable: !isForeign() && !isNoStore(headers) };
  }

  #store({ key, path, superseded }: FlightState, stored: StoredResponse): void {
    if (superseded) return;
    const { max, ttlMs } = this.options;
    const lifeMs = lifeMsOf(stored.headers, ttlMs);
    this.#entries.delete(key);
    if (lifeMs === undefined) return;
    this.#entries.set(key, { path, stored, lifeMs, since: [Date.now(), performance.now()] });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > max && oldest !== undefined) this.#entries.delete(oldest);
  }

  #toResponse({ status, statusText, headers, data }: StoredResponse): Response {
    const response = new Response(null, { status, statusText, headers });
    this.options.parsedBodies.set(response, { data: structuredClone(data) });
    return response;
  }

  #invalidate(root: string): void {
    for (const [key, { path }] of [...this.#entries]) if (isAtOrBelow(path, root)) this.#entries.delete(key);
    for (const [key, flight] of [...this.#flights]) {
      if (!isAtOrBelow(flight.path, root)) continue;
      flight.superseded = true;
      this.#flights.delete(key);
    }
  }
}
