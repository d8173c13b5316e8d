import { LRUCache } from 'lru-cache';
import { toBase64Url } from '../../util/bytes.js';
import { sha256Bytes } from '../../util/sha256.js';

/** Tells bearers apart by a digest, so that none has to be kept in a key. */
export type Identify = (bearer: string) => string;

/** {@link Identify} of a client that has not loaded it yet. */
export type IdentifyLater = (bearer: string) => Promise<string>;

/**
 * Makes the function that names a bearer by its SHA-256, remembering the digests of those seen last.
 *
 * The claims of a token are never used: they are unverified here, and a forged token with another's claims would
 * otherwise be taken for the other's.
 *
 * @param max - How many digests are remembered; hashing again costs time, never correctness.
 */
export function createIdentify(max = 1_000): Identify {
  const digests = new LRUCache<string, string>({ max });
  return (bearer) => {
    const known = digests.get(bearer);
    if (known !== undefined) return known;
    const digest = toBase64Url(sha256Bytes(bearer));
    digests.set(bearer, digest);
    return digest;
  };
}
