import { describe, expect, it, vi } from 'vitest';
import { ConnectError, NoValidTokenError, UserAuthorizationRequiredError } from '../../src/connect/index.js';
import { RateLimitError } from '../../src/index.js';
import { type Answer, APP, CONNECTOR, createBench, failureOf, rawAnswer } from './helpers.js';

async function errorFor(answer: Answer): Promise<ConnectError> {
  return failureOf(createBench(answer).client.getToken(CONNECTOR, APP), ConnectError);
}

const bodied =
  (body: unknown, status = 422): Answer =>
  () =>
    rawAnswer(status, body);

describe('code and message', () => {
  it.each([
    ['error', { error: { code: 'no_token', message: 'Nothing stored.' } }],
    ['err', { err: { code: 'no_token', message: 'Nothing stored.' } }],
    ['the body itself', { code: 'no_token', message: 'Nothing stored.' }],
    ['the OAuth form', { error: 'no_token', error_description: 'Nothing stored.' }],
  ])('are read from %s', async (_place, body) => {
    const error = await errorFor(bodied(body));
    expect(error).toBeInstanceOf(NoValidTokenError);
    expect(error).toMatchObject({ code: 'no_token', message: 'Nothing stored.' });
  });

  it('error wins over err', async () => {
    const error = await errorFor(bodied({ err: { code: 'no_token' }, error: { code: 'forbidden' } }));
    expect(error.code).toBe('forbidden');
  });

  it.each([
    ['a code that is no text', { error: { code: 7, message: 'x' } }],
    ['an empty code', { error: { code: '', message: 'x' } }],
    ['a code that is an object', { error: { code: { toString: 'no_token' }, message: 'x' } }],
  ])('%s is no code', async (_case, body) => {
    const error = await errorFor(bodied(body));
    expect(error.code).toBeUndefined();
    expect(error).not.toBeInstanceOf(NoValidTokenError);
  });

  it.each([
    ['no message', { error: { code: 'no_token' } }],
    ['an empty message', { error: { code: 'no_token', message: '' } }],
    ['a message that is no text', { error: { code: 'no_token', message: { a: 1 } } }],
  ])('%s gives one that names call, status and code', async (_case, body) => {
    const error = await errorFor(() => rawAnswer(422, body, { statusText: 'Unprocessable Entity' }));
    expect(error.message).toBe(
      'POST /v1/connect/token/{connector} failed: 422 Unprocessable Entity - no_token',
    );
  });

  it.each([
    ['text', 'upstream connect error'],
    ['HTML', '<html><body>502</body></html>'],
    ['broken JSON', '{"error":{"code":"no_token"'],
    ['an empty body', ''],
    ['a JSON text', '"no_token"'],
    ['a JSON array', '[{"code":"no_token"}]'],
    ['JSON null', 'null'],
    ['an error that is null', '{"error":null}'],
  ])('%s still gives a ConnectError with its status, and no code', async (_case, body) => {
    const error = await errorFor(() => rawAnswer(502, body, { statusText: 'Bad Gateway' }));
    expect(error).toMatchObject({ name: 'ConnectError', status: 502, statusText: 'Bad Gateway' });
    expect(error.code).toBeUndefined();
    expect(error.message).toBe('POST /v1/connect/token/{connector} failed: 502 Bad Gateway');
  });

  it('a body that breaks off still gives a ConnectError', async () => {
    const broken = () =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.error(new Error('socket closed')),
        }),
        { status: 500 },
      );
    expect((await errorFor(broken)).status).toBe(500);
  });
});

describe('facts of the answer', () => {
  it('carries status, statusText, code, requestId, method and path', async () => {
    const error = await errorFor(() =>
      rawAnswer(
        422,
        { error: { code: 'user_authorization_required', message: 'Consent first.' } },
        { statusText: 'Unprocessable Entity', headers: { 'x-vercel-id': 'iad1::abc-1' } },
      ),
    );
    expect(error).toBeInstanceOf(UserAuthorizationRequiredError);
    expect({ ...error }).toEqual({
      status: 422,
      statusText: 'Unprocessable Entity',
      code: 'user_authorization_required',
      requestId: 'iad1::abc-1',
      method: 'POST',
      path: '/v1/connect/token/{connector}',
      retryAfterMs: undefined,
    });
    expect(error.response?.status).toBe(422);
    expect(error.body).toEqual({ error: { code: 'user_authorization_required', message: 'Consent first.' } });
  });

  it('without x-vercel-id there is no requestId', async () => {
    expect((await errorFor(bodied({}))).requestId).toBeUndefined();
  });

  it('a 429 is a ConnectError and a RateLimitError, and tells when to come back', async () => {
    const error = await errorFor(() =>
      rawAnswer(
        429,
        { error: { code: 'rate_limited', message: 'Slow down.' } },
        { headers: { 'retry-after': '7' } },
      ),
    );
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 7_000 });
  });

  it('made by hand it needs nothing but a message', () => {
    const error = new ConnectError('by hand');
    expect(error).toMatchObject({ message: 'by hand', status: 0, name: 'ConnectError' });
    expect(error.vendor).toBeUndefined();
    const child = new NoValidTokenError('by hand', { code: 'no_token', status: 422, vendor: { a: 1 } });
    expect(child).toMatchObject({ code: 'no_token', status: 422, vendor: { a: 1 } });
  });
});

describe('vendor', () => {
  const vendor = { provider: 'slack', detail: { reason: 'not_in_channel' } };

  it.each([
    ['error.vendor', { error: { code: 'no_token', vendor } }],
    ['error.meta.vendor', { error: { code: 'no_token', meta: { vendor } } }],
    ['err.vendor', { err: { code: 'no_token', vendor } }],
    ['vendor of the body', { error: { code: 'no_token' }, vendor }],
    ['meta.vendor of the body', { error: { code: 'no_token' }, meta: { vendor } }],
    ['vendor of a body without error', { vendor }],
  ])('is read from %s', async (_place, body) => {
    expect((await errorFor(bodied(body))).vendor).toEqual(vendor);
  });

  it('is taken from the innermost place', async () => {
    const other = { provider: 'other' };
    const both = await errorFor(bodied({ error: { vendor, meta: { vendor: other } }, vendor: other }));
    expect(both.vendor).toEqual(vendor);
    const meta = await errorFor(bodied({ error: { meta: { vendor } }, vendor: other }));
    expect(meta.vendor).toEqual(vendor);
  });

  it.each([
    ['absent', { error: { code: 'no_token' } }],
    ['text', { error: { vendor: 'slack' } }],
    ['an array', { error: { vendor: [vendor] } }],
    ['text in meta', { error: { meta: { vendor: 'slack' } }, meta: { vendor: [vendor] } }],
    ['null', { error: { vendor: null }, meta: null }],
    ['in a body that is no object', 'vendor'],
  ])('is undefined when it is %s', async (_case, body) => {
    expect((await errorFor(bodied(body))).vendor).toBeUndefined();
  });
});

describe('another installed copy of the package', () => {
  it('its errors are instances of our classes, and only of the right ones', async () => {
    vi.resetModules();
    const copy = await import('../../src/connect/index.js');
    expect(copy.ConnectError).not.toBe(ConnectError);
    const error = new copy.NoValidTokenError('by the other copy', { status: 429 });
    expect(Object.getPrototypeOf(error)).not.toBe(NoValidTokenError.prototype);
    expect(error).toBeInstanceOf(NoValidTokenError);
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).not.toBeInstanceOf(UserAuthorizationRequiredError);
    expect(new Error('plain')).not.toBeInstanceOf(copy.ConnectError);
  });
});
