import {
  CLIENT_COUNTERS,
  type ClientStats,
  createCounters,
  createEmitter,
  type EventListener,
  type TransportEvent,
} from '../util/emitter.js';

/** Something that the token cache did. */
export interface TokenEvent {
  /**
   * - `hit`: served from memory.
   * - `miss`: nothing usable in memory.
   * - `shared`: waited for another caller's request.
   * - `upstream`: a token request was made, which is billed.
   * - `refresh`: a request was made ahead of expiry, while the old token was handed out.
   * - `stale`: the API failed in passing, and a token inside its buffer was served.
   * - `refused`: consent was missing a moment ago, and the same error was given without asking.
   * - `eviction`: a token that was still alive left because the cache was full: raise `cache.max`.
   * - `store-hit`: taken from the shared store.
   * - `store-wait`: waited for another process's request.
   * - `store-unreadable`: what the shared store had did not open: an unknown key, another version, or changed.
   */
  readonly type:
    | 'hit'
    | 'miss'
    | 'shared'
    | 'upstream'
    | 'refresh'
    | 'stale'
    | 'refused'
    | 'eviction'
    | 'store-hit'
    | 'store-wait'
    | 'store-unreadable';
  /** The connector as it was asked for. */
  readonly connector: string;
  /** Says what to change; only on the first `eviction` of a client. */
  readonly hint?: string;
}

/** Change of the shared store's state. Emitted once, and not for each call. */
export interface StoreEvent {
  /**
   * - `store-away`: it is slow, full, failing or unreachable, and calls go without it for now.
   * - `store-back`: it is in use again.
   * - `store-unsubscribed`: it is in use, but refuses to subscribe: revocations are noticed up to 5 s later.
   */
  readonly type: 'store-away' | 'store-back' | 'store-unsubscribed';
  /** Of `store-away` and `store-unsubscribed`: the store's own word (`OOM`, `NOPERM`), the system's (`ECONNREFUSED`), or `timeout`. */
  readonly reason?: string;
}

/** Event of a Connect client. */
export type ConnectEvent = TokenEvent | StoreEvent | TransportEvent;

/** Counters of a Connect client since it was made. */
export interface ConnectStats extends ClientStats {
  /** Calls served from memory. */
  readonly hits: number;
  /** Calls that found nothing usable in memory. */
  readonly misses: number;
  /** Calls that waited for another caller's request. */
  readonly sharedFlights: number;
  /** Token requests made, refreshes among them: what is billed, but for those that failed. */
  readonly upstreamCalls: number;
  /** Token requests made ahead of expiry. */
  readonly refreshes: number;
  /** Calls served a token inside its buffer, because the API failed in passing. */
  readonly staleServed: number;
  /** Calls that failed with a cached consent error. */
  readonly refusals: number;
  /** Live tokens that left because the cache was full. */
  readonly evictions: number;
  /** Tokens taken from the shared store. */
  readonly storeHits: number;
  /** Calls that waited for another process's request. */
  readonly storeWaits: number;
  /** Values of the shared store that did not open. */
  readonly storeUnreadable: number;
  /** Times that the shared store was given up for now. */
  readonly storeOutages: number;
  /** Times that it was in use again. */
  readonly storeReturns: number;
  /** Times that it refused to subscribe. */
  readonly storeUnsubscribed: number;
}

const COUNTERS = {
  hit: 'hits',
  miss: 'misses',
  shared: 'sharedFlights',
  upstream: 'upstreamCalls',
  refresh: 'refreshes',
  stale: 'staleServed',
  refused: 'refusals',
  eviction: 'evictions',
  'store-hit': 'storeHits',
  'store-wait': 'storeWaits',
  'store-unreadable': 'storeUnreadable',
  'store-away': 'storeOutages',
  'store-back': 'storeReturns',
  'store-unsubscribed': 'storeUnsubscribed',
} as const satisfies Record<(TokenEvent | StoreEvent)['type'], keyof ConnectStats>;

/** Counts and emits the events of the cache and of the store. */
export interface Recorder {
  /** Counts an event, and emits it to the listener and the diagnostics channel. */
  readonly record: EventListener<TokenEvent | StoreEvent>;
  /**
   * Returns the counters.
   *
   * @param clients - Those of the REST clients, which count the events of the transport.
   */
  stats(clients: readonly ClientStats[]): ConnectStats;
}

/** Makes the recorder of one client. */
export function createRecorder(listener: EventListener<ConnectEvent> | undefined): Recorder {
  const emit = createEmitter(listener);
  const { values, read } = createCounters(COUNTERS);
  return {
    record(event) {
      values[COUNTERS[event.type]] += 1;
      emit(event);
    },
    stats(clients) {
      const total = { ...read(), ...createCounters(CLIENT_COUNTERS).values };
      for (const counts of clients)
        for (const name of Object.values(CLIENT_COUNTERS)) total[name] += counts[name];
      return total;
    },
  };
}
