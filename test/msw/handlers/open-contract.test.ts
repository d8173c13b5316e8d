import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../../src/errors/index.js';
import { contract } from '../../../src/generated/contract.js';
import { createHandlers, createMock } from '../../../src/msw/index.js';
import { thrownBy } from '../../helpers/caught.js';
import { ask } from '../ask.js';
import { shop } from '../shop-document.js';

const folder = await mkdtemp(join(tmpdir(), 'mock-document-'));
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

describe('a document', () => {
  test('is taken parsed, by path and by URL, as JSON and as YAML', async () => {
    const json = await fileOf('shop.json', `\uFEFF${JSON.stringify(shop)}`);
    const yaml = await fileOf('shop.yaml', JSON.stringify(shop));
    for (const document of [shop, json, new URL(`file://${json}`), yaml]) {
      expect((await ask(createHandlers({ document }), 'GET', '/v1/things/a')).status).toBe(200);
    }
  });

  test('may have its API anywhere', async () => {
    const document = { ...shop, servers: [{ url: 'https://shop.example/api' }] };
    const origin = 'https://shop.example';
    expect((await ask(createHandlers({ document }), 'GET', '/api/v1/things/a', { origin })).status).toBe(200);
  });

  test('has its flaws repaired and listed', () => {
    const listThings = { get: { responses: { '200': { description: 'Fine.' } } } };
    const paths = { ...shop.paths, '/v1/teams/{team}/things': listThings };
    const repairs = createMock({ document: { ...shop, paths } }).listRepairs();
    expect(repairs.map(({ kind }) => kind)).toContain('operation-id-missing');
    expect(repairs.map(({ kind }) => kind)).toContain('path-parameter-undeclared');
  });

  test.each<[string, () => unknown]>([
    ['document', () => createHandlers({ document: {} })],
    ['document', () => createHandlers({ document: { openapi: '2.0', paths: {} } })],
    ['document', () => createHandlers({ document: join(folder, 'missing.json') })],
    [
      'document',
      () => createHandlers({ document: { ...shop, components: { schemas: { A: { $ref: 'http://x' } } } } }),
    ],
    ['contract', () => createHandlers({ document: shop, contract })],
  ])('that cannot be one is refused, naming %s', (argument, create) => {
    expect(thrownBy(create, InvalidArgumentError).argument).toBe(argument);
  });

  test('says which file is no JSON', async () => {
    const broken = await fileOf('broken.json', '{');
    const error = thrownBy(() => createHandlers({ document: broken }), InvalidArgumentError);
    expect(error.message).toContain('broken.json');
  });
});

describe('an extension', () => {
  const getSecret = {
    operationId: 'getSecret',
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
    responses: {
      '200': {
        description: 'It.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Secret' } } },
      },
    },
  };
  const Secret = { type: 'object', required: ['secret'], properties: { secret: { const: 's' } } };
  const extension = {
    paths: { '/v1/secrets/{id}': { get: getSecret } },
    components: { schemas: { Secret } },
  };

  test.each([
    ['a document', { document: shop }],
    ['the built-in contract', {}],
    ['a contract', { contract }],
  ])('adds operations to %s, under types of their own', async (_, source) => {
    interface Own {
      getSecret: { responses: { 200: { content: { 'application/json': { secret: string } } } } };
    }
    const mock = createMock<Own>({ ...source, extension });
    expect((await ask(mock.handlers, 'GET', '/v1/secrets/a')).body).toEqual({ secret: 's' });
    mock.respond('getSecret', 200, { secret: 's' });
    expect(() => mock.respond('getSecret', 200, { secret: 'other' })).toThrow(/must be "s"/);
  });

  test('may add a method to a path that there is, and repeats none', async () => {
    const paths = {
      '/v1/old': { post: { operationId: 'renew', responses: { '204': { description: '' } } } },
    };
    const handlers = createHandlers({ document: shop, extension: { paths } });
    expect((await ask(handlers, 'POST', '/v1/old')).status).toBe(204);
    for (const source of [{ document: shop }, {}]) {
      const path = 'document' in source ? '/v1/old' : '/v2/connect/connectors';
      const twice = { paths: { [path]: { get: { operationId: 'listConnectors', responses: {} } } } };
      const error = thrownBy(() => createHandlers({ ...source, extension: twice }), InvalidArgumentError);
      expect(error.argument).toBe('extension');
    }
  });
});

describe('the readings', () => {
  const bodyOf = (schema: object) => ({
    ...shop,
    security: [],
    paths: {
      '/v1/it': {
        post: {
          operationId: 'it',
          requestBody: { content: { 'application/json': { schema } } },
          responses: { '204': { description: '' } },
        },
      },
    },
  });
  const statusOf = async (options: Parameters<typeof createHandlers>[0], body: unknown) =>
    (await ask(createHandlers(options), 'POST', '/v1/it', { body })).status;

  test('of nullable are lenient, or to the letter', async () => {
    for (const schema of [
      { nullable: true, oneOf: [{ type: 'string' }] },
      { type: 'string', nullable: true, enum: ['a'] },
    ]) {
      expect(await statusOf({ document: bodyOf(schema) }, 'null')).toBe(204);
      expect(await statusOf({ document: bodyOf(schema), nullable: 'strict' }, 'null')).toBe(400);
    }
    const plain = { type: 'string', nullable: true };
    expect(await statusOf({ document: bodyOf(plain), nullable: 'strict' }, 'null')).toBe(204);
  });

  test('of oneOf are any of its branches, or exactly one', async () => {
    const overlapping = { oneOf: [{ type: 'number' }, { type: 'integer' }] };
    expect(await statusOf({ document: bodyOf(overlapping) }, '1')).toBe(204);
    expect(await statusOf({ document: bodyOf(overlapping), oneOf: 'one' }, '1')).toBe(400);
    expect(await statusOf({ document: bodyOf(overlapping), oneOf: 'one' }, '1.5')).toBe(204);
  });
});

describe('the extension of Vercel Connect', () => {
  test('adds its operations to a document that lacks them', async () => {
    const schemas = { ConnectError: { type: 'string' } };
    const mock = createMock({ document: { ...shop, components: { schemas } }, extension: 'connect' });
    const { body } = await ask(mock.handlers, 'GET', '/v2/connect/connectors');
    expect(body).toMatchObject({ connectors: expect.any(Array) });
    const token = await ask(mock.handlers, 'POST', '/v1/connect/token/slack%2Facme', {
      body: { subject: {} },
    });
    // Its schema of errors is not the one of that name in the document.
    expect(token).toMatchObject({ status: 400, error: { pointer: '/body/subject/type', rule: 'required' } });
    expect((await ask(mock.handlers, 'GET', '/v2/things')).status).toBe(200);
  });
});
