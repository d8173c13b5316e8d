import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { VerificationError, type VerificationFailure, verifyWebhook } from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/errors/index.js';
import { failureOf } from './helpers.js';
import { overHttp } from './over-http.js';

describe('verifyWebhook', () => {
  const secret = 'the-webhook-secret';
  const sign = (body: string, key = secret) => createHmac('sha1', key).update(body).digest('hex');
  const webhook = (body: string, signature?: string) =>
    new Request('https://shop.example.com/vercel', {
      method: 'POST',
      body,
      headers: signature === undefined ? {} : { 'x-vercel-signature': signature },
    });

  it('gives the raw body of a signed webhook', async () => {
    const event = await verifyWebhook(webhook('{"a":"ü"}', sign('{"a":"ü"}')), { secret });
    expect(event.json()).toEqual({ a: 'ü' });
    expect(event.text()).toBe('{"a":"ü"}');
  });

  it('takes the old and the new secret while one is replaced', async () => {
    const request = () => webhook('{}', sign('{}', 'old'));
    await expect(verifyWebhook(request(), { secret: [secret, 'old'] })).resolves.toBeDefined();
    await failureOf(verifyWebhook(request(), { secret }), VerificationError);
  });

  it.each<[string, () => Request, VerificationFailure]>([
    ['no signature', () => webhook('{}'), 'missing_token'],
    ['another secret', () => webhook('{}', sign('{}', 'other')), 'wrong_signature'],
    ['another body', () => webhook('{ }', sign('{}')), 'wrong_signature'],
    ['an empty signature', () => webhook('{}', ''), 'malformed_token'],
    ['half a signature', () => webhook('{}', sign('{}').slice(0, 20)), 'malformed_token'],
    ['two signatures', () => webhook('{}', `${sign('{}')}, ${sign('{}')}`), 'malformed_token'],
    [
      'a SHA-256',
      () => webhook('{}', createHmac('sha256', secret).update('{}').digest('hex')),
      'malformed_token',
    ],
  ])('refuses %s', async (_, make, reason) => {
    const error = await failureOf(verifyWebhook(make(), { secret }), VerificationError);
    expect(error.reason).toBe(reason);
  });

  it.each([undefined, '', [], [secret, '']])('refuses the secret %j', async (wrong) => {
    // What a caller without types can pass.
    const call = verifyWebhook(webhook('{}', sign('{}')), { secret: wrong as never });
    expect((await failureOf(call, InvalidArgumentError)).argument).toBe('options.secret');
  });

  it("works on Node's IncomingMessage", async () => {
    const headers = ['x-vercel-signature', sign('{"a":1}')];
    const event = await overHttp(headers, '{"a":1}', (request) => verifyWebhook(request, { secret }));
    expect(event.json()).toEqual({ a: 1 });
  });
});
