import { describe, expect, it } from 'vitest';
import { VerificationError } from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/errors/index.js';
import { failureOf } from './helpers.js';
import { overHttp } from './over-http.js';
import { signToken } from './trigger-helpers.js';
import { OPTIONS, useTriggerWorld } from './trigger-world.js';

const world = useTriggerWorld();

describe("Node's IncomingMessage", () => {
  it('is verified with its raw body', async () => {
    const token = await signToken(world.vercel);
    const headers = ['Authorization', `Bearer ${token}`];
    const event = await overHttp(headers, '{"a":1}', (request) => world.verifier.verify(request, OPTIONS));
    expect(event.json()).toEqual({ a: 1 });
  });

  it('with two Authorization headers is refused, whichever Node would show', async () => {
    const token = await signToken(world.vercel);
    for (const other of ['Bearer a.b.c', `Bearer ${token}`]) {
      const headers = ['Authorization', `Bearer ${token}`, 'authorization', other];
      const call = overHttp(headers, '{}', (request) => world.verifier.verify(request, OPTIONS));
      expect((await failureOf(call, VerificationError)).reason).toBe('missing_token');
    }
  });

  it('with a body that is too long is refused', async () => {
    const headers = ['Authorization', `Bearer ${await signToken(world.vercel)}`];
    const options = { ...OPTIONS, maxBodyBytes: 10 };
    const call = overHttp(headers, 'x'.repeat(11), (request) => world.verifier.verify(request, options));
    expect((await failureOf(call, VerificationError)).status).toBe(413);
  });

  it('reads a header by its name, also where the value before it has that name', async () => {
    const headers = [
      'X-Allowed',
      'Authorization',
      'Authorization',
      `Bearer ${await signToken(world.vercel)}`,
    ];
    const event = await overHttp(headers, '{}', (request) => world.verifier.verify(request, OPTIONS));
    expect(event.text()).toBe('{}');
  });

  it('with an encoding set is refused, since its bytes are gone', async () => {
    const headers = ['Authorization', `Bearer ${await signToken(world.vercel)}`];
    const call = overHttp(headers, '{}', (request) =>
      world.verifier.verify(request.setEncoding('utf8'), OPTIONS),
    );
    const error = await failureOf(call, InvalidArgumentError);
    expect(error.message).toBe('Invalid options.body: must be given where the request has an encoding set');
  });

  it('without a body has an empty one', async () => {
    const headers = ['Authorization', `Bearer ${await signToken(world.vercel)}`];
    const event = await overHttp(headers, '', (request) => world.verifier.verify(request, OPTIONS));
    expect(event.body).toHaveLength(0);
  });
});
