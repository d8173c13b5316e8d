import type { webcrypto } from 'node:crypto';
import { InvalidArgumentError } from '../../errors/index.js';
import { isRecord } from '../../util/is-record.js';
import { describeKind } from '../../util/redact.js';

/** A 256-bit key: 32 bytes, or their base64 or base64url. */
export type KeyMaterial = Uint8Array | string;

/** Options of {@link createStoreCrypto}. */
export interface StoreCryptoOptions {
  /** Hides the names. The same in every process, and for good: with another, nothing in the store can be found. */
  readonly index: KeyMaterial;
  /** Seal the values: the first one those written from now on, any of them those that are read. */
  readonly sealing: readonly KeyMaterial[];
}

/** A sealed text taken apart, before it is opened. */
interface Envelope {
  readonly keyId: string;
  /** The version it was sealed under; it opens under no other. */
  readonly mark: string;
  readonly iv: string;
  readonly sealed: string;
}

const VERSION = '2';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const ID_BYTES = 9;

interface SealingKey {
  readonly id: string;
  readonly key: webcrypto.CryptoKey;
}

/**
 * Seals values and hides names, with keys that it shows to no one.
 *
 * Values are AES-256-GCM with a random IV; names are HMAC-SHA-256. Both keys are derived by HKDF-SHA-256 from those given,
 * so that none is used for two things (NIST SP 800-38D, RFC 2104, RFC 5869).
 */
export class StoreCrypto {
  readonly #index: Promise<webcrypto.CryptoKey>;
  readonly #sealing: Promise<readonly SealingKey[]>;

  /** Use {@link createStoreCrypto}, which checks. */
  constructor(index: Uint8Array, sealing: readonly Uint8Array[]) {
    const hmac = { name: 'HMAC', hash: 'SHA-256' };
    this.#index = derive(index, 'index', 256).then((bits) =>
      crypto.subtle.importKey('raw', bits, hmac, false, ['sign']),
    );
    this.#sealing = Promise.all(sealing.map(deriveSealingKey));
    // Each use reports the error.
    for (const derived of [this.#index, this.#sealing]) derived.catch(() => undefined);
  }

  /** Returns a key that reveals nothing of its parts. */
  async name(...parts: readonly string[]): Promise<string> {
    const digest = await crypto.subtle.sign('HMAC', await this.#index, utf8(JSON.stringify(parts)));
    return Buffer.from(digest).toString('base64url');
  }

  /**
   * Seals a text.
   *
   * @param place - Where it is going to be.
   * @param mark - What else it has to be opened with; stands beside it in the clear.
   */
  async seal(place: string, mark: string, text: string): Promise<string> {
    const [newest] = await this.#sealing;
    if (newest === undefined) throw new InvalidArgumentError('keys.sealing', 'must have a key');
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const algorithm = { name: 'AES-GCM', iv, additionalData: associate(place, mark) };
    const sealed = await crypto.subtle.encrypt(algorithm, newest.key, utf8(text));
    const parts = [iv, new Uint8Array(sealed)].map((bytes) => Buffer.from(bytes).toString('base64url'));
    return [VERSION, newest.id, mark, ...parts].join('.');
  }

  /**
   * Opens what {@link seal} made, in the place that it was made for.
   *
   * @returns `undefined` when it does not open: changed, cut, swapped, or sealed with an unknown key.
   */
  async open(place: string, { keyId, mark, iv, sealed }: Envelope): Promise<string | undefined> {
    const known = (await this.#sealing).find(({ id }) => id === keyId);
    if (known === undefined) return undefined;
    const algorithm = {
      name: 'AES-GCM',
      iv: Buffer.from(iv, 'base64url'),
      additionalData: associate(place, mark),
    };
    try {
      const opened = await crypto.subtle.decrypt(algorithm, known.key, Buffer.from(sealed, 'base64url'));
      return Buffer.from(opened).toString('utf8');
    } catch {
      return undefined;
    }
  }
}

/** Parses a sealed text. Returns `undefined` for any other text and for another version. */
export function readEnvelope(text: string): Envelope | undefined {
  const [version, keyId, mark, iv, sealed, ...rest] = text.split('.');
  if (version !== VERSION || keyId === undefined || mark === undefined || rest.length > 0) return undefined;
  return iv && sealed ? { keyId, mark, iv, sealed } : undefined;
}

/** The beginning of a sealed text: no two have the same. */
export function headOf({ keyId, mark, iv }: Envelope): string {
  return [VERSION, keyId, mark, iv].join('.');
}

/**
 * Makes the cryptography of a shared store.
 *
 * To rotate: put the new key last in every process, then first in every process, then leave the old one out once the
 * tokens that it sealed have expired. `index` stays.
 *
 * @throws {InvalidArgumentError} Unless each key has 256 bits. The error never shows a key.
 *
 * @example
 * const keys = createStoreCrypto({ index: process.env.INDEX_KEY, sealing: [process.env.SEALING_KEY] });
 */
export function createStoreCrypto(options: StoreCryptoOptions): StoreCrypto {
  if (!isRecord(options)) throw new InvalidArgumentError('keys', 'must be an object with index and sealing');
  const { index, sealing } = options;
  if (!Array.isArray(sealing) || sealing.length === 0) {
    throw new InvalidArgumentError('keys.sealing', 'must be a list of keys, the newest first');
  }
  return new StoreCrypto(
    readKey('keys.index', index),
    sealing.map((key, at) => readKey(`keys.sealing[${at}]`, key)),
  );
}

/**
 * Throws: {@link createStoreCrypto} is its new name.
 *
 * @deprecated Use {@link createStoreCrypto}.
 * @throws {InvalidArgumentError} Always.
 */
export function createStoreKeys(): never {
  throw new InvalidArgumentError(
    'createStoreKeys',
    'is named createStoreCrypto in this version of the package',
  );
}

function readKey(field: string, given: unknown): Uint8Array {
  const isText = typeof given === 'string' && /^[\w+/-]{43}=?$/.test(given);
  const bytes = isText ? Buffer.from(given, 'base64') : given;
  if (bytes instanceof Uint8Array && bytes.length === KEY_BYTES) return Uint8Array.from(bytes);
  const rule = 'must be 32 random bytes, or their base64 (openssl rand -base64 32)';
  throw new InvalidArgumentError(field, `${rule}, got ${describeKind(given)}`);
}

/** Encodes place and version, so that neither can be taken for part of the other. */
function associate(place: string, mark: string): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify([VERSION, place, mark]));
}

async function deriveSealingKey(material: Uint8Array): Promise<SealingKey> {
  const [id, bits] = await Promise.all([derive(material, 'id', ID_BYTES * 8), derive(material, 'seal', 256)]);
  const key = await crypto.subtle.importKey('raw', bits, 'AES-GCM', false, ['encrypt', 'decrypt']);
  return { id: Buffer.from(id).toString('base64url'), key };
}

async function derive(material: Uint8Array, use: string, bits: number): Promise<ArrayBuffer> {
  const base = await crypto.subtle.importKey('raw', Uint8Array.from(material), 'HKDF', false, ['deriveBits']);
  const info = utf8(`vercel-rest ${VERSION} ${use}`);
  return crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    base,
    bits,
  );
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
