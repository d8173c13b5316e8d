import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CredentialError, InvalidArgumentError, VercelError } from '../../src/index.js';

describe('VercelError', () => {
  it('is an Error under its own name', () => {
    const error = new VercelError('it broke');
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('VercelError');
    expect(error.message).toBe('it broke');
    expect(error.stack).toMatch(/^VercelError: it broke\n/);
    expect(Object.keys(error)).toEqual([]);
  });

  it('keeps the cause, and has none where none was given', () => {
    const cause = new Error('why');
    expect(new VercelError('it broke', { cause }).cause).toBe(cause);
    expect('cause' in new VercelError('it broke')).toBe(false);
  });

  it('serialises without its cause or stack', () => {
    const error = new VercelError('it broke', { cause: new Error('cause-canary') });
    expect(error.toJSON()).toEqual({ name: 'VercelError', message: 'it broke' });
  });

  it('caps every message at 512 characters, on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        const { message } = new VercelError(text);
        expect(message.length).toBeLessThanOrEqual(512);
        expect(message).not.toMatch(/\p{Cc}|\p{Zl}|\p{Zp}/u);
      }),
    );
    expect(new VercelError('x'.repeat(5_000_000)).message).toBe(`${'x'.repeat(511)}…`);
  });

  it('masks a token in the message, and so in the stack and in what is printed', () => {
    const error = new VercelError('the server said: bad token xoxb-123456789012-canary');
    expect(error.message).toBe('the server said: bad token [redacted]');
    expect(inspect(error, { showHidden: true })).not.toContain('canary');
  });
});

describe('InvalidArgumentError', () => {
  it('names the argument and the rule', () => {
    const error = new InvalidArgumentError('params.subject.id', 'must be a non-empty string');
    expect(error.argument).toBe('params.subject.id');
    expect(error.message).toBe('Invalid params.subject.id: must be a non-empty string');
    expect(error.toJSON()).toEqual({
      name: 'InvalidArgumentError',
      message: 'Invalid params.subject.id: must be a non-empty string',
      code: 'invalid_argument',
      argument: 'params.subject.id',
    });
  });

  it('is a VercelError and no other kind', () => {
    const error = new InvalidArgumentError('region', 'is no region');
    expect(error).toBeInstanceOf(VercelError);
    expect(error).not.toBeInstanceOf(CredentialError);
  });
});

describe('CredentialError', () => {
  it('keeps what the credential failed with as its cause', () => {
    const cause = new Error('no such file');
    const error = new CredentialError('no token here', { cause });
    expect(error).toBeInstanceOf(VercelError);
    expect(error.name).toBe('CredentialError');
    expect(error.cause).toBe(cause);
  });
});
