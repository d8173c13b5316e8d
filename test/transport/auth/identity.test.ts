import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdentify } from '../../../src/transport/auth/identity.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

describe('createIdentify', () => {
  it('names a bearer by its SHA-256, and the same each time', () => {
    const identify = createIdentify();
    expect([identify('token-1'), identify('token-1')]).toEqual([sha256('token-1'), sha256('token-1')]);
  });

  it('tells any two bearers apart, also when it has forgotten the first', () => {
    const identify = createIdentify(2);
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[!-~]{1,8}$/), { maxLength: 8 }), (bearers) => {
        expect(bearers.map(identify)).toEqual(bearers.map(sha256));
      }),
    );
  });

  it('trusts no claim: tokens of the same claims are two', () => {
    const identify = createIdentify();
    const claims = Buffer.from('{"sub":"user_1"}').toString('base64url');
    expect(identify(`e30.${claims}.signed`)).not.toBe(identify(`e30.${claims}.forged`));
  });
});
