import { nodeModule } from './node-module.js';

/** A further attempt is about to be made. */
export interface RetryEvent {
  readonly type: 'retry';
  readonly method: string;
  /** Path template, without values. */
  readonly path: string;
  /** Number of the attempt that failed, from 1. */
  readonly attempt: number;
  /** The wait before the next one, in milliseconds. */
  readonly delayMs: number;
  /** Status of the answer, or the name of the error. */
  readonly reason: string;
}

/** A call failed for good after having been worth a further attempt. */
export interface GiveUpEvent {
  readonly type: 'give-up';
  readonly method: string;
  readonly path: string;
  /** Attempts made. */
  readonly attempts: number;
  /** Why there is no further attempt. */
  readonly because: 'attempts' | 'budget' | 'total-timeout' | 'server-delay';
  readonly reason: string;
}

/** A call waits for a rate limit that an earlier call met, and is not sent before its reset. */
export interface HeldEvent {
  readonly type: 'held';
  readonly method: string;
  /** Path template, without values. */
  readonly path: string;
  /** What is left until the reset, in milliseconds. */
  readonly delayMs: number;
  /** Whether the call is sent after that time; `false` where it fails at once with `RateLimitError`. */
  readonly isSent: boolean;
}

/** The events of the transport. */
export type TransportEvent = RetryEvent | GiveUpEvent | HeldEvent;

/** Told of events; what it throws is ignored. */
export type EventListener<Event> = (event: Event) => void;

/** Name of the diagnostics channel that every event of every client is published on. */
export const EVENT_CHANNEL = 'vercel-rest';

/**
 * Makes the function that tells of events: to the listener, and on the diagnostics channel where somebody subscribed.
 *
 * Events hold names, counts and times alone: no credential, token or body.
 */
export function createEmitter<Event>(listener: EventListener<Event> | undefined): EventListener<Event> {
  const diagnostics = nodeModule('node:diagnostics_channel')?.channel(EVENT_CHANNEL);
  return (event) => {
    if (diagnostics?.hasSubscribers) diagnostics.publish(event);
    try {
      listener?.(event);
    } catch {
      // A listener that fails must not decide what becomes of the call.
    }
  };
}
