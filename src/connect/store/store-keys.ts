import { LRUCache } from 'lru-cache';
import { isRecord } from '../../util/is-record.js';
import type { CacheLocation, EntryTags } from '../tokens/cache-request.js';
import type { StoreCrypto } from './store-crypto.js';
import type { TokenStoreKeys } from './token-store.js';

/**
 * Order of {@link TokenStoreKeys.generations}: what was asked for, that by one caller, the subject's grant, and the same by its
 * connector's other name; then the consent, which counts for cached errors alone.
 */
export const BY_CALLER = 1;
export const CONSENT = 4;
/**
 * Order of {@link TokenStoreKeys.shared}: everything of a connector, and everything that was asked for by one kind of name; then
 * the installations, which count for cached errors alone.
 */
export const INSTALLATIONS = 2;
/** 128 bits in base64url. */
const SLOT_LENGTH = 22;
/** KeyBuilder remembered at least: they are a tenth of a token and cost half of a look. */
const MIN_REMEMBERED = 1_000;

/** KeyBuilder tokens and generations in the store. */
export interface KeyBuilder {
  /** The keys of a token, computed once for each key. */
  forToken(location: CacheLocation): Promise<TokenStoreKeys>;
  /** The generation of what was asked for: by one caller, or by anybody. */
  forArguments(tags: Omit<EntryTags, 'identity'>, identity: string | undefined): Promise<string>;
  /** The generations of a grant that has been revoked: of its connector by the name given, and by any of the other kind. */
  forGrant(connector: string, subject: unknown): Promise<string[]>;
  /** The generations of everything of a connector; where its other name is not known, of all keys of that kind. */
  forConnector(connector: string, otherName: string | undefined): Promise<string[]>;
  /** Returns the generation of a subject's cached errors; without a subject, of all. */
  forConsent(subject: unknown): Promise<string>;
  /** The hold of a team, or of one credential. */
  forCooldown(origin: string, holder: string, limit: string): Promise<string>;
}

/**
 * Makes the keys of one client's tokens.
 *
 * All that concerns one subject shares a slot, so that one step in the store can look at a token with every generation it
 * is of. Only the fields that identify a subject count: a revocation may name it with fewer fields than the request.
 *
 * @param max - Tokens in the front cache.
 */
export function createKeyBuilder(crypto: StoreCrypto, max: number): KeyBuilder {
  const known = new LRUCache<string, Promise<TokenStoreKeys>>({ max: Math.max(max, MIN_REMEMBERED) });
  const generation = async (slot: string, ...parts: readonly string[]) =>
    `${slot}:g:${await crypto.name('generation', ...parts)}`;
  // The part of a name that says where in a cluster it belongs.
  const slotOf = async (subject: unknown) =>
    `{${(await crypto.name('subject', ...scopeOf(subject))).slice(0, SLOT_LENGTH)}}`;
  const ofConnector = (connector: string) => generation(SHARED_SLOT, 'everything of', connector);
  const ofKind = (kind: string) => generation(SHARED_SLOT, 'everything by', kind);
  const installations = () => generation(SHARED_SLOT, 'installations');
  const consent = (slot: string, subject: unknown) => generation(slot, 'consent', ...scopeOf(subject));
  const grant = (slot: string, subject: unknown, connector: string, kind: string) =>
    Promise.all([
      generation(slot, 'connector', connector, ...scopeOf(subject)),
      generation(slot, 'kind', kind, ...scopeOf(subject)),
    ]);

  async function nameToken({ origin, tags }: CacheLocation): Promise<TokenStoreKeys> {
    const { identity, argumentsKey, connector, params } = tags;
    const { subject } = params;
    const slot = await slotOf(subject);
    const kind = kindOf(connector);
    const [token, byArguments, byCaller, byGrant, byConsent, ...shared] = await Promise.all([
      crypto.name('token', origin, identity, argumentsKey),
      generation(slot, 'arguments', argumentsKey),
      generation(slot, 'caller', identity, argumentsKey),
      grant(slot, subject, connector, kind),
      consent(slot, subject),
      ofConnector(connector),
      ofKind(kind),
      installations(),
    ]);
    return {
      entry: `${slot}:t:${token}`,
      lease: `${slot}:l:${token}`,
      generations: [byArguments, byCaller, ...byGrant, byConsent],
      shared,
    };
  }

  return {
    forToken(location) {
      const keys = known.get(location.key) ?? nameToken(location);
      known.set(location.key, keys);
      return keys;
    },
    async forArguments({ argumentsKey, params }, identity) {
      const parts = identity === undefined ? ['arguments'] : ['caller', identity];
      return generation(await slotOf(params.subject), ...parts, argumentsKey);
    },
    forGrant: async (connector, subject) =>
      grant(await slotOf(subject), subject, connector, otherKind(connector)),
    forConnector: (connector, otherName) =>
      Promise.all([
        ofConnector(connector),
        otherName === undefined ? ofKind(otherKind(connector)) : ofConnector(otherName),
      ]),
    forConsent: async (subject) =>
      subject === undefined ? installations() : consent(await slotOf(subject), subject),
    forCooldown: async (origin, holder, limit) => `h:${await crypto.name('cooldown', origin, holder, limit)}`,
  };
}

/** The slot of generations that tokens of different subjects share, so that one step reads all of them. */
const SHARED_SLOT = '{shared}';

/** A connector has an id and a UID. Which belong together is unknown before a response. */
function kindOf(connector: string): 'id' | 'uid' {
  return connector.startsWith('scl_') ? 'id' : 'uid';
}

function otherKind(connector: string): 'id' | 'uid' {
  return kindOf(connector) === 'id' ? 'uid' : 'id';
}

function scopeOf(subject: unknown): string[] {
  if (!isRecord(subject)) return [];
  return [subject.type, subject.id ?? subject.sub ?? subject.token].map((value) =>
    typeof value === 'string' ? value : '',
  );
}
