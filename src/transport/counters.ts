import type { TransportEvent } from '../util/emitter.js';

/** What a client has done since it was made. */
export interface ClientStats {
  /** Requests sent, further attempts among them. */
  readonly requests: number;
  /** Requests that were answered, with whatever status. */
  readonly responses: number;
  /** Requests without a response, or with one whose body could not be read. */
  readonly errors: number;
  readonly retries: number;
  /** Calls that failed for good after having been worth a further attempt. */
  readonly giveUps: number;
  /** Times that a call waited for the reset of a rate limit, or failed without being sent because of one. */
  readonly held: number;
  /** Hooks that threw an error or rejected. */
  readonly hookErrors: number;
}

/** Which counter each event of the transport raises. */
export const CLIENT_COUNTERS = {
  request: 'requests',
  response: 'responses',
  error: 'errors',
  retry: 'retries',
  'give-up': 'giveUps',
  held: 'held',
  'hook-error': 'hookErrors',
} as const satisfies Record<TransportEvent['type'], keyof ClientStats>;

/** Counts events by their type. */
export interface Counters<Type extends string, Name extends string> {
  /** The counters themselves. */
  readonly values: Record<Name, number>;
  /** Counts an event. */
  count(event: { readonly type: Type }): void;
  /** Returns a copy of the counters. */
  read(): Readonly<Record<Name, number>>;
}

/**
 * Makes counters that begin at 0.
 *
 * @param names - Event type to the name of its counter.
 */
export function createCounters<Type extends string, Name extends string>(
  names: Readonly<Record<Type, Name>>,
): Counters<Type, Name> {
  // Each name is a key of it, and no other text is.
  const values = Object.fromEntries(Object.values(names).map((name) => [name, 0])) as Record<Name, number>;
  return {
    values,
    count({ type }) {
      values[names[type]] += 1;
    },
    read: () => ({ ...values }),
  };
}
