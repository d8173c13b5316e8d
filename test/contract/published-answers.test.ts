import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { RequestHandler } from 'msw';
import { getResponse } from 'msw';
import { describe, expect, test } from 'vitest';
import { createClient } from '../../src/client/create-client.js';
import { APIError } from '../../src/errors/index.js';
import { openContract } from '../../src/msw/handlers/open-contract.js';
import { createHandlers } from '../../src/msw/index.js';
import type { ContractOperation } from '../../src/openapi/contract-types.js';
import type { JsonObject, OpenApiDocument } from '../../src/openapi/document.js';
import { dereference } from '../../src/openapi/references.js';
import { caught } from '../helpers/caught.js';
import { secondValidator } from '../helpers/second-validator.js';
import { toRequest, validRequest } from '../helpers/valid-request.js';
import {
  publishedNames,
  readPublished,
  skipWithoutDocuments,
  someNames,
} from '../openapi/normalize/documents.js';
import { CLASSES } from './walk.js';

/**
 * How many answers may break a `oneOf` read strictly: several of its branches hold. Of four
 * lists every page fits a second branch, and a list that is no page could not be walked.
 */
const STRICT_SHARE = 0.95;

/** A valid request to an operation, answered with a status of one's choice. */
function ask(handlers: readonly RequestHandler[], parts: ReturnType<typeof partsFor>, status?: string) {
  const { operation, request } = parts;
  const headers = { ...request.headers, ...(status === undefined ? {} : { prefer: `code=${status}` }) };
  return getResponse([...handlers], toRequest(operation, { ...request, headers }));
}

function partsFor(contract: ReturnType<typeof openContract>['contract'], operation: ContractOperation) {
  return { operation, request: validRequest(contract, operation, 1, false) };
}

/** The schema that the document itself has for a JSON answer. */
function publishedSchema(
  document: OpenApiDocument,
  { path, method }: ContractOperation,
  status: string,
): unknown {
  const { responses } = Object(document.paths[path]?.[method.toLowerCase()]);
  const content = Object(dereference(document, responses[status]).content) as Record<string, JsonObject>;
  return content['application/json']?.schema;
}

skipWithoutDocuments();

describe.each(someNames)('handlers of %s', (name) => {
  const document = readPublished(name);
  const { contract } = openContract({ document });
  const handlers = createHandlers({ document });
  const operations = Object.values(contract.operations);

  test('are one an operation, each of which answers a documented status by itself', async () => {
    expect(handlers).toHaveLength(operations.length + 1);
    for (const operation of operations) {
      const parts = partsFor(contract, operation);
      const request = toRequest(operation, parts.request);
      const taken = await Promise.all(handlers.map((handler) => handler.test({ request })));
      expect([operation.operationId, taken.filter(Boolean)]).toEqual([operation.operationId, [true]]);
      const response = await ask(handlers, parts);
      expect(Object.keys(operation.responses), operation.operationId).toContain(String(response?.status));
    }
  });

  test('answer every documented status with a body that another validator accepts', async () => {
    const wrong: string[] = [];
    const notStrict: string[] = [];
    let bodies = 0;
    for (const operation of operations) {
      const parts = partsFor(contract, operation);
      for (const status of Object.keys(operation.responses)) {
        const response = await ask(handlers, parts, status);
        expect([operation.operationId, response?.status]).toEqual([operation.operationId, Number(status)]);
        const schema = publishedSchema(document, operation, status);
        if (schema === undefined || operation.method === 'HEAD') continue;
        bodies += 1;
        const body: unknown = await response?.json();
        if (!(await secondValidator(document, schema, { oneOf: 'any' }))(body))
          wrong.push(`${operation.operationId} ${status}`);
        if (!(await secondValidator(document, schema, { oneOf: 'one' }))(body))
          notStrict.push(`${operation.operationId} ${status}`);
      }
    }
    console.log(
      `${name}: ${bodies} bodies; not valid with oneOf read strictly: ${notStrict.join(', ') || 'none'}`,
    );
    expect(bodies).toBeGreaterThan(100);
    expect(wrong).toEqual([]);
    expect(1 - notStrict.length / bodies).toBeGreaterThanOrEqual(STRICT_SHARE);
  });

  test('give every documented error a body that the client makes the right class of', async () => {
    let errors = 0;
    for (const operation of operations) {
      const parts = partsFor(contract, operation);
      for (const status of Object.keys(operation.responses).filter((key) => Number(key) >= 400)) {
        errors += 1;
        const error = await clientError(operation, await ask(handlers, parts, status));
        const expected = CLASSES[Number(status)] ?? (Number(status) >= 500 ? CLASSES[500] : APIError);
        expect([operation.operationId, error.status, error.constructor]).toEqual([
          operation.operationId,
          Number(status),
          expected,
        ]);
        expect(error.requestId).toMatch(/^mock1::/);
      }
    }
    expect(errors).toBeGreaterThan(500);
  });
});

/** What our client throws for an answer; a HEAD has no body, so its code is not looked at. */
async function clientError(operation: ContractOperation, response: Response | undefined): Promise<APIError> {
  const fetch = async () => response ?? new Response(null, { status: 599 });
  const client = createClient({ bearerToken: 'a-valid-bearer', maxRetries: 0, fetch });
  const error = await caught(client.GET('/v2/connect/connectors'), APIError);
  // One schema of the document has a list of issues, and no room for a code.
  const codeless = operation.method === 'HEAD' || 'issues' in Object(error.body);
  if (!codeless) expect(error.code, operation.operationId).toBeTypeOf('string');
  return error;
}

describe.each(publishedNames.slice(-1))('the answers of the newest document, %s', (newest) => {
  const document = readPublished(newest);

  test('are the same bytes in two processes, and others at another seed', async () => {
    const script = fileURLToPath(new URL('./print-answers.ts', import.meta.url));
    const print = async (seed: string) => {
      const args = ['--import', 'tsx', script, newest, seed];
      const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 });
      return stdout;
    };
    const [first, second, other] = await Promise.all([print('a seed'), print('a seed'), print('another')]);
    expect(first.split('\n').length).toBeGreaterThan(1_000);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  test('stay when other operations go', async () => {
    const all = openContract({ document }).contract;
    const paths = Object.entries(document.paths).filter((_, index) => index % 2 === 0);
    const fewer = { ...document, paths: Object.fromEntries(paths) };
    const left = openContract({ document: fewer }).contract;
    const [before, after] = [
      createHandlers({ document, seed: 7 }),
      createHandlers({ document: fewer, seed: 7 }),
    ];
    for (const operation of Object.values(left.operations)) {
      const parts = partsFor(all, operation);
      for (const status of Object.keys(operation.responses)) {
        const [was, is] = [await ask(before, parts, status), await ask(after, parts, status)];
        expect(await is?.text(), `${operation.operationId} ${status}`).toBe(await was?.text());
      }
    }
  });
});
