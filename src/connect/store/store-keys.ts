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
  return {
    forToken(location) {
      const keys = known.get(location.key) ?? nameToken(crypto, location);
      known.set(location.key, keys);
      return keys;
    },
    async forArguments({ argumentsKey, params }, identity) {
      const parts = identity === undefined ? ['arguments'] : ['caller', identity];
      return nameGeneration(crypto, await nameSlot(crypto, params.subject), [...parts, argumentsKey]);
    },
    async forGrant(connector, subject) {
      const other = kindOf(connector) === 'id' ? 'uid' : 'id';
      return nameGrant(crypto, await nameSlot(crypto, subject), subject, connector, other);
    },
    forConnector: (connector, otherName) =>
      Promise.all([
        nameConnector(crypto, connector),
        otherName === undefined
          ? nameKind(crypto, kindOf(connector) === 'id' ? 'uid' : 'id')
          : nameConnector(crypto, otherName),
      ]),
    forConsent: async (subject) =>
      subject === undefined
        ? nameInstallations(crypto)
        : nameConsent(crypto, await nameSlot(crypto, subject), subject),
    forCooldown: async (origin, holder, limit) => `h:${await crypto.name('cooldown', origin, holder, limit)}`,
  };
}

async function nameToken(crypto: StoreCrypto, { origin, tags }: CacheLocation): Promise<TokenStoreKeys> {
  const { identity, argumentsKey, connector, params } = tags;
  const slot = await nameSlot(crypto, params.subject);
  const kind = kindOf(connector);
  const [token, byArguments, byCaller, byGrant, consent, ...shared] = await Promise.all([
    crypto.name('token', origin, identity, argumentsKey),
    nameGeneration(crypto, slot, ['arguments', argumentsKey]),
    nameGeneration(crypto, slot, ['caller', identity, argumentsKey]),
    nameGrant(crypto, slot, params.subject, connector, kind),
    nameConsent(crypto, slot, params.subject),
    nameConnector(crypto, connector),
    nameKind(crypto, kind),
    nameInstallations(crypto),
  ]);
  return {
    entry: `${slot}:t:${token}`,
    lease: `${slot}:l:${token}`,
    generations: [byArguments, byCaller, ...byGrant, consent],
    shared,
  };
}

/** The slot of generations that tokens of different subjects share, so that one step reads all of them. */
const SHARED_SLOT = '{shared}';

function nameConnector(crypto: StoreCrypto, connector: string): Promise<string> {
  return nameGeneration(crypto, SHARED_SLOT, ['everything of', connector]);
}

function nameKind(crypto: StoreCrypto, kind: string): Promise<string> {
  return nameGeneration(crypto, SHARED_SLOT, ['everything by', kind]);
}

function nameInstallations(crypto: StoreCrypto): Promise<string> {
  return nameGeneration(crypto, SHARED_SLOT, ['installations']);
}

function nameConsent(crypto: StoreCrypto, slot: string, subject: unknown): Promise<string> {
  return nameGeneration(crypto, slot, ['consent', ...scopeOf(subject)]);
}

/** The part of a name that says where in a cluster it belongs. */
async function nameSlot(crypto: StoreCrypto, subject: unknown): Promise<string> {
  const name = await crypto.name('subject', ...scopeOf(subject));
  return `{${name.slice(0, SLOT_LENGTH)}}`;
}

async function nameGeneration(crypto: StoreCrypto, slot: string, parts: readonly string[]): Promise<string> {
  return `${slot}:g:${await crypto.name('generation', ...parts)}`;
}

function nameGrant(
  crypto: StoreCrypto,
  slot: string,
  subject: unknown,
  connector: string,
  kind: string,
): Promise<string[]> {
  const scopes = [
    ['connector', connector],
    ['kind', kind],
  ];
  return Promise.all(scopes.map((scope) => nameGeneration(crypto, slot, [...scope, ...scopeOf(subject)])));
}

/** A connector has an id and a UID. Which belong together is unknown before a response. */
function kindOf(connector: string): 'id' | 'uid' {
  return connector.startsWith('scl_') ? 'id' : 'uid';
}

function scopeOf(subject: unknown): string[] {
  if (!isRecord(subject)) return [];
  return [subject.type, subject.id ?? subject.sub ?? subject.token].map((value) =>
    typeof value === 'string' ? value : '',
  );
}
