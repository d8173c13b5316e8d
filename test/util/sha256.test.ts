import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fromBase64Url, fromHex, toBase64Url, toHex } from '../../src/util/bytes.js';
import { sha256 } from '../../src/util/sha256.js';

/** Every length up to three blocks, so that each kind of padding is met. */
const INPUTS = Array.from({ length: 200 }, (_, length) => new Uint8Array(randomBytes(length)));

afterEach(() => vi.restoreAllMocks());

describe.each([
  ['with the modules of Node', () => undefined],
  ['without them', () => vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)],
])('sha256 %s', (_, prepare) => {
  it('agrees with Node for each length', () => {
    const expected = INPUTS.map((data) => createHash('sha256').update(data).digest('hex'));
    prepare();
    expect(INPUTS.map((data) => sha256(data))).toEqual(expected);
  });

  it('reads text as UTF-8', () => {
    prepare();
    // FIPS 180-4, example of one block.
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256('é')).toBe(sha256(new Uint8Array([0xc3, 0xa9])));
  });
});

describe('bytes as text', () => {
  it('are written and read as Buffer does', () => {
    for (const bytes of INPUTS) {
      expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }
  });

  it('end at the first pair that is not hexadecimal', () => {
    expect(fromHex('00ffzz11')).toEqual(new Uint8Array([0, 255]));
    expect(fromHex('0')).toEqual(new Uint8Array());
  });
});
