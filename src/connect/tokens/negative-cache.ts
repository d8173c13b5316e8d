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

/** Errors that only a person can resolve: a further request at once gets the same response. */
const CONSENT_ERRORS: readonly (new (...given: never[]) => ConnectError)[] = [
  UserAuthorizationRequiredError,
  ConnectorInstallationRequiredError,
  NoValidTokenError,
];

/** Time for which an error is cached while a person is deciding, or while other processes cannot report consent, in milliseconds. */
export const BRIEFLY_MS = 1_000;

/** Thrown by a loader for an error that it read from the shared store, or that is cached for another time than usual. */
export class NegativeResult {
  /** @param rememberMs - How long to cache it from now, in milliseconds. */
  constructor(
    readonly error: unknown,
    readonly rememberMs: number,
    /** Whether it comes from the shared store, so that no request was sent. */
    readonly isCached = false,
  ) {}
}

interface CachedError {
  readonly tags: EntryTags;
  readonly error: unknown;
  /** On the monotonic clock. */
  readonly until: number;
}

interface NegativeCacheOptions {
  /** Time for which an error is cached, in milliseconds; 0 turns the cache off. */
  readonly lifeMs: number;
  /** The largest number of errors. */
  readonly max: number;
  readonly record: (event: TokenEvent) => void;
}

/** Caches for a while that consent is missing, so that a busy page does not send one request a call. */
export interface NegativeCache {
  /** See {@link NegativeCacheOptions.lifeMs}. */
  readonly lifeMs: number;
  /** The number of calls of {@link forget}. */
  readonly generation: number;
  /** @throws The error cached for this key, while it lasts. */
  throwCached(key: string): void;
  /**
   * Caches the error of a token request, unless {@link forget} was called since the request began.
   *
   * @param thrown - What the loader threw, a {@link NegativeResult} or any error.
   * @param generation - {@link generation} when the request began.
   * @returns The error to throw to the caller.
   */
  remember(key: string, tags: EntryTags, thrown: unknown, generation: number): unknown;
  /** Forgets the errors with these tags, because somebody has just acted on them. */
  forget(selects: (tags: EntryTags) => boolean): void;
  /** Caches errors of a subject only briefly for so many milliseconds, because a person is deciding. */
  expectConsent(subject: unknown, ms: number): void;
}

/** Returns whether an error says that a person has to act first. */
export function isConsentError(error: unknown): boolean {
  return CONSENT_ERRORS.some((errorClass) => error instanceof errorClass);
}

/** Makes the negative cache of one client. It never caches failures of transport and limits, which may pass at any moment. */
export function createNegativeCache({ lifeMs, max, record }: NegativeCacheOptions): NegativeCache {
  const known = new LRUCache<string, CachedError>({ max });
  const deciding = new LRUCache<string, number>({ max });
  const cache = {
    lifeMs,
    generation: 0,
    throwCached(key: string) {
      const cached = known.get(key);
      if (cached === undefined) return;
      if (performance.now() < cached.until) {
        record({ type: 'refused', connector: cached.tags.connector });
        throw cached.error;
      }
      known.delete(key);
    },
    remember(key: string, tags: EntryTags, thrown: unknown, generation: number) {
      const refusal =
        thrown instanceof NegativeResult ? thrown : new NegativeResult(toConnectError(thrown), lifeMs);
      const { error, isCached } = refusal;
      if (isCached) record({ type: 'refused', connector: tags.connector });
      const isDeciding = (deciding.get(nameOf(tags.params.subject)) ?? 0) > performance.now();
      const rememberMs = Math.min(refusal.rememberMs, lifeMs, isDeciding ? BRIEFLY_MS : lifeMs);
      // A response from before a change says nothing about the time after it.
      if (isConsentError(error) && rememberMs > 0 && generation === cache.generation)
        known.set(key, { tags, error, until: performance.now() + rememberMs });
      return error;
    },
    forget(selects: (tags: EntryTags) => boolean) {
      cache.generation++;
      for (const [key, { tags }] of [...known]) if (selects(tags)) known.delete(key);
    },
    expectConsent: (subject: unknown, ms: number) =>
      void deciding.set(nameOf(subject), performance.now() + ms),
  };
  return cache;
}

/** Names a subject, whose token is a digest already. */
function nameOf(subject: unknown): string {
  return JSON.stringify(subject) ?? '';
}
