import { LRUCache } from 'lru-cache';
import { Secrets } from '../../util/secrets.js';
import { withinCall } from '../attempt-timer.js';
import type { Credential } from '../auth/credentials.js';
import type { Identify } from '../auth/identity.js';
import type { CallContext, Middleware, Send } from '../middleware.js';
import type { OutgoingRequest } from '../plain-request.js';
import type { ParsedBodies } from '../read-body.js';
import {
  conditional,
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

/** How many answers a client keeps, and for how long. */
export interface ResponseCacheOptions {
  /** Answers kept at most, a whole number from 1 to 1 000 000; beyond, the one used longest ago goes. */
  readonly max: number;
  /** How long an answer is given without asking again, in milliseconds. A shorter `max-age` of the API wins. */
  readonly ttlMs: number;
}

/** What the middleware takes from the client it belongs to. */
export interface ResponseCacheMiddlewareOptions extends ResponseCacheOptions {
  /** Where what was read from an answer is found, and where it is put for the answers given. */
  readonly parsedBodies: ParsedBodies;
  /** Tells bearers apart. */
  readonly identify: Identify;
  /** Whether a call wants to have nothing to do with the cache. */
  readonly skips: (call: CallContext) => boolean;
}

/** An answer without its `Response`, which belongs to one caller. */
interface StoredResponse extends Required<Pick<ResponseInit, 'status' | 'statusText'>> {
  readonly headers: Headers;
  readonly data: unknown;
}

interface Entry {
  readonly path: string;
  readonly answer: StoredResponse;
  readonly lifeMs: number;
  /** On the clocks of `Date.now()` and `performance.now()`. */
  readonly since: readonly [wall: number, monotonic: number];
}

/** What a flight came to. */
interface Outcome {
  readonly answer: StoredResponse;
  /** Whether it may be given to others than the one who asked for it. */
  readonly shareable: boolean;
}

/** One request under way. */
interface FlightState {
  readonly flightKey: string;
  readonly key: string;
  readonly path: string;
  /** The bearer that the key names. */
  readonly token: string | undefined;
  readonly call: CallContext;
  readonly controller: AbortController;
  /** Those of the call, and what was sent as bearer; see `Call.secrets`. */
  readonly secrets: Secrets;
  waiters: number;
  /** Set when a write has come between: what it brings may be from before. */
  superseded: boolean;
  isOver: boolean;
}

type Flight = FlightState & { readonly outcome: Promise<Outcome> };

/**
 * Keeps successful GETs of parsed data in memory, and lets equal ones that are under way share one request (RFC 9111, as
 * a private cache).
 *
 * Nothing is shared between two credentials, URLs (so teams), forms or sets of request headers. `no-store` is obeyed, an
 * answer past its life is asked for again with its `ETag` (RFC 9110 section 13.1.2), and a write forgets what is kept at
 * its path and below, for all credentials. What a caller gets is its own copy; its `Response` has no body.
 *
 * @throws What the middleware below throw, and the caller's own abort reason. One caller leaving disturbs no other; the last
 *   one cancels the request.
 *
 * @example
 * const middleware = responseCacheMiddleware({ max: 500, ttlMs: 5_000, parsedBodies, identify, skips: () => false });
 */
export function responseCacheMiddleware(options: ResponseCacheMiddlewareOptions): Middleware {
  return (next) => {
    const cache = new ResponseCache(next, options);
    return (request, call) => {
      if (isWrite(call)) return cache.write(request, call);
      return options.skips(call) || !isCacheable(request, call)
        ? next(request, call)
        : cache.read(request, call);
    };
  };
}

class ResponseCache {
  readonly #next: Send;
  readonly #options: ResponseCacheMiddlewareOptions;
  readonly #entries: LRUCache<string, Entry>;
  readonly #flights = new Map<string, Flight>();
  readonly #sources = new WeakMap<Credential, number>();
  #lastSource = 0;

  constructor(next: Send, options: ResponseCacheMiddlewareOptions) {
    this.#next = next;
    this.#options = options;
    this.#entries = new LRUCache({ max: options.max });
  }

  /** Sends a write and forgets what it may have changed, whatever it came to: a failure may come after the deed. */
  async write(request: OutgoingRequest, call: CallContext): Promise<Response> {
    call.signal?.throwIfAborted();
    const path = pathOf(request.url);
    try {
      return await this.#next(request, call);
    } finally {
      // The auth middleware notes each bearer before it is sent: where there is none yet, nothing has left.
      if (call.credential === undefined || call.secrets.values.length > 0) this.#invalidate(path);
    }
  }

  async read(request: OutgoingRequest, call: CallContext): Promise<Response> {
    call.signal?.throwIfAborted();
    const token = await tokenOf(call);
    const key = responseKey(request, call, token, this.#options.identify);
    const entry = this.#entries.get(key);
    if (entry !== undefined && ageMs(entry) < entry.lifeMs) return this.#toResponse(entry.answer);
    const flightKey = this.#flightKey(key, call);
    const shared = this.#flights.get(flightKey);
    if (shared === undefined || !leavesEnough(shared.call, call)) {
      const { answer } = await this.#wait(this.#startFetch(flightKey, key, token, request, call), call);
      return this.#toResponse(answer);
    }
    const { answer, shareable } = await this.#wait(shared, call);
    return shareable ? this.#toResponse(answer) : this.#next(request, call);
  }

  // A function as credential may fail, or renew its token, in the midst of a flight: that is a matter of its own calls
  // alone. So are the limits that a flight has from the call that began it.
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
      ...{ secrets: secretsAsIn(call), waiters: 0, superseded: false, isOver: false },
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
    // A wait that the server asks for is obeyed for all who wait.
    const unfollow = flight.call.totalTimeout.leads(call.totalTimeout);
    try {
      return await withinCall(flight.outcome, call);
    } finally {
      unfollow();
      flight.waiters -= 1;
      if (flight.waiters === 0 && !flight.isOver) {
        // Nobody may join what is being cancelled, and no write finds it any more.
        this.#remove(flight);
        flight.superseded = true;
        flight.controller.abort();
      }
      // What this caller's error must not show is what was sent for it.
      call.secrets.add(...flight.secrets.values);
    }
  }

  #remove(state: FlightState): void {
    if (this.#flights.get(state.flightKey) === state) this.#flights.delete(state.flightKey);
  }

  async #load(state: FlightState, request: OutgoingRequest): Promise<Outcome> {
    const { key, token, secrets, controller } = state;
    const stale = this.#entries.get(key);
    const etag = stale?.answer.headers.get('etag') ?? undefined;
    const call = {
      ...state.call,
      ...{ signal: controller.signal, secrets, credential: startingWith(token, state.call.credential) },
    };
    // Where the auth middleware sent another token than the one of the key (a function may give a new one for each attempt,
    // and after a 401), the answer belongs to that one: it is not kept, not shared, and renews nothing.
    const isForeign = () => secrets.values.some((sent) => sent !== token);
    let response = await this.#next(etag === undefined ? request : conditional(request, etag), call);
    if (stale !== undefined && etag !== undefined && response.status === 304) {
      if (!isForeign() && (response.headers.get('etag') ?? etag) === etag) {
        const answer = { ...stale.answer, headers: updatedHeaders(stale.answer.headers, response.headers) };
        this.#store(state, answer);
        return { answer, shareable: !isNoStore(answer.headers) };
      }
      response = await this.#next(request, call);
    }
    const { status, statusText, headers } = response;
    const answer = { status, statusText, headers, data: this.#options.parsedBodies.get(response)?.data };
    if (status === 200 && !isForeign()) this.#store(state, answer);
    return { answer, shareable: !isForeign() && !isNoStore(headers) };
  }

  #store({ key, path, superseded }: FlightState, answer: StoredResponse): void {
    if (superseded) return;
    const lifeMs = lifeMsOf(answer.headers, this.#options.ttlMs);
    if (lifeMs === undefined) this.#entries.delete(key);
    else this.#entries.set(key, { path, answer, lifeMs, since: [Date.now(), performance.now()] });
  }

  #toResponse({ status, statusText, headers, data }: StoredResponse): Response {
    const response = new Response(null, { status, statusText, headers });
    this.#options.parsedBodies.set(response, { data: structuredClone(data) });
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

function secretsAsIn(call: CallContext): Secrets {
  const secrets = new Secrets();
  secrets.addLater(() => call.secrets.all());
  return secrets;
}

/** By the clock that went further: one stands still while the machine sleeps, the other may be set back. */
function ageMs({ since: [wall, monotonic] }: Entry): number {
  return Math.max(Date.now() - wall, performance.now() - monotonic);
}
