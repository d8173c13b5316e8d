import { LRUCache } from 'lru-cache';
import { isRecord } from '../../util/is-record.js';
import type { Topic } from '../tokens/wish.js';
import type { StoreKeys } from './store-keys.js';
import type { TokenNames } from './token-store.js';

/** Where a token is from, and what it is. */
export interface Place {
  /** Full key of the front cache. */
  readonly key: string;
  /** Base URL of the API. */
  readonly origin: string;
  readonly topic: Topic;
}

/** Order of {@link TokenNames.generations}: what was asked for, that by one caller, the grant, and its connector's other name. */
export const BY_CALLER = 1;
/** 128 bits in base64url. */
const SLOT_LENGTH = 22;
/** Names remembered at least: they are a tenth of a token and cost half of a look. */
const MIN_REMEMBERED = 1_000;

/** Names tokens and generations in the store. */
export interface Names {
  /** The names of a token, computed once for each key. */
  of(place: Place): Promise<TokenNames>;
  /** The generation of what was asked for: by one caller, or by anybody. */
  ofArguments(topic: Omit<Topic, 'identity'>, identity: string | undefined): Promise<string>;
  /** The generations of a grant that has been revoked: of its connector by the name given, and by any of the other kind. */
  ofGrant(connector: string, subject: unknown): Promise<string[]>;
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
    of(place) {
      const names = known.get(place.key) ?? nameToken(keys, place);
      known.set(place.key, names);
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
    ofHold: async (origin, holder, limit) => `h:${await keys.name('hold', origin, holder, limit)}`,
  };
}

async function nameToken(keys: StoreKeys, { origin, topic }: Place): Promise<TokenNames> {
  const { identity, argumentsKey, connector, params } = topic;
  const slot = await nameSlot(keys, params.subject);
  const [token, byArguments, byCaller, byGrant] = await Promise.all([
    keys.name('token', origin, identity, argumentsKey),
    nameGeneration(keys, slot, ['arguments', argumentsKey]),
    nameGeneration(keys, slot, ['caller', identity, argumentsKey]),
    nameGrant(keys, slot, params.subject, connector, kindOf(connector)),
  ]);
  return {
    entry: `${slot}:t:${token}`,
    lease: `${slot}:l:${token}`,
    generations: [byArguments, byCaller, ...byGrant],
  };
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
