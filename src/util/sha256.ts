import { toHex } from './bytes.js';
import { nodeModule } from './node-module.js';

/** Returns the SHA-256 of bytes or text in hexadecimal digits. */
export function sha256(data: Uint8Array | string): string {
  return toHex(sha256Bytes(data));
}

/** Returns the SHA-256 of bytes or text. */
export function sha256Bytes(data: Uint8Array | string): Uint8Array {
  const createHash = nodeModule('node:crypto')?.createHash;
  if (createHash !== undefined) return createHash('sha256').update(data).digest();
  return portableSha256(typeof data === 'string' ? new TextEncoder().encode(data) : data);
}

const BLOCK_BYTES = 64;
const ROUNDS = 64;

/**
 * Computes SHA-256 (FIPS 180-4) in runtimes without Node's: their own is asynchronous, and a token in memory is returned
 * without a wait.
 */
function portableSha256(data: Uint8Array): Uint8Array {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < ROUNDS; candidate++)
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  const hash = Uint32Array.from(primes.slice(0, 8), (prime) => fractionBits(Math.sqrt(prime)));
  const constants = Uint32Array.from(primes, (prime) => fractionBits(Math.cbrt(prime)));
  // A one bit, zeros, and the length in bits, up to a whole number of blocks.
  const padded = new Uint8Array(Math.ceil((data.length + 9) / BLOCK_BYTES) * BLOCK_BYTES);
  padded.set(data);
  padded[data.length] = 0x80;
  const message = new DataView(padded.buffer);
  message.setBigUint64(padded.length - 8, BigInt(data.length) * 8n);
  const words = new Uint32Array(ROUNDS);
  const word = (index: number) => words[index] ?? 0;
  for (let at = 0; at < message.byteLength; at += BLOCK_BYTES) {
    for (let index = 0; index < 16; index++) words[index] = message.getUint32(at + index * 4);
    for (let index = 16; index < ROUNDS; index++) {
      const [older, newer] = [word(index - 15), word(index - 2)];
      const first = rotate(older, 7) ^ rotate(older, 18) ^ (older >>> 3);
      const second = rotate(newer, 17) ^ rotate(newer, 19) ^ (newer >>> 10);
      words[index] = word(index - 16) + first + word(index - 7) + second;
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
    for (let index = 0; index < ROUNDS; index++) {
      const sum = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const choice = (e & f) ^ (~e & g);
      const first = (h + sum + choice + (constants[index] ?? 0) + word(index)) | 0;
      const majority = (a & b) ^ (a & c) ^ (b & c);
      const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) hash[index] = (hash[index] ?? 0) + value;
  }
  const digest = new DataView(new ArrayBuffer(32));
  for (const [index, word] of hash.entries()) digest.setUint32(index * 4, word);
  return new Uint8Array(digest.buffer);
}

/** The first 32 bits behind the binary point. */
function fractionBits(value: number): number {
  return Math.floor((value % 1) * 2 ** 32);
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}
