import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { APIError } from '../../src/errors/index.js';
import { createHandlers, type Overrides, type ValidationError } from '../../src/msw/index.js';
import type { ContractOperation } from '../../src/openapi/contract-types.js';
import { isRecord } from '../../src/util/is-record.js';
import { caught } from '../helpers/caught.js';
import { ownOperationIds } from '../helpers/own-operations.js';
import {
  answerValidator,
  CLASSES,
  compile,
  exampleInit,
  isError,
  isSuccess,
  operations,
  rows,
  statusesOf,
  untypedClient,
} from './walk.js';

const validationErrors: ValidationError[] = [];
const server = setupServer(
  ...createHandlers({ onValidationError: (validationError) => validationErrors.push(validationError) }),
);
const { call } = untypedClient();
const refusal = (promise: Promise<unknown>) => caught(promise, APIError);

/** Statuses that overrides play, by operation id. */
const played = new Map<string, number>();
const override = ({ operationId }: { readonly operationId: string }) => ({ status: played.get(operationId) });
const withOverrides = createHandlers({
  // Every id of the document, under the type that only literals can have.
  overrides: Object.fromEntries(operations.map(({ operationId }) => [operationId, override])) as Overrides,
});
const atAnotherSeed = createHandlers({ seed: 'another' });

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => {
  server.resetHandlers();
  validationErrors.length = 0;
  played.clear();
});
afterAll(() => server.close());

describe('the walk leaves nothing out', () => {
  test('every operation of the document is walked', () => {
    expect(operations.length).toBeGreaterThanOrEqual(18);
    expect(new Set(rows.map(([id]) => id))).toEqual(ownOperationIds);
    expect(rows.every(([, { secured }]) => secured)).toBe(true);
  });

  test('every error status of the document has an error class', () => {
    const documented = new Set(operations.flatMap((operation) => statusesOf(operation, isError)));
    expect([...documented].filter((status) => CLASSES[status] === undefined)).toEqual([]);
  });
});

describe('every example of the document', () => {
  const bodies = operations.flatMap(({ operationId, requestBody, responses }) => [
    ...(requestBody === undefined ? [] : [[`${operationId} request`, requestBody] as const]),
    ...Object.entries(responses).flatMap(([status, { body }]) =>
      body === undefined ? [] : [[`${operationId} ${status}`, body] as const],
    ),
  ]);

  test.each(bodies)('of %s is there and is valid', (_, { examples, schema }) => {
    const validate = compile(schema);
    expect(Object.keys(examples)).not.toEqual([]);
    for (const example of Object.values(examples)) expect(validate(example) || validate.errors).toBe(true);
  });

  test.each(rows)('of a parameter of %s is there and is valid', (_, { parameters }) => {
    for (const { schema, example } of parameters) expect(compile(schema)(example)).toBe(true);
  });
});

describe('a valid request', () => {
  test.each(rows)('%s is accepted and answered as the document says', async (_, operation) => {
    const { data, response } = await call(operation.operationId, exampleInit(operation));
    const expected = Math.min(...statusesOf(operation, isSuccess));
    expect(response.status).toBe(expected);
    expectDocumented(operation, expected, data);
    expect(response.headers.get('x-vercel-id')).toMatch(/^mock1::[a-z0-9]+-\d+$/);
    expect(validationErrors).toEqual([]);
  });

  test.each(rows)('%s needs nothing but what is required', async (_, operation) => {
    const { params, body } = exampleInit(operation);
    const required = operation.requestBody?.required ? { body } : {};
    const { data, response } = await call(operation.operationId, {
      params: { path: params.path },
      ...required,
    });
    expectDocumented(operation, response.status, data);
  });

  test.each(rows)('%s is answered as the document says at another seed too', async (_, operation) => {
    server.use(...atAnotherSeed);
    const { data, response } = await call(operation.operationId, exampleInit(operation));
    expectValid(operation, response.status, data);
  });
});

function expectDocumented(operation: ContractOperation, status: number, data: unknown): void {
  expectValid(operation, status, data);
  // A schema without required fields would let an empty answer pass.
  if (operation.responses[status]?.body !== undefined)
    expect(Object.keys(isRecord(data) ? data : {})).not.toEqual([]);
}

function expectValid(operation: ContractOperation, status: number, data: unknown): void {
  const documented = operation.responses[status];
  expect(documented).toBeDefined();
  if (documented?.body === undefined) {
    expect(data).toBeUndefined();
    return;
  }
  const validate = answerValidator(operation, status);
  validate(data);
  expect(validate.errors ?? []).toEqual([]);
}

describe('every documented status', () => {
  const errors = operations.flatMap((operation) =>
    statusesOf(operation, isError).map((status) => [operation.operationId, status, operation] as const),
  );
  const successes = operations.flatMap((operation) =>
    statusesOf(operation, isSuccess).map((status) => [operation.operationId, status, operation] as const),
  );

  test('there is something of each for every operation', () => {
    expect(new Set(errors.map(([id]) => id)).size).toBe(operations.length);
    expect(new Set(successes.map(([id]) => id)).size).toBe(operations.length);
    expect(errors.length + successes.length).toBe(
      operations.flatMap(({ responses }) => Object.keys(responses)).length,
    );
  });

  test.each(errors)('%s %i comes back as its error class', async (operationId, status, operation) => {
    const headers = { prefer: `code=${status}` };
    expectStatus(await refusal(call(operationId, { ...exampleInit(operation), headers })), status, operation);
    played.set(operationId, status);
    server.use(...withOverrides);
    expectStatus(await refusal(call(operationId, exampleInit(operation))), status, operation);
    expect(validationErrors).toEqual([]);
  });

  test.each(successes)('%s %i comes back as a success', async (operationId, status, operation) => {
    const headers = { prefer: `code=${status}` };
    const { data, response } = await call(operationId, { ...exampleInit(operation), headers });
    expect(response.status).toBe(status);
    expect(response.headers.get('preference-applied')).toBe(`code=${status}`);
    expectDocumented(operation, status, data);
  });
});

function expectStatus(error: APIError, status: number, operation: ContractOperation): void {
  expect(error.constructor).toBe(CLASSES[status]);
  expect(error.status).toBe(status);
  expect(error.code).toMatch(/^[a-z_]+$/);
  expect(error.requestId).toMatch(/^mock1::[a-z0-9]+-\d+$/);
  expect({ method: error.method, path: error.path }).toEqual({
    method: operation.method,
    path: operation.path,
  });
  const validate = answerValidator(operation, status);
  validate(error.body);
  expect(validate.errors ?? []).toEqual([]);
}
