import { describe, expect, it } from 'vitest';
import {
  APIConnectionError,
  APIError,
  APITimeoutError,
  MalformedResponseError,
  VercelError,
} from '../../src/index.js';

const call = { method: 'GET', path: '/v1/things/{thing}' };

describe('APIConnectionError', () => {
  it('names the call and keeps what fetch threw', () => {
    const cause = new TypeError('fetch failed');
    const error = new APIConnectionError('no answer', { ...call, token: 'canary' } as typeof call, { cause });
    expect(error).toMatchObject({ name: 'APIConnectionError', message: 'no answer', ...call });
    expect(error.cause).toBe(cause);
    expect(JSON.stringify(error)).not.toContain('canary');
    expect(error).toBeInstanceOf(VercelError);
    expect(error).not.toBeInstanceOf(APIError);
    expect(error).not.toBeInstanceOf(APITimeoutError);
  });
});

describe('APITimeoutError', () => {
  it('tells which call had how long', () => {
    const error = new APITimeoutError(2_500, call);
    expect(error.timeoutMs).toBe(2_500);
    expect(error.message).toBe('GET /v1/things/{thing} gave no complete answer within 2500 ms');
    expect(error.toJSON()).toEqual({
      name: 'APITimeoutError',
      message: error.message,
      ...call,
      code: 'timeout',
      timeoutMs: 2_500,
    });
  });

  it('is a connection error', () => {
    expect(new APITimeoutError(1, call)).toBeInstanceOf(APIConnectionError);
  });
});

describe('MalformedResponseError', () => {
  it('tells call, status, request id and what is wrong', () => {
    const error = new MalformedResponseError('it is not JSON', {
      ...call,
      status: 200,
      requestId: 'fra1::x',
    });
    expect(error.message).toBe('GET /v1/things/{thing} answered 200 with a malformed body: it is not JSON');
    expect(error).toMatchObject({
      name: 'MalformedResponseError',
      status: 200,
      requestId: 'fra1::x',
      ...call,
    });
    expect(error).toBeInstanceOf(VercelError);
    expect(error).not.toBeInstanceOf(APIError);
    expect(error).not.toBeInstanceOf(APIConnectionError);
  });
});
