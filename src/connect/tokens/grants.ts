import type { StoreLevel } from '../store/level.js';
import type { ConnectRevokeParams, ConnectTokenResponse } from '../types.js';
import type { EntryTags } from './cache-request.js';
import type { NegativeCache } from './negative-cache.js';
import { isRevoked, isSameConnector } from './revoked.js';
import type { TokenCache } from './token-cache.js';

/** A grant that ends. */
export type GrantEnd =
  /** The tokens of one set of arguments: of one caller, or of all. */
  | {
      readonly type: 'arguments';
      readonly request: Omit<EntryTags, 'identity'>;
      readonly identity?: string | undefined;
    }
  /** One token that was refused somewhere; whatever has replaced it stays. */
  | {
      readonly type: 'token';
      readonly request: Omit<EntryTags, 'identity'>;
      readonly identity?: string | undefined;
      readonly token: string;
    }
  /** All tokens of one subject, by whomever and with whatever scopes they were asked for. */
  | { readonly type: 'subject'; readonly connector: string; readonly revoked: ConnectRevokeParams }
  /** Everything of a connector, by both of its names. */
  | { readonly type: 'connector'; readonly connector: string; readonly otherName?: string | undefined };

/** Ends grants everywhere: in memory, in flights under way, in the negative cache, and in the shared store. */
export interface Grants {
  /** Ends a grant, in this process at once. The promise settles when the store has it, and never rejects. */
  end(grant: GrantEnd): Promise<void>;
  /**
   * Forgets, in every process, that consent was missing.
   *
   * @param subject - Who has consented; `undefined` when it can be anybody, as after an import or an installation.
   */
  consented(subject?: unknown): void;
  /**
   * Caches errors of a subject only briefly, in every process, because a person is deciding.
   *
   * @param ms - How long the person has, in milliseconds.
   */
  expectConsent(subject: unknown, ms: number): void;
  /** Returns the other name of a connector, id or UID, when a cached token has it. */
  otherNameOf(connector: string): string | undefined;
}

/** Makes the one place where grants end. */
export function createGrants(
  cache: TokenCache<ConnectTokenResponse>,
  negativeCache: NegativeCache,
  shared: StoreLevel | undefined,
): Grants {
  return {
    async end(grant) {
      const selects = selectorOf(grant);
      const dropped = cache.drop(selects);
      if (grant.type !== 'token') negativeCache.forget((tags) => selects(tags, undefined));
      await shared?.use((tokens) => tokens.end(grant, dropped));
    },
    consented(subject) {
      const name = JSON.stringify(subject);
      negativeCache.forget(({ params }) => subject === undefined || JSON.stringify(params.subject) === name);
      void shared?.use((tokens) => tokens.consented(subject));
    },
    expectConsent(subject, ms) {
      // A connector has two names, so all that was refused is asked again.
      negativeCache.forget(() => true);
      negativeCache.expectConsent(subject, ms);
      void shared?.use((tokens) => tokens.consented(subject, ms));
    },
    otherNameOf(connector) {
      const known = cache.findValue(
        (_, { connector: named }) => named?.id === connector || named?.uid === connector,
      )?.connector;
      return known?.id === connector ? known.uid : known?.id;
    },
  };
}

type Selector = (tags: EntryTags, value: ConnectTokenResponse | undefined) => boolean;

function selectorOf(grant: GrantEnd): Selector {
  switch (grant.type) {
    case 'arguments':
      return (tags) => isAskedFor(tags, grant);
    case 'token':
      // A fetch under way may bring the one that replaces it.
      return (tags, value) => value?.token === grant.token && isAskedFor(tags, grant);
    case 'subject':
      return (tags, value) => isRevoked(tags, value, grant.connector, grant.revoked);
    case 'connector':
      return (tags, value) => isSameConnector(tags.connector, value, grant.connector);
  }
}

function isAskedFor(
  tags: EntryTags,
  { request, identity }: Extract<GrantEnd, { readonly request: unknown }>,
): boolean {
  return tags.argumentsKey === request.argumentsKey && (identity === undefined || tags.identity === identity);
}
