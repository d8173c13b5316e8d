import { describe, expect, test } from 'vitest';
import { createMock, type ValidationError } from '../../../src/msw/index.js';
import { ask } from '../ask.js';

/** A mock of one operation with the given schema of its response, and what it says of the document. */
async function answerOf(schema: object) {
  const validationErrors: ValidationError[] = [];
  const content = { 'application/json': { schema } };
  const get = { operationId: 'getIt', responses: { 200: { description: 'ok', content } } };
  const other = { operationId: 'getOther', responses: { 200: { description: 'ok' } } };
  const mock = createMock({
    document: {
      openapi: '3.1.0',
      info: { title: 'Faults', version: '1' },
      servers: [{ url: 'https://api.vercel.com' }],
      paths: { '/v1/it': { get }, '/v1/other': { get: other } },
    },
    onValidationError: (validationError) => validationErrors.push(validationError),
  });
  const { status, error } = await ask(mock.handlers, 'GET', '/v1/it');
  const { status: next } = await ask(mock.handlers, 'GET', '/v1/other');
  return { status, error, next, validationErrors };
}

describe('a document that is at fault is named in the body and to whoever listens', () => {
  test.each([
    ['a value that cannot be', { enum: [] }, '/responses/200', 'enum'],
    [
      'bounds without a number between them',
      { type: 'object', required: ['n'], properties: { n: { type: 'integer', minimum: 5, maximum: 4 } } },
      '/responses/200/n',
      'maximum',
    ],
    ['two types at once', { allOf: [{ type: 'string' }, { type: 'integer' }] }, '/responses/200', 'type'],
  ])('%s', async (_name, schema, pointer, rule) => {
    const { status, error, next, validationErrors } = await answerOf(schema);
    expect(status).toBe(500);
    expect(error).toMatchObject({ operationId: 'getIt', pointer, rule });
    expect(error.message).toMatch(/^getIt: .* correct the document, or give the body in `overrides`/);
    expect(validationErrors).toMatchObject([{ check: 'document', pointer, rule, message: error.message }]);
    // One operation's fault is not another's.
    expect(next).toBe(200);
  });
});
