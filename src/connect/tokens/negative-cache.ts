import { LRUCache } from 'lru-cache';
import {
  type ConnectError,
  ConnectorInstallationRequiredError,
  NoValidTokenError,
  toConnectError,
  UserAuthorizationRequiredError,
} from '../errors.js';
import type { TokenEvent } from '../stats.js';
import type { EntryTags } from './cache-request.js';

/** What only a person changes: asking again at once brings the same response. */
const CONSENT_ERRORS: readonly (new (...given: never[]) => ConnectError)[] = [
  UserAuthorizationRequiredError,
  ConnectorInstallationRequiredError,
  NoValidTokenError,
];

/** How long a refusal is remembered while a person is deciding, or while another process could not report consent. */
export const BRIEFLY_MS = 1_000;

/** A refusal that a loader has from elsewhere, or must not be remembered for the usual time. */
export class Refusal {
  /** @param rememberMs - How long it is remembered from now, in milliseconds. */
  constructor(
    readonly error: unknown,
    readonly rememberMs: number,
    /** Whether nothing was asked. */
    readonly isCached = false,
  ) {}
}

interface CachedError {
  readonly tags: EntryTags;
  readonly error: unknown;
  /** On the monotonic clock. */
  readonly until: number;
}

/** What {@link createNegativeCache} takes. */
export interface NegativeCacheOptions {
  /** How long a refusal is remembered, in milliseconds; 0 for not at all. */
  readonly lifeMs: number;
  /** Refusals remembered at most. */
  readonly max: number;
  /** Milliseconds that no clock setting changes. */
  readonly now: () => number;
  readonly record: (event: TokenEvent) => void;
}

/** Remembers for a while that consent is missing, so that a busy page does not ask the API once a call. */
export interface NegativeCache {
  /** See {@link NegativeCacheOptions.lifeMs}. */
  readonly lifeMs: number;
  /** @throws The error remembered under this key, while it lasts. */
  throwCached(key: string): void;
  /** Runs a token request, and remembers its refusal unless {@link forget} was called meanwhile. */
  remember<T>(key: string, tags: EntryTags, request: () => Promise<T>): Promise<T>;
  /** Forgets what is remembered of these tags, because something has just been done about it. */
  forget(selects: (tags: EntryTags) => boolean): void;
  /** Remembers refusals of a subject only briefly for so long, because a person is deciding. */
  expectConsent(subject: unknown, ms: number): void;
}

/** Whether an error says that a person has to do something first. */
export function isConsentError(error: unknown): boolean {
  return CONSENT_ERRORS.some((errorClass) => error instanceof errorClass);
}

/** Makes the negative cache of one client. Failures of transport and limits are never remembered: they may pass at any moment. */
export function createNegativeCache({ lifeMs, max, now, record }: NegativeCacheOptions): NegativeCache {
  const known = new LRUCache<string, CachedError>({ max });
  const deciding = new LRUCache<string, number>({ max });
  let generation = 0;
  const longest = ({ params }: EntryTags) => {
    const isDeciding = (deciding.get(nameOf(params.subject)) ?? 0) > now();
    return isDeciding ? Math.min(BRIEFLY_MS, lifeMs) : lifeMs;
  };
  return {
    lifeMs,
    throwCached(key) {
      const cached = known.get(key);
      if (cached === undefined) return;
      if (now() < cached.until) {
        record({ type: 'refused', connector: cached.tags.connector });
        throw cached.error;
      }
      known.delete(key);
    },
    async remember(key, tags, request) {
      const begun = generation;
      try {
        return await request();
      } catch (thrown) {
        const refusal = thrown instanceof Refusal ? thrown : new Refusal(toConnectError(thrown), lifeMs);
        const { error, isCached } = refusal;
        if (isCached) record({ type: 'refused', connector: tags.connector });
        const rememberMs = Math.min(refusal.rememberMs, longest(tags));
        // What was asked before something changed says nothing about the time after.
        if (isConsentError(error) && rememberMs > 0 && begun === generation)
          known.set(key, { tags, error, until: now() + rememberMs });
        throw error;
      }
    },
    forget(selects) {
      generation++;
      for (const [key, { tags }] of [...known]) if (selects(tags)) known.delete(key);
    },
    expectConsent: (subject, ms) => void deciding.set(nameOf(subject), now() + ms),
  };
}

/** Its token is a digest already. */
function nameOf(subject: unknown): string {
  return JSON.stringify(subject) ?? '';
}
