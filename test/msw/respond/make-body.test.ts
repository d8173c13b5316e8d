// The work behind a generated body, counted and not timed: what no machine makes slower.
import { describe, expect, test } from 'vitest';
import { generateBody } from '../../../src/msw/respond/make-body.js';
import { createSchemas } from '../../../src/msw/validate/validator.js';
import type { Contract, ContractOperation, JsonSchema } from '../../../src/openapi/contract-types.js';

/** How often the unions of a schema are read, and values held against it, until a body is made. */
function workFor(makeSchema: (onRead: () => void) => JsonSchema): number {
  let work = 0;
  const count = () => {
    work += 1;
  };
  const operation: ContractOperation = {
    operationId: 'get',
    method: 'GET',
    path: '/',
    secured: false,
    deprecated: false,
    parameters: [],
    responses: {},
  };
  const contract: Contract = {
    title: '',
    version: '',
    documentHash: '',
    baseUrl: '',
    schemas: {},
    operations: { get: operation },
  };
  const schemas = createSchemas(contract);
  const counted: typeof schemas = {
    ...schemas,
    inResponse: (...given) => {
      count();
      return schemas.inResponse(...given);
    },
  };
  const body = { mediaType: 'application/json', schema: makeSchema(count), examples: {} };
  expect(generateBody({ operation, status: 200, key: '200', body }, counted, 7, false)).toBeDefined();
  return work;
}

/** An object of one kind, whose reading is counted. */
const branch = (
  kind: string,
  more: Readonly<Record<string, JsonSchema>>,
  onRead: () => void,
): JsonSchema => ({
  type: 'object',
  get required() {
    onRead();
    return ['kind', ...Object.keys(more)];
  },
  properties: { kind: { const: kind }, ...more },
});

describe('the work of making a body', () => {
  test('grows no faster than the branches of a union, from 2 to 64', () => {
    const works = [2, 4, 8, 16, 32, 64].map((branches) =>
      workFor((onRead) => ({
        oneOf: Array.from({ length: branches }, (_, index) => branch(`k${index}`, {}, onRead)),
      })),
    );
    for (const [index, work] of works.slice(1).entries())
      expect(work / (works[index] ?? 1)).toBeLessThan(2.5);
  });

  test('grows no faster than unions in unions, from 2 to 30', () => {
    const nest = (depth: number, onRead: () => void): JsonSchema => {
      const more: Record<string, JsonSchema> = depth === 0 ? {} : { inner: nest(depth - 1, onRead) };
      return { oneOf: [branch('a', more, onRead), branch('b', more, onRead)] };
    };
    const [first = 0, ...others] = [2, 6, 14, 30].map((depth) => workFor((onRead) => nest(depth, onRead)));
    for (const [index, depth] of [6, 14, 30].entries())
      expect((others[index] ?? 0) / first).toBeLessThan((1.5 * (depth + 1)) / 3);
  });
});
