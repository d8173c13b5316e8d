// Every style of OpenAPI with values that are hard to write: what the mock reads is what the caller passed, or the client refuses it.
import fc from 'fast-check';
import { getResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { createClient, InvalidArgumentError } from '../../src/index.js';
import { createMock } from '../../src/msw/index.js';
import { TABLE_FORMAT } from '../../src/openapi/operation-info.js';
import { buildOperationTable } from '../../src/openapi/operation-table.js';
import { thingsDocument } from '../helpers/things-document.js';

type Place = 'path' | 'query' | 'header' | 'cookie';

/** Sends a value of one parameter from the client to the mock. */
function connected(place: Place, declared: object) {
  const path = place === 'path' ? '/things/{q}' : '/things';
  const parameters = [{ name: 'q', in: place, required: true, ...declared }];
  const openapi = thingsDocument({
    [path]: { get: { operationId: 'get', parameters, responses: { 204: { description: 'OK' } } } },
  });
  const mock = createMock({ document: openapi });
  const client = createClient({
    baseUrl: 'https://things.example.com',
    operations: { format: TABLE_FORMAT, operations: buildOperationTable(openapi) },
    maxRetries: 0,
    fetch: async (...sent) => (await getResponse(mock.handlers, new Request(...sent))) ?? Response.error(),
  });
  const get = client.GET as unknown as (path: string, init: unknown) => Promise<unknown>;
  /** Whether the request was taken; what was wrong with it throws. */
  return async (value: unknown): Promise<void> => {
    await get(path, { params: { [place]: { q: value } } });
  };
}

/** A schema that takes one value alone, so that a request with any other is refused. */
function only(value: unknown): object {
  const type = Array.isArray(value) ? 'array' : typeof value;
  const fields = Object.fromEntries(Object.keys(Object(value)).map((name) => [name, { type: 'string' }]));
  const items = { type: 'string' };
  return {
    type,
    const: value,
    ...(type === 'array' ? { items } : {}),
    ...(type === 'object' ? { properties: fields } : {}),
  };
}

const HARD = ['', ' ', ',', '&', '%', '/', ';', '=', '|', '+', '#', '?', '[', ']', '"', '\\', '.', '..', ':'];
const text = fc
  .array(fc.constantFrom(...HARD, 'a', 'b', '%2C', '%20', 'é', '日', '😀', 'true', '12'), { maxLength: 4 })
  .map((parts) => parts.join(''));
const values = fc.oneof(
  text,
  fc.array(text, { minLength: 1, maxLength: 3 }),
  fc.record({ R: text, 'G h': text }),
);
/** HTTP has no whitespace at the ends of a header (RFC 9110, section 5.5). */
const trimmed = values.filter((value) => typeof value !== 'string' || value === value.trim());
const objects = fc.record({ R: text, G: text });
const json = { content: { 'application/json': {} } };

describe('any value', () => {
  it.each<[Place, object, fc.Arbitrary<unknown>]>([
    ['path', { style: 'simple' }, values],
    ['path', { style: 'simple', explode: true }, values],
    ['path', json, values],
    ...[false, true].flatMap((allowReserved) => [
      ['query', { style: 'form', explode: true, allowReserved }, values] as const,
      ['query', { style: 'form', explode: false, allowReserved }, values] as const,
      ['query', { style: 'spaceDelimited', explode: false, allowReserved }, values] as const,
      ['query', { style: 'pipeDelimited', explode: false, allowReserved }, values] as const,
      ['query', { style: 'spaceDelimited', explode: true, allowReserved }, values] as const,
      ['query', { style: 'deepObject', explode: true, allowReserved }, objects] as const,
    ]),
    ['query', json, values],
    ['header', { style: 'simple' }, trimmed],
    ['header', { style: 'simple', explode: true }, trimmed],
    ['header', json, values],
    ['cookie', { style: 'form' }, values],
    ['cookie', { style: 'form', explode: false }, values],
    ['cookie', json, values],
  ] as [Place, object, fc.Arbitrary<unknown>][])(
    'of the %s with %j arrives as it was passed, or is refused by name',
    async (place, declared, arbitrary) => {
      await fc.assert(
        fc.asyncProperty(arbitrary, async (value) => {
          const schema = only(value);
          const own =
            'content' in declared ? { content: { 'application/json': { schema } } } : { ...declared, schema };
          try {
            await connected(place, own)(value);
          } catch (error) {
            if (!(error instanceof InvalidArgumentError)) throw error;
            // A header that no header can hold is refused where headers are.
            expect(error.argument).toMatch(new RegExp(`^(?:params\\.${place}|headers)\\.q`));
          }
        }),
        { numRuns: 150, seed: 11 },
      );
    },
  );

  it.each<[Place, object, unknown, string]>([
    [
      'query',
      { style: 'spaceDelimited', explode: false },
      ['a b'],
      'must have no " ", which the style spaceDelimited cannot carry',
    ],
    ['query', { style: 'pipeDelimited', explode: false }, { R: 'a|b' }, 'params.query.q.R: must have no "|"'],
    ['query', { style: 'pipeDelimited', explode: false }, { 'a|b': 'c' }, 'params.query.q: must have no "|"'],
    ['header', {}, ['a,b'], 'params.header.q[0]: must have no ",", which a list in a header cannot carry'],
    ['header', { explode: true }, { 'a=b': 'c' }, 'must have fields without "=" in their names'],
    ['header', {}, [{ a: 1 }], 'params.header.q[0]: must be a string, a number or a boolean'],
  ])('of the %s with %j that is %j is refused', async (place, declared, value, message) => {
    await expect(connected(place, { ...declared, schema: only(value) })(value)).rejects.toThrow(message);
  });

  it('of a form with a style of its own is refused where the style cannot carry it', async () => {
    const schema = { type: 'object', properties: { q: { type: 'array', items: { type: 'string' } } } };
    const encoding = { q: { style: 'pipeDelimited', explode: false } };
    const content = { 'application/x-www-form-urlencoded': { schema, encoding } };
    const openapi = thingsDocument({
      '/a': {
        post: { operationId: 'post', requestBody: { content }, responses: { 204: { description: 'OK' } } },
      },
    });
    const client = createClient({
      baseUrl: 'https://things.example.com',
      operations: { format: TABLE_FORMAT, operations: buildOperationTable(openapi) },
    });
    const call = client.call as unknown as (id: string, init: object) => Promise<unknown>;
    await expect(call('post', { body: { q: ['a', 'b|c'] } })).rejects.toThrow('body.q[1]: must have no "|"');
  });
});
