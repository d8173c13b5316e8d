import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkErrorCode, neverLeft } from '../../src/http/network-error.js';
import { networkFailure } from '../helpers/answers.js';

function coded(code: unknown, cause?: unknown): Error {
  return Object.assign(new Error('x', { cause }), { code });
}

describe('networkErrorCode', () => {
  it('finds the code on the error itself', () => {
    expect(networkErrorCode(coded('ECONNRESET'))).toBe('ECONNRESET');
  });

  it('finds the code along the causes, the outermost first', () => {
    expect(networkErrorCode(networkFailure('ENOTFOUND'))).toBe('ENOTFOUND');
    const chain = new Error('outer', { cause: coded('UND_ERR_SOCKET', coded('ECONNRESET')) });
    expect(networkErrorCode(chain)).toBe('UND_ERR_SOCKET');
  });

  it('finds the code in the errors of an AggregateError, as for a host with several addresses', () => {
    const aggregate = new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]);
    expect(networkErrorCode(new TypeError('fetch failed', { cause: aggregate }))).toBe('ECONNREFUSED');
    expect(networkErrorCode(Object.assign(aggregate, { code: 'ETIMEDOUT' }))).toBe('ETIMEDOUT');
  });

  it('goes on along the causes past an AggregateError without errors', () => {
    expect(networkErrorCode(new AggregateError([], 'none', { cause: coded('EPIPE') }))).toBe('EPIPE');
  });

  it.each([
    undefined,
    null,
    'ECONNRESET',
    { code: 'ECONNRESET' },
    new Error('no code'),
    coded(''),
    coded(20),
    new DOMException('aborted', 'AbortError'),
    new Error('not an error below', { cause: { code: 'ECONNRESET' } }),
  ])('finds none in %o', (error) => {
    expect(networkErrorCode(error)).toBeUndefined();
  });

  it('ends on a chain that leads to itself', () => {
    const error = new Error('loop');
    error.cause = error;
    expect(networkErrorCode(error)).toBeUndefined();
  });

  it('ends on an AggregateError that holds itself', () => {
    const error = new AggregateError([], 'loop');
    error.errors.push(error);
    expect(networkErrorCode(error)).toBeUndefined();
  });
});

describe('neverLeft', () => {
  it.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'UND_ERR_CONNECT_TIMEOUT',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('holds for %s', (code) => {
    expect(neverLeft(networkFailure(code))).toBe(true);
  });

  it.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'ECONNABORTED'])(
    'does not hold for %s, after which the server may have seen the request',
    (code) => {
      expect(neverLeft(networkFailure(code))).toBe(false);
    },
  );

  it('does not hold for a TLS failure past the handshake, when the request may have left', () => {
    expect(neverLeft(networkFailure('ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'))).toBe(false);
  });

  it.each(['EHOSTUNREACH', 'ENETUNREACH'])('does not hold for %s while reading', (code) => {
    const cause = Object.assign(new Error(`read ${code}`), { code, syscall: 'read' });
    expect(neverLeft(new TypeError('fetch failed', { cause }))).toBe(false);
  });

  it('does not hold for a code that nobody knows, nor without one', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (code) => {
        expect(neverLeft(networkFailure(`X${code}`))).toBe(false);
      }),
    );
    expect(neverLeft(new TypeError('fetch failed'))).toBe(false);
  });
});
