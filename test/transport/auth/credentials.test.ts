import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CredentialError, InvalidArgumentError } from '../../../src/index.js';
import { checkToken, createCredential, sharedCredential } from '../../../src/transport/auth/credentials.js';
import { caught, thrownBy } from '../../helpers/caught.js';

describe('checkToken', () => {
  it('lets through exactly what can stand in one header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
        if (/^[!-~]+$/.test(value)) {
          expect(checkToken('field', value)).toBe(value);
          return;
        }
        const error = thrownBy(() => checkToken('field', value), InvalidArgumentError);
        expect(error.argument).toBe('field');
      }),
      { numRuns: 1_000 },
    );
  });

  it('tells how to mend it, without showing the value', () => {
    const { message } = thrownBy(() => checkToken('vercelToken', 'canary-token\n'), InvalidArgumentError);
    expect(message).toMatch(/^Invalid vercelToken: has characters that no token has/);
    expect(message).toContain('line end');
    expect(message).not.toContain('canary');
  });

  it.each([[7], [''], [undefined], [['token']]])('refuses %j', (value) => {
    const error = thrownBy(() => checkToken('field', value), InvalidArgumentError);
    expect(error.message).toContain('must be a non-empty token, got ');
  });
});

describe('sharedCredential', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  /** A credential whose resolutions the test settles, in order. */
  function shared() {
    const asked: ((token: string) => void)[] = [];
    const credential = sharedCredential(() => new Promise((resolve) => asked.push(resolve)));
    return { credential, asked };
  }

  it('asks once for all that wait, and again once that has settled', async () => {
    const { credential, asked } = shared();
    expect(credential.renewable).toBe(true);
    const waiting = [credential.get(), credential.get()];
    expect(asked).toHaveLength(1);
    asked[0]?.('token-1');
    expect(await Promise.all(waiting)).toEqual(['token-1', 'token-1']);
    const next = credential.get();
    asked[1]?.('token-2');
    expect(await next).toBe('token-2');
  });

  it.each(['get', 'renew'] as const)(
    'joins nobody who asks 5 s later, or after an end, to one that hangs (%s)',
    async (method) => {
      const { credential, asked } = shared();
      void credential[method]();
      vi.advanceTimersByTime(4_999);
      void credential[method]();
      expect(asked).toHaveLength(1);
      vi.advanceTimersByTime(1);
      void credential[method]();
      expect(asked).toHaveLength(2);
      credential.abandon?.();
      const later = credential[method]();
      expect(asked).toHaveLength(3);
      asked[0]?.('hung');
      await Promise.resolve();
      await Promise.resolve();
      void credential[method]();
      expect(asked, 'the end of an old one ends no other').toHaveLength(3);
      asked[2]?.('later');
      expect(await later).toBe('later');
    },
  );

  it('renews with a resolution of its own', () => {
    const { credential, asked } = shared();
    void credential.get();
    void credential.renew();
    expect(asked).toHaveLength(2);
  });
});

describe('createCredential', () => {
  it('of a string is checked at once, and is not renewable', async () => {
    thrownBy(() => createCredential('bearerToken', 'a b'), InvalidArgumentError);
    const credential = createCredential('bearerToken', 'token-1');
    expect(credential.renewable).toBe(false);
    expect(await credential.get()).toBe('token-1');
  });

  it('of a function asks it each time, and is renewable', async () => {
    let number = 0;
    const credential = createCredential('bearerToken', async () => `token-${++number}`);
    expect(credential.renewable).toBe(true);
    expect([await credential.get(), await credential.get()]).toEqual(['token-1', 'token-2']);
  });

  it('checks what the function gives', async () => {
    const error = await caught(createCredential('vercelToken', () => 'a\r\nb').get(), InvalidArgumentError);
    expect(error.argument).toBe('vercelToken');
  });

  it('makes a failure of the function a CredentialError with its cause', async () => {
    const cause = 'not even an error';
    const failing = createCredential('vercelToken', () => Promise.reject(cause));
    const error = await caught(failing.get(), CredentialError);
    expect(error.message).toContain('vercelToken');
    expect(error.cause).toBe(cause);
  });

  it('does not show its token when it is printed', () => {
    const credential = createCredential('bearerToken', 'canary');
    expect(JSON.stringify(credential) + String(Object.values(credential))).not.toContain('canary');
  });
});
