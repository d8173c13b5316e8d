import { describe, expect, test } from 'vitest';
import { createMock } from '../../../src/msw/index.js';
import { ask } from '../ask.js';

const text = { type: 'string' };

/** A mock of one operation whose body is a union, and the error of a body. */
async function errorOf(branches: readonly object[], body: unknown) {
  const content = { 'application/json': { schema: { oneOf: branches } } };
  const post = {
    operationId: 'make',
    requestBody: { required: true, content },
    responses: { 200: { description: 'ok' } },
  };
  const mock = createMock({
    document: {
      openapi: '3.1.0',
      info: { title: 'Unions', version: '1' },
      servers: [{ url: 'https://api.vercel.com' }],
      paths: { '/v1/a': { post } },
    },
  });
  const { status, error } = await ask(mock.handlers, 'POST', '/v1/a', { body });
  expect(status).toBe(400);
  return error;
}

describe('what is wrong in a union is told of the branch that was meant', () => {
  const cat = (kind: object) => ({
    type: 'object',
    required: ['kind', 'name', 'lives', 'fur'],
    properties: { kind, name: text, lives: { type: 'integer' }, fur: text },
  });
  const dog = (kind: object) => ({ type: 'object', required: ['kind'], properties: { kind } });

  // The cat lacks three fields, and of the dog nothing is wrong but its kind.
  test.each([
    ['enum', { enum: ['cat'] }, { enum: ['dog'] }],
    ['const', { const: 'cat' }, { const: 'dog' }],
  ])('the kind, written as %s, says more than fields that are missing', async (_, one, other) => {
    for (const branches of [
      [cat(one), dog(other)],
      [dog(other), cat(one)],
    ]) {
      const error = await errorOf(branches, { kind: 'cat' });
      expect(error).toMatchObject({
        pointer: expect.stringMatching(/^\/body\/(?:name|lives|fur)$/),
        rule: 'required',
      });
    }
  });

  test('a value deeper down is no kind', async () => {
    const small = {
      type: 'object',
      required: ['options'],
      properties: { options: { type: 'object', properties: { mode: { enum: ['fast'] } } } },
    };
    const large = { type: 'object', required: ['options', 'size'], properties: { options: {}, size: text } };
    for (const branches of [
      [small, large],
      [large, small],
    ]) {
      const error = await errorOf(branches, { options: { mode: 'slow' } });
      expect(error).toMatchObject({ pointer: '/body/options/mode', rule: 'enum' });
    }
  });
});
