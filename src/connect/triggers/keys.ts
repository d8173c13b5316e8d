import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import type { Fetch } from '../../transport/fetch-send.js';
import { readBytes } from '../../transport/read-body.js';
import { isRecord } from '../../util/is-record.js';
import { VerificationError } from './verification-error.js';

const FRESH_MS = 10 * 60_000;
/** Time for which keys are trusted while the issuer cannot be reached. */
const STALE_MS = 24 * 60 * 60_000;
/** The least time between two fetches: unknown key ids are free to make up, and must not become requests. */
const COOLDOWN_MS = 30_000;
const COLD_COOLDOWN_MS = 1_000;
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

/** The parts of `jose` that are used. */
export type Jose = Pick<
  typeof import('jose'),
  'createLocalJWKSet' | 'decodeProtectedHeader' | 'errors' | 'jwtVerify'
>;

/** Loaded at the first verification: most programs receive nothing. */
export function loadJose(): Promise<Jose> {
  return import('jose');
}

/** The public keys of a token issuer. */
export interface KeySet {
  /** The key that a token's header names. @throws {VerificationError} */
  readonly keyFor: (...call: Parameters<JWTVerifyGetKey>) => Promise<Awaited<ReturnType<JWTVerifyGetKey>>>;
}

interface KeySetOptions {
  readonly url: string;
  readonly fetch: Fetch | undefined;
  readonly jose: () => Promise<Jose>;
  /** Milliseconds that no clock setting changes. */
  readonly now: () => number;
}

/**
 * Keeps an issuer's keys: 10 minutes without asking, up to 24 hours while they cannot be renewed.
 *
 * However many tokens come with key ids that nobody knows, there is one fetch at a time and one in 30 s.
 */
export function createKeySet({ url, fetch, jose, now }: KeySetOptions): KeySet {
  let keys: { readonly find: JWTVerifyGetKey; readonly at: number } | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | undefined;

  async function renew(): Promise<void> {
    triedAt = now();
    const set = await fetchKeys(url, fetch);
    keys = { find: (await jose()).createLocalJWKSet(set), at: now() };
  }

  /** Asks for newer keys, unless somebody has just done so. */
  async function tryRenew(): Promise<void> {
    const cooldown = keys === undefined ? COLD_COOLDOWN_MS : COOLDOWN_MS;
    if (fetching === undefined && now() - triedAt < cooldown) return;
    fetching ??= renew().finally(() => {
      fetching = undefined;
    });
    // A failure shows in what there is afterwards.
    await fetching.catch(() => undefined);
  }

  return {
    async keyFor(...call) {
      if (keys === undefined || now() - keys.at > FRESH_MS) await tryRenew();
      if (keys === undefined || now() - keys.at > STALE_MS)
        throw new VerificationError('keys_unavailable', 'The signing keys of the issuer cannot be had now');
      const { JWKSNoMatchingKey } = (await jose()).errors;
      try {
        return await keys.find(...call);
      } catch (error) {
        if (!(error instanceof JWKSNoMatchingKey)) throw error;
        // The issuer may have begun to sign with a new key.
        await tryRenew();
        return keys.find(...call);
      }
    },
  };
}

async function fetchKeys(url: string, own: Fetch | undefined): Promise<JSONWebKeySet> {
  const response = await (own ?? globalThis.fetch)(url, {
    method: 'GET',
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`the keys could not be read: status ${response.status}`);
  const bytes = await readBytes(response.body as ReadableStream<Uint8Array> | null, MAX_BYTES);
  const set: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!isRecord(set) || !Array.isArray(set.keys) || !set.keys.every(isRecord))
    throw new Error('the response holds no keys');
  // Each key is checked where it is used.
  return set as unknown as JSONWebKeySet;
}
