import { checkMs } from '../../client/options.js';
import { InvalidArgumentError } from '../../errors/index.js';
import { isRecord } from '../../util/is-record.js';
import { describeValue } from '../../util/redact.js';
import type { TeamCooldowns } from '../request-context.js';
import type { Trust } from '../tokens/token-cache-options.js';
import type { SharedTokens, SharedTokensOptions } from './shared-tokens.js';
import type { TokenStore } from './token-store.js';

/** Longest wait for one reply of the store, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 50;
/** Time for which an entry is trusted while messages can be lost, and a silent subscription, in milliseconds. */
const TRUST_MS = 5_000;

/** The second level of the token cache, loaded at its first use: most clients have none. */
export interface StoreLevel {
  readonly cooldowns: TeamCooldowns;
  /** Which entries in memory are trusted. */
  readonly trust: Readonly<Trust>;
  /** Uses it. */
  use<R>(work: (tokens: SharedTokens) => Promise<R>): Promise<R>;
  /** See {@link SharedTokens.close}. */
  close(): Promise<void>;
}

/**
 * Makes the second level of one client.
 *
 * @throws {InvalidArgumentError} For an invalid store or time limit.
 */
export function createStoreLevel(
  store: TokenStore,
  timeoutMs: number | undefined,
  options: Omit<SharedTokensOptions, 'store' | 'timeoutMs' | 'trust'>,
): StoreLevel {
  checkStore(store);
  const limitMs = checkMs('cache.storeTimeoutMs', timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const trust: Trust = {
    since: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
    afterwardsMs: TRUST_MS,
  };
  let loading: Promise<SharedTokens> | undefined;
  let loaded: SharedTokens | undefined;
  const load = () => {
    loading ??= import('./shared-tokens.js').then(({ SharedTokens: Tokens }) => {
      loaded = new Tokens({ ...options, store, trust, timeoutMs: limitMs });
      return loaded;
    });
    return loading;
  };
  return {
    trust,
    use: async (work) => work(loaded ?? (await load())),
    close: async () => (await loading)?.close(),
    cooldowns: {
      setTeam: (...given) => void load().then(({ cooldowns }) => cooldowns.setTeam(...given)),
      leftMs: async (...given) => (await load()).cooldowns.leftMs(...given),
      hold: async (...given) => (await load()).cooldowns.hold(...given),
    },
  };
}

const STORE_METHODS = [
  'acquire',
  'renew',
  'write',
  'generations',
  'replace',
  'cooldown',
  'probe',
  'subscribe',
];
const CRYPTO_METHODS = ['name', 'seal', 'open'];
/** Members of a {@link TokenStore} that 0.1.0 named differently. */
const RENAMED = [
  ['look', 'acquire'],
  ['hold', 'cooldown'],
  ['keys', 'crypto'],
] as const;

function checkStore(store: unknown): void {
  const hasAll = (value: unknown, methods: readonly string[]) =>
    isRecord(value) && methods.every((name) => typeof value[name] === 'function');
  if (hasAll(store, STORE_METHODS) && isRecord(store) && hasAll(store.crypto, CRYPTO_METHODS)) return;
  const [before, now] =
    RENAMED.find(([old, name]) => isRecord(store) && old in store && !(name in store)) ?? [];
  if (before !== undefined)
    throw new InvalidArgumentError(`cache.store.${before}`, `is named ${now} in this version of the package`);
  throw new InvalidArgumentError(
    'cache.store',
    `must be a store, as createRedisStore of vercel-rest/redis makes it, got ${describeValue(store)}`,
  );
}
