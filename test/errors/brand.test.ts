import { beforeAll, describe, expect, it, vi } from 'vitest';
import * as ours from '../../src/errors/index.js';

type Errors = typeof ours;

const call = { method: 'GET', path: '/v1/things' };

/** One error of each class, made by the given copy of the package. */
const MAKE: Readonly<Record<string, (copy: Errors) => Error>> = {
  VercelError: (copy) => new copy.VercelError('no'),
  InvalidArgumentError: (copy) => new copy.InvalidArgumentError('field', 'no'),
  CredentialError: (copy) => new copy.CredentialError('no'),
  APIConnectionError: (copy) => new copy.APIConnectionError('no', call),
  APITimeoutError: (copy) => new copy.APITimeoutError(1, call),
  MalformedResponseError: (copy) =>
    new copy.MalformedResponseError('no', { ...call, status: 200, requestId: undefined }),
  APIError: (copy) => new copy.APIError('no', { status: 418 }),
  BadRequestError: (copy) => copy.createAPIError('no', { status: 400 }),
  AuthenticationError: (copy) => copy.createAPIError('no', { status: 401 }),
  PermissionDeniedError: (copy) => copy.createAPIError('no', { status: 403 }),
  NotFoundError: (copy) => copy.createAPIError('no', { status: 404 }),
  ConflictError: (copy) => copy.createAPIError('no', { status: 409 }),
  UnprocessableEntityError: (copy) => copy.createAPIError('no', { status: 422 }),
  RateLimitError: (copy) => copy.createAPIError('no', { status: 429 }),
  InternalServerError: (copy) => copy.createAPIError('no', { status: 500 }),
};

function kindsOf(copy: Errors, error: Error): string[] {
  return Object.entries(copy)
    .filter(
      ([name, value]) => name.endsWith('Error') && name !== 'createAPIError' && isInstance(error, value),
    )
    .map(([name]) => name);
}

function isInstance(error: Error, errorClass: Errors[keyof Errors]): boolean {
  return error instanceof (errorClass as abstract new (...args: never[]) => Error);
}

describe('two installed copies', () => {
  let theirs: Errors;

  beforeAll(async () => {
    vi.resetModules();
    theirs = await import('../../src/errors/index.js');
  });

  it('are two', () => {
    expect(theirs.VercelError).not.toBe(ours.VercelError);
    expect(theirs.NotFoundError).not.toBe(ours.NotFoundError);
  });

  it.each(Object.entries(MAKE))("agree on what a %s of the other's is", (name, make) => {
    const expected = kindsOf(ours, make(ours));
    expect(expected).toContain(name);
    expect(kindsOf(ours, make(theirs))).toEqual(expected);
    expect(kindsOf(theirs, make(ours))).toEqual(expected);
  });

  it("place the other's APIError in the status family", () => {
    expect(new theirs.APIError('no', { status: 429 })).toBeInstanceOf(ours.RateLimitError);
    expect(new theirs.APIError('no', { status: 503 })).toBeInstanceOf(ours.InternalServerError);
    expect(new theirs.APIError('no', { status: 429 })).not.toBeInstanceOf(ours.NotFoundError);
  });

  it("take a class that a user derived from the other's for what it is derived from", () => {
    class QuotaError extends theirs.RateLimitError {}
    const error = new QuotaError('no', { status: 429 });
    expect(error).toBeInstanceOf(ours.RateLimitError);
    expect(error).toBeInstanceOf(ours.APIError);
    expect(error).not.toBeInstanceOf(ours.ConflictError);
  });
});

describe('classes that users derive', () => {
  class QuotaError extends ours.RateLimitError {}
  class ProjectQuotaError extends QuotaError {}

  it('keep the ordinary instanceof', () => {
    const error = new QuotaError('no', { status: 429 });
    expect(error).toBeInstanceOf(QuotaError);
    expect(error).toBeInstanceOf(ours.RateLimitError);
    expect(error).not.toBeInstanceOf(ProjectQuotaError);
    expect(new ProjectQuotaError('no', { status: 429 })).toBeInstanceOf(QuotaError);
  });

  it('do not take in an error that only has the same status', () => {
    expect(ours.createAPIError('no', { status: 429 })).not.toBeInstanceOf(QuotaError);
  });

  it('carry the name of the branded class unless they set their own', () => {
    class NamedError extends ours.VercelError {
      override readonly name = 'NamedError';
    }
    expect(new QuotaError('no', { status: 429 }).name).toBe('RateLimitError');
    expect(new NamedError('no').name).toBe('NamedError');
    expect(new NamedError('no').toJSON()).toEqual({ name: 'NamedError', message: 'no' });
  });
});

describe('instanceof', () => {
  it.each([undefined, null, 'VercelError', 42, {}, Object.create(null), { name: 'VercelError' }])(
    'takes %o for no error of ours',
    (value) => {
      expect(value instanceof ours.VercelError).toBe(false);
      expect(value instanceof ours.NotFoundError).toBe(false);
    },
  );

  it('takes an error of the runtime for none of ours', () => {
    expect(kindsOf(ours, new TypeError('no'))).toEqual([]);
  });
});
