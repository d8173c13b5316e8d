import { LRUCache } from 'lru-cache';
import {
  type ConnectError,
  ConnectorInstallationRequiredError,
  NoValidTokenError,
  toConnectError,
  UserAuthorizationRequiredError,
} from '../errors.js';
import type { TokenEvent } from '../stats.js';
import type { Topic } from './wish.js';

/** What only a person changes: asking again at once brings the same answer. */
const CONSENT_ERRORS: readonly (new (...given: never[]) => ConnectError)[] = [
  UserAuthorizationRequiredError,
  ConnectorInstallationRequiredError,
  NoValidTokenError,
];

interface Refusal {
  readonly topic: Topic;
  readonly error: unknown;
  /** On the monotonic clock. */
  readonly until: number;
}

/** What {@link createRefusals} takes. */
export interface RefusalsOptions {
  /** How long a refusal is remembered, in milliseconds; 0 for not at all. */
  readonly lifeMs: number;
  /** Refusals remembered at most. */
  readonly max: number;
  /** Milliseconds that no clock setting changes. */
  readonly now: () => number;
  readonly record: (event: TokenEvent) => void;
}

/** Remembers for a moment that consent is missing, so that a busy page does not ask the API once a call. */
export interface Refusals {
  /** @throws The error remembered under this key, while it lasts. */
  throwKnown(key: string): void;
  /** Runs a token request, and remembers its refusal unless {@link forget} was called meanwhile. */
  watch<T>(key: string, topic: Topic, request: () => Promise<T>): Promise<T>;
  /** Forgets what is remembered of these topics, as something has just been done about it. */
  forget(selects: (topic: Topic) => boolean): void;
}

/** Makes the memory of one client. Failures of transport and limits are never remembered: they may pass at any moment. */
export function createRefusals({ lifeMs, max, now, record }: RefusalsOptions): Refusals {
  const known = new LRUCache<string, Refusal>({ max });
  let generation = 0;
  return {
    throwKnown(key) {
      const refusal = known.get(key);
      if (refusal === undefined) return;
      if (now() < refusal.until) {
        record({ type: 'refused', connector: refusal.topic.connector });
        throw refusal.error;
      }
      known.delete(key);
    },
    async watch(key, topic, request) {
      const begun = generation;
      try {
        return await request();
      } catch (thrown) {
        const error = toConnectError(thrown);
        const isConsent = CONSENT_ERRORS.some((errorClass) => error instanceof errorClass);
        // What was asked before something changed says nothing about the time after.
        if (isConsent && lifeMs > 0 && begun === generation)
          known.set(key, { topic, error, until: now() + lifeMs });
        throw error;
      }
    },
    forget(selects) {
      generation++;
      for (const [key, { topic }] of [...known]) if (selects(topic)) known.delete(key);
    },
  };
}
