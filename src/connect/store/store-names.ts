import { LRUCache } from 'lru-cache';
import { isRecord } from '../../util/is-record.js';
import type { CacheLocation, EntryTags } from '../tokens/cache-request.js';
import type { StoreKeys } from './store-keys.js';
import type { TokenNames } from './token-store.js';

/**
 * Order of {@link TokenNames.generations}: what was asked for, that by one caller, the subject's grant, and the same by its
 * connector's other name; then the consent, which only refusals are of.
 */
export const BY_CALLER = 1;
export const CONSENT = 4;
/**
 * Order of {@link TokenNames.shared}: everything of a connector, and everything that was asked for by one kind of name; then
 * the installations, which only refusals are of.
 */
export const INSTALLATIONS = 2;
/** 128 bits in base64url. */
const SLOT_LENGTH = 22;
/** Names remembered at least: they are a tenth of a token and cost half of a look. */
const MIN_REMEMBERED = 1_000;

/** Names tokens and generations in the store. */
export interface Names {
  /** The names of a token, computed once for each key. */
  of(location: CacheLocation): Promise<TokenNames>;
  /** The generation of what was asked for: by one caller, or by anybody. */
  ofArguments(tags: Omit<EntryTags, 'identity'>, identity: string | undefined): Promise<string>;
  /** The generations of a grant that has been revoked: of its connector by the name given, and by any of the other kind. */
  ofGrant(connector: string, subject: unknown): Promise<string[]>;
  /** The generations of everything of a connector; where its other name is not known, of all names of that kind. */
  ofConnector(connector: string, otherName: string | undefined): Promise<string[]>;
  /** The generation of a subject's refusals; of everybody's without a subject. */
  ofConsent(subject: unknown): Promise<string>;
  /** The hold of a team, or of one credential. */
  ofHold(origin: string, holder: string, limit: string): Promise<string>;
}

/**
 * Makes the names of one client's tokens.
 *
 * All that concerns one subject shares a slot, so that one step in the store can look at a token with every generation it
 * is of. The subject is taken by what tells it apart alone: revoking may name it with fewer fields than asking did.
 *
 * @param max - Tokens in the front cache.
 */
export function createNames(keys: StoreKeys, max: number): Names {
  const known = new LRUCache<string, Promise<TokenNames>>({ max: Math.max(max, MIN_REMEMBERED) });
  return {
    of(location) {
      const names = known.get(location.key) ?? nameToken(keys, location);
      known.set(location.key, names);
      return names;
    },
    async ofArguments({ argumentsKey, params }, identity) {
      const parts = identity === undefined ? ['arguments'] : ['caller', identity];
      return nameGeneration(keys, await nameSlot(keys, params.subject), [...parts, argumentsKey]);
    },
    async ofGrant(connector, subject) {
      const other = kindOf(connector) === 'id' ? 'uid' : 'id';
      return nameGrant(keys, await nameSlot(keys, subject), subject, connector, other);
    },
    ofConnector: (connector, otherName) =>
      Promise.all([
        nameConnector(keys, connector),
        otherName === undefined
          ? nameKind(keys, kindOf(connector) === 'id' ? 'uid' : 'id')
          : nameConnector(keys, otherName),
      ]),
    ofConsent: async (subject) =>
      subject === undefined
        ? nameInstallations(keys)
        : nameConsent(keys, await nameSlot(keys, subject), subject),
    ofHold: async (origin, holder, limit) => `h:${await keys.name('hold', origin, holder, limit)}`,
  };
}

async function nameToken(keys: StoreKeys, { origin, tags }: CacheLocation): Promise<TokenNames> {
  const { identity, argumentsKey, connector, params } = tags;
  const slot = await nameSlot(keys, params.subject);
  const kind = kindOf(connector);
  const [token, byArguments, byCaller, byGrant, consent, ...shared] = await Promise.all([
    keys.name('token', origin, identity, argumentsKey),
    nameGeneration(keys, slot, ['arguments', argumentsKey]),
    nameGeneration(keys, slot, ['caller', identity, argumentsKey]),
    nameGrant(keys, slot, params.subject, connector, kind),
    nameConsent(keys, slot, params.subject),
    nameConnector(keys, connector),
    nameKind(keys, kind),
    nameInstallations(keys),
  ]);
  return {
    entry: `${slot}:t:${token}`,
    lease: `${slot}:l:${token}`,
    generations: [byArguments, byCaller, ...byGrant, consent],
    shared,
  };
}

/** What tokens of different subjects share is in one slot, so that one step reads all of it. */
const SHARED_SLOT = '{shared}';

function nameConnector(keys: StoreKeys, connector: string): Promise<string> {
  return nameGeneration(keys, SHARED_SLOT, ['everything of', connector]);
}

function nameKind(keys: StoreKeys, kind: string): Promise<string> {
  return nameGeneration(keys, SHARED_SLOT, ['everything by', kind]);
}

function nameInstallations(keys: StoreKeys): Promise<string> {
  return nameGeneration(keys, SHARED_SLOT, ['installations']);
}

function nameConsent(keys: StoreKeys, slot: string, subject: unknown): Promise<string> {
  return nameGeneration(keys, slot, ['consent', ...scopeOf(subject)]);
}

/** The part of a name that says where in a cluster it belongs. */
async function nameSlot(keys: StoreKeys, subject: unknown): Promise<string> {
  const name = await keys.name('subject', ...scopeOf(subject));
  return `{${name.slice(0, SLOT_LENGTH)}}`;
}

async function nameGeneration(keys: StoreKeys, slot: string, parts: readonly string[]): Promise<string> {
  return `${slot}:g:${await keys.name('generation', ...parts)}`;
}

function nameGrant(
  keys: StoreKeys,
  slot: string,
  subject: unknown,
  connector: string,
  kind: string,
): Promise<string[]> {
  const scopes = [
    ['connector', connector],
    ['kind', kind],
  ];
  return Promise.all(scopes.map((scope) => nameGeneration(keys, slot, [...scope, ...scopeOf(subject)])));
}

/** A connector has an id and a UID, and which belong together is not known before one has answered. */
function kindOf(connector: string): 'id' | 'uid' {
  return connector.startsWith('scl_') ? 'id' : 'uid';
}

function scopeOf(subject: unknown): string[] {
  if (!isRecord(subject)) return [];
  return [subject.type, subject.id ?? subject.sub ?? subject.token].map((value) =>
    typeof value === 'string' ? value : '',
  );
}
