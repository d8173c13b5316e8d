// Walks whatever src/generated holds: our own document, or the whole API after `npm run pull`. So it makes its requests from
// schemas, where the other walks use the examples that our document has.
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { APIError } from '../../src/errors/index.js';
import { contract } from '../../src/generated/contract.js';
import { createHandlers, type ValidationError } from '../../src/msw/index.js';
import type { ContractOperation } from '../../src/openapi/contract-types.js';
import { caught } from '../helpers/caught.js';
import { compileOnce, validRequest } from '../helpers/valid-request.js';
import { allRows, CLASSES, isError, isSuccess, statusesOf, untypedClient } from './walk.js';

const validationErrors: ValidationError[] = [];
const server = setupServer(
  ...createHandlers({ onValidationError: (validationError) => validationErrors.push(validationError) }),
);
const { call } = untypedClient();

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => {
  validationErrors.length = 0;
});
afterAll(() => server.close());

/** A valid request as the client takes it, whose bytes and forms are passed as they are. */
function initFor(operation: ContractOperation, more: Readonly<Record<string, string>> = {}) {
  const { path, query, headers, body } = validRequest(contract, operation, 1, false);
  // The client sets the first itself, and takes no other length than that of the body.
  const { authorization: _, 'content-length': length, ...others } = headers;
  const size = length === undefined ? {} : { 'content-length': String(Buffer.byteLength(String(body))) };
  const answers = Object.values(operation.responses).map(({ body: answer }) => answer?.mediaType);
  const isJsonAlone = answers.every(
    (mediaType) => mediaType === undefined || mediaType === 'application/json',
  );
  const isJson = headers['content-type'] === 'application/json';
  return {
    params: { path, query },
    headers: { ...others, ...size, ...more },
    parseAs: isJsonAlone ? 'json' : 'text',
    ...(body === undefined ? {} : { body }),
    ...(isJson ? {} : { bodySerializer: String }),
  };
}

describe.each(allRows)('%s', (operationId, operation) => {
  test('takes a valid request, by its id, and answers as documented', async () => {
    const { data, response } = await call(operationId, initFor(operation));
    expect(validationErrors).toEqual([]);
    expect(Object.keys(operation.responses)).toContain(String(response.status));
    expectValid(operation, response.status, data);
  });

  test.each(statusesOf(operation, isSuccess))('answers %i when asked to', async (status) => {
    const { data, response } = await call(operationId, initFor(operation, { prefer: `code=${status}` }));
    expect(response.status).toBe(status);
    expectValid(operation, status, data);
  });

  test.each(statusesOf(operation, isError))('answers %i with its error class', async (status) => {
    const promise = call(operationId, initFor(operation, { prefer: `code=${status}` }));
    const error = await caught(promise, APIError);
    const expected = CLASSES[status] ?? (status >= 500 ? CLASSES[500] : APIError);
    expect([error.status, error.constructor]).toEqual([status, expected]);
  });

  test('refuses a query parameter that it does not have', async () => {
    const init = initFor(operation);
    const query = { ...init.params.query, includeEverything: 'true' };
    await caught(call(operationId, { ...init, params: { ...init.params, query } }), APIError);
    expect(validationErrors).toMatchObject([{ operationId, pointer: '/query/includeEverything' }]);
  });
});

function expectValid(operation: ContractOperation, status: number, data: unknown): void {
  const body = operation.responses[status]?.body;
  if (body?.mediaType !== 'application/json' || operation.method === 'HEAD') return;
  const validate = compileOnce(contract, body.schema);
  validate(data);
  expect(validate.errors ?? []).toEqual([]);
}
