import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CredentialError, InvalidArgumentError } from '../../../src/index.js';
import { checkToken, createCredential } from '../../../src/transport/auth/credentials.js';
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
