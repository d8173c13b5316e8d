import { nodeModule } from './node-module.js';

/** Which call an event belongs to. */
export interface CallEvent {
  /** HTTP method of the call. */
  readonly method: string;
  /** Path template, without values. */
  readonly path: string;
  /** `undefined` for a path that is not in the client's document. */
  readonly operationId?: string | undefined;
}

/** Which attempt of a call an event belongs to. */
export interface AttemptEvent extends CallEvent {
  /**
   * Number of the attempt, from 1. A request that is sent again after a 401 with a renewed credential keeps its number; Connect
   * makes a new call with that credential, whose attempts begin at 1.
   */
  readonly attempt: number;
  /** Scheme, host and port of the API, e.g. `https://api.vercel.com`. */
  readonly origin: string;
  /** One object for each request, the same in all its events: a key for a span. The package reads nothing from it. */
  readonly context: Record<PropertyKey, unknown>;
}

/** A request is about to be sent. */
export interface RequestEvent extends AttemptEvent {
  /** Discriminates the event. */
  readonly type: 'request';
}

/** Emitted for a response of any status, after its body was read; a streamed body is not read yet. */
export interface ResponseEvent extends AttemptEvent {
  /** Discriminates the event. */
  readonly type: 'response';
  /** Status of the response. */
  readonly status: number;
  /** From the request to the end of the body; of a stream, to its headers. */
  readonly durationMs: number;
  /** The `x-vercel-id` of the response. */
  readonly requestId?: string | undefined;
}

/** A request got no response, or one whose body cannot be read. */
export interface RequestErrorEvent extends AttemptEvent {
  /** Discriminates the event. */
  readonly type: 'error';
  /** Time of the attempt, in milliseconds. */
  readonly durationMs: number;
  /** The system's code of a network failure, else the name of the error. */
  readonly reason: string;
}

/** A further attempt is about to be made. */
export interface RetryEvent extends CallEvent {
  /** Discriminates the event. */
  readonly type: 'retry';
  /** Number of the attempt that failed, from 1. */
  readonly attempt: number;
  /** The wait before the next one, in milliseconds. */
  readonly delayMs: number;
  /** Status of the response, or the name of the error. */
  readonly reason: string;
}

/** A call failed for good after having been worth a further attempt. */
export interface GiveUpEvent extends CallEvent {
  /** Discriminates the event. */
  readonly type: 'give-up';
  /** Attempts made. */
  readonly attempts: number;
  /** Reason for the end of the attempts. */
  readonly because: 'attempts' | 'budget' | 'total-timeout' | 'server-delay';
  /** Status of the response, or the name of the error. */
  readonly reason: string;
}

/** A call waits for a rate limit that an earlier call met, and is not sent before its reset. */
export interface HeldEvent extends CallEvent {
  /** Discriminates the event. */
  readonly type: 'held';
  /** Time until the reset, in milliseconds. */
  readonly delayMs: number;
  /** Whether the call is sent after that time; `false` where it fails at once with `RateLimitError`. */
  readonly isSent: boolean;
}

/** A hook threw an error or rejected. The call went on without it. */
export interface HookErrorEvent extends CallEvent {
  /** Discriminates the event. */
  readonly type: 'hook-error';
  /** Name of the hook, e.g. `onRequest`. */
  readonly hook: string;
  /** Name of the error. */
  readonly reason: string;
}

/** The events of the transport. */
export type TransportEvent =
  | RequestEvent
  | ResponseEvent
  | RequestErrorEvent
  | RetryEvent
  | GiveUpEvent
  | HeldEvent
  | HookErrorEvent;

/** Receives events; an error that it throws is ignored. */
export type EventListener<Event> = (event: Event) => void;

/** Name of the diagnostics channel that every event of every client is published on. */
export const EVENT_CHANNEL = 'vercel-rest';

/**
 * Makes the function that emits events: to each listener, and on the diagnostics channel if it has subscribers.
 *
 * Events hold names, counts and times alone: no credential, token or body.
 */
export function createEmitter<Event>(
  ...listeners: readonly (EventListener<Event> | undefined)[]
): EventListener<Event> {
  const diagnostics = nodeModule('node:diagnostics_channel')?.channel(EVENT_CHANNEL);
  const present = listeners.filter((listener) => listener !== undefined);
  return (event) => {
    if (diagnostics?.hasSubscribers) diagnostics.publish(event);
    for (const listener of present) {
      try {
        listener(event);
      } catch {
        // A listener that fails must not change the result of the call.
      }
    }
  };
}

/** Counts of a client since it was made. */
export interface ClientStats {
  /** Requests sent, further attempts among them. */
  readonly requests: number;
  /** Responses, of any status. */
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
