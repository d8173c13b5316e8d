import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { InvalidArgumentError } from '../errors/index.js';
import { isRecord } from '../transport/to-error.js';
import type { ConnectTokenParams } from './types.js';

/** Parameters whose order has no meaning. */
const SETS: ReadonlySet<string> = new Set(['scopes', 'audience', 'resources']);

/** A token request, taken down at the moment of the call so that a later change of the caller's object changes nothing. */
export interface TokenRequest {
  /** Names connector and parameters; the same for every order of fields and of set-like arrays. */
  readonly argumentsKey: string;
  /** What is sent, but for the buffer. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Takes down connector and parameters, with the default scopes filled in.
 *
 * The buffer is left out: it says how fresh the token must be, not which token it is. Fields that this package does not
 * know are sent and keyed as they are, so that nothing of the caller's is lost and nothing is shared by mistake.
 *
 * @throws {InvalidArgumentError} When the parameters are no plain JSON.
 */
export function takeDown(connector: string, params: ConnectTokenParams): TokenRequest {
  const { validityBufferMs: _, ...wanted } = params;
  const body = toPlainJson({ ...wanted, scopes: params.scopes ?? ['*'] });
  // An array of two texts: neither can reach into the other, whatever a caller smuggles into the parameters.
  return { argumentsKey: JSON.stringify([connector, canonicalJson(body, true)]), body };
}

/** The full key of a token: where it came from, who asked, and what was asked. */
export function tokenKey(origin: string, identity: string, argumentsKey: string): string {
  return JSON.stringify([origin, identity, argumentsKey]);
}

/**
 * Makes the function that tells callers apart without keeping their tokens: SHA-256 of the whole bearer.
 *
 * The claims of a token are never used: they are unverified here, and a forged token with another's claims would
 * otherwise be served the other's entry.
 *
 * @param max - How many digests are remembered; hashing again costs time, never correctness.
 */
export function createIdentifier(max = 1_000): (bearer: string) => string {
  const digests = new LRUCache<string, string>({ max });
  return (bearer) => {
    const known = digests.get(bearer);
    if (known !== undefined) return known;
    const digest = createHash('sha256').update(bearer).digest('base64url');
    digests.set(bearer, digest);
    return digest;
  };
}

function toPlainJson(value: object): Readonly<Record<string, unknown>> {
  try {
    const plain: unknown = JSON.parse(JSON.stringify(value));
    return isRecord(plain) ? plain : {};
  } catch (cause) {
    throw new InvalidArgumentError('params', 'must be plain JSON, without cycles or bigints', { cause });
  }
}

function canonicalJson(value: unknown, top = false): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join()}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const fields = Object.keys(value).sort();
  return `{${fields.map((field) => `${JSON.stringify(field)}:${canonicalField(field, value[field], top)}`).join()}}`;
}

function canonicalField(field: string, value: unknown, top: boolean): string {
  return top && SETS.has(field) && Array.isArray(value)
    ? canonicalJson([...value].sort())
    : canonicalJson(value);
}
