import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { APIError, InvalidArgumentError } from '../../src/errors/index.js';
import { contract } from '../../src/generated/contract.js';
import { createHandlers, type ValidationError } from '../../src/msw/index.js';
import type { ContractOperation, ContractParameter } from '../../src/openapi/contract-types.js';
import { caught } from '../helpers/caught.js';
import { brokenBodies, wrongTexts } from './broken-bodies.js';
import { expectRefused as expectRefusal, type Refused } from './refused.js';
import { exampleInit, operations, rows, untypedClient } from './walk.js';

const validationErrors: ValidationError[] = [];
const server = setupServer(
  ...createHandlers({ onValidationError: (validationError) => validationErrors.push(validationError) }),
);
const { call, byPath } = untypedClient();

/** A client that sends another body or content type than it would by itself: it refuses these before they leave. */
function sendingInstead(contentType: string, body?: string) {
  return untypedClient(undefined, (request) => {
    const headers = new Headers(request.headers);
    headers.set('content-type', contentType);
    return new Request(request, { headers, ...(body === undefined ? {} : { body }) });
  });
}
const expectRefused = (promise: Promise<unknown>, place: Refused) =>
  expectRefusal(promise, place, validationErrors);

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => {
  server.resetHandlers();
  validationErrors.length = 0;
});
afterAll(() => server.close());

// Bytes can be any bytes at all.
const withBytes = rows.filter(([, { requestBody }]) => requestBody?.mediaType === 'application/octet-stream');
const withBody = rows.filter((row) => row[1].requestBody !== undefined && !withBytes.includes(row));
// A client cannot send a GET with a body at all (Fetch, "Request" constructor).
const withoutBody = rows.filter(
  ([, { requestBody, method }]) => requestBody === undefined && method !== 'GET',
);
const wrongParameters = rows.flatMap(([id, operation]) =>
  operation.parameters.flatMap((parameter) => {
    const constraints = Object.keys(constraintsOf(parameter)).filter((keyword) => keyword in wrongTexts);
    // Any text is text: a parameter that only has to be a string cannot have a wrong type.
    const wrong =
      constraintsOf(parameter).type === 'string'
        ? constraints.filter((name) => name !== 'type')
        : constraints;
    return wrong.map((rule) => [id, parameter.name, rule, operation, parameter] as const);
  }),
);

function constraintsOf({ schema }: ContractParameter): Readonly<Record<string, unknown>> {
  if (typeof schema === 'boolean') return {};
  const name = String(schema.$ref ?? '').replace('#/components/schemas/', '');
  const target = name === '' ? schema : contract.schemas[name];
  return typeof target === 'object' ? target : {};
}

describe('the walk leaves nothing out', () => {
  test('every operation with a body has bodies that break it, and every one without is sent one', () => {
    expect(Object.keys(brokenBodies).sort()).toEqual(withBody.map(([id]) => id).sort());
    const unsendable = rows.filter(([, { method }]) => method === 'GET').length;
    expect(withBody.length + withBytes.length + withoutBody.length + unsendable).toBe(rows.length);
  });

  test('every constraint of a parameter is broken once', () => {
    const walked = wrongParameters.map(([id, name, rule]) => `${id} ${name} ${rule}`);
    expect(walked).toEqual(
      expect.arrayContaining([
        ...['type', 'minimum', 'maximum'].map((rule) => `listConnectors limit ${rule}`),
        ...['type', 'minimum', 'maximum'].map((rule) => `listConnectorProjectConnections limit ${rule}`),
        ...['type', 'minimum', 'maximum'].map((rule) => `listProjectConnectorConnections limit ${rule}`),
        'listConnectors sort enum',
        'listConnectors search maxLength',
        'deleteConnectorProjectEnvironment environment pattern',
      ]),
    );
    // Whatever else limits a parameter would need a wrong text of its own.
    const known = new Set([...Object.keys(wrongTexts), 'type', 'default', '$ref', 'x-extensible-enum']);
    const all = operations.flatMap(({ parameters }) =>
      parameters.flatMap((parameter) => Object.keys(constraintsOf(parameter))),
    );
    expect(all.filter((keyword) => !known.has(keyword))).toEqual([]);
  });
});

describe('a request without a bearer', () => {
  const anonymous = untypedClient('');
  test.each(rows)('%s is refused', async (operationId, operation) => {
    const place = { operationId, pointer: '/headers/authorization', rule: 'required', status: 401 };
    await expectRefused(anonymous.call(operationId, exampleInit(operation)), place);
  });

  test.each(['Bearer', 'Bearer   ', 'Basic dXNlcjpwYXNz'])('and so is "%s"', async (authorization) => {
    const promise = anonymous.call('listConnectors', { headers: { authorization } });
    await expectRefused(promise, {
      operationId: 'listConnectors',
      pointer: '/headers/authorization',
      rule: 'required',
      status: 401,
    });
  });
});

describe('an undocumented query parameter', () => {
  test.each(rows)('of %s is refused by name', async (operationId, operation) => {
    const init = exampleInit(operation);
    const query = { ...init.params.query, includeEverything: 'true' };
    const promise = call(operationId, { ...init, params: { ...init.params, query } });
    await expectRefused(promise, { operationId, pointer: '/query/includeEverything', rule: 'undocumented' });
  });
});

describe('a wrong parameter', () => {
  test.each(wrongParameters)(
    '%s: %s against %s is refused',
    async (operationId, name, rule, operation, parameter) => {
      const { params, body } = exampleInit(operation);
      const place = parameter.in as 'path' | 'query' | 'header'; // A cookie parameter would end in the line below.
      const changed = { ...params, [place]: { ...params[place], [name]: wrongTexts[rule] } };
      await expectRefused(call(operationId, { params: changed, body }), {
        operationId,
        pointer: `/${place === 'header' ? 'headers' : place}/${name}`,
        rule,
      });
    },
  );
});

describe('a wrong body', () => {
  const broken = withBody.flatMap(([id, operation]) =>
    (brokenBodies[id] ?? []).map((wrong) => [id, wrong.what, operation, wrong] as const),
  );

  test.each(broken)('%s: %s is refused', async (operationId, _, operation, { body, pointer, rule }) => {
    await expectRefused(call(operationId, { ...exampleInit(operation), body }), {
      operationId,
      pointer,
      rule,
    });
  });

  test.each(withBody)('%s: a list in place of an object is refused', async (operationId, operation) => {
    const promise = call(operationId, { ...exampleInit(operation), body: [] });
    await expectRefused(promise, { operationId, pointer: '/body', rule: 'type' });
  });

  test.each(withBody)('%s: another content type is refused', async (operationId, operation) => {
    await caught(
      call(operationId, { ...exampleInit(operation), headers: { 'content-type': 'text/plain' } }),
      InvalidArgumentError,
    );
    const promise = sendingInstead('text/plain').call(operationId, exampleInit(operation));
    await expectRefused(promise, { operationId, pointer: '/headers/content-type', rule: 'contentType' });
  });

  test.each(withBody)('%s: malformed JSON is refused', async (operationId, operation) => {
    const headers = { 'content-type': 'application/json' };
    const promise = call(operationId, {
      ...exampleInit(operation),
      headers,
      bodySerializer: () => '{"subject":',
    });
    await expectRefused(promise, { operationId, pointer: '/body', rule: 'json' });
  });

  test.each(withBody.filter(([, { requestBody }]) => requestBody?.required))(
    '%s: none at all is refused',
    async (operationId, operation) => {
      const { params } = exampleInit(operation);
      await expectRefused(call(operationId, { params }), { operationId, pointer: '/body', rule: 'required' });
    },
  );

  test.each(withoutBody)('%s: one where none is taken is refused', async (operationId, operation) => {
    const body = { surprise: true };
    await caught(call(operationId, { ...exampleInit(operation), body }), InvalidArgumentError);
    const sent = sendingInstead('application/json', JSON.stringify(body));
    const promise = sent.call(operationId, exampleInit(operation));
    await expectRefused(promise, { operationId, pointer: '/body', rule: 'undocumented' });
  });
});

describe('a request to nowhere', () => {
  test.each(rows)(
    '%s under a version that does not exist is refused with near misses',
    async (operationId, operation) => {
      const path = filled(operation).replace(/^\/v\d+/, '/v99');
      await expectRefused(byPath('POST', path), { pointer: '/path', rule: 'undocumented', status: 404 });
      expect(validationErrors[0]?.message).toContain(`POST ${path} `);
      expect(validationErrors[0]?.message).toContain(
        `${operation.method} ${operation.path} (${operationId})`,
      );
    },
  );

  test.each(rows)(
    '%s with a method that its path does not have is refused with near misses',
    async (operationId, operation) => {
      await expectRefused(byPath('PUT', filled(operation)), {
        pointer: '/path',
        rule: 'undocumented',
        status: 404,
      });
      expect(validationErrors[0]?.message).toContain(`PUT ${filled(operation)} `);
      expect(validationErrors[0]?.message).toContain(
        `${operation.method} ${operation.path} (${operationId})`,
      );
    },
  );

  test('an unknown path is refused, region hosts included', async () => {
    await expectRefused(byPath('GET', '/v1/teapots'), {
      pointer: '/path',
      rule: 'undocumented',
      status: 404,
    });
    expect(validationErrors[0]?.message).toContain('GET /v1/teapots is not an operation');
    const answer = await fetch('https://api-sfo1.vercel.com/v1/teapots');
    expect(answer.status).toBe(404);
  });
});

function filled(operation: ContractOperation): string {
  const { path } = exampleInit(operation).params;
  return operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name])));
}

describe('a preference for a status that is not documented', () => {
  test.each(rows)('%s has that status and the error body of the API', async (operationId, operation) => {
    const headers = { prefer: 'code=418' };
    const error = await caught(call(operationId, { ...exampleInit(operation), headers }), APIError);
    expect(error).toMatchObject({ status: 418, code: 'bad_request' });
    expect(validationErrors).toEqual([]);
  });
});
