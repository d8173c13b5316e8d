import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
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

describe('the digests that it remembers', () => {
  afterEach(() => void vi.useRealTimers());

  /** Tells which bearers had to be hashed. */
  function counted(max?: number) {
    const hashed: string[] = [];
    const identify = createIdentify(max, (bearer) => {
      hashed.push(bearer);
      return sha256(bearer);
    });
    return { identify, hashed };
  }

  it('are of the bearers seen last, of which there are so many', () => {
    const { identify, hashed } = counted(2);
    for (const bearer of ['token-a', 'token-b', 'token-a', 'token-c', 'token-b', 'token-c']) identify(bearer);
    expect(hashed).toEqual(['token-a', 'token-b', 'token-c']);
    identify('token-a');
    expect(hashed).toHaveLength(4);
  });

  it('make way for each other where two bearers end alike, and for no third', () => {
    const { identify, hashed } = counted(2);
    for (const bearer of ['another', 'one.of-one-signature', 'two.of-one-signature', 'another'])
      identify(bearer);
    expect(hashed).toEqual(['another', 'one.of-one-signature', 'two.of-one-signature']);
    expect(identify('one.of-one-signature')).toBe(sha256('one.of-one-signature'));
  });

  it('are kept for four minutes after their last use, and then no timer is left', () => {
    vi.useFakeTimers();
    const { identify, hashed } = counted();
    identify('token-a');
    identify('token-b');
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(180_000);
    identify('token-b');
    vi.advanceTimersByTime(60_000);
    identify('token-a');
    expect(hashed, 'one was used, and one was not').toEqual(['token-a', 'token-b', 'token-a']);
    vi.advanceTimersByTime(239_999);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(vi.getTimerCount()).toBe(0);
    identify('token-b');
    expect(hashed).toHaveLength(4);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('keep no process alive', () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    counted().identify('token-a');
    expect(timers()).toBe(before);
  });
});
