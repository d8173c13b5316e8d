import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { bundleDocument } from '../../src/openapi/bundle.js';
import { parseDocument, readDocument } from '../../src/openapi/read-document.js';
import { dereference } from '../../src/openapi/references.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Writes files by their names below a new folder, and returns the path of the first. */
function written(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return join(folder, Object.keys(files)[0] ?? '');
}

const HEAD = "openapi: 3.1.0\ninfo: { title: T, version: '1' }\n";

/** The schema of the answer of `GET /a`, whose own references are of the form that all have in the end. */
function answered(text: string): { schema: unknown; document: ReturnType<typeof parseDocument>['openapi'] } {
  const { openapi } = parseDocument(HEAD + text);
  const pointer = '#/paths/~1a/get/responses/200/content/application~1json/schema';
  return { schema: dereference(openapi, { $ref: pointer }), document: openapi };
}

const GET_A = (schema: string) =>
  `paths: { /a: { get: { responses: { '200': { description: OK, content: { application/json: { schema: ${schema} } } } } } } }\n`;

describe('bundleDocument', () => {
  it('returns a document whose references name components as it is', () => {
    const { document } = answered(
      `${GET_A("{ $ref: '#/components/schemas/S' }")}components: { schemas: { S: { type: string } } }`,
    );
    expect(bundleDocument(document)).toBe(document);
  });

  it.each([
    ['a place in a path', "{ $ref: '#/paths/~1b/get/responses/200/content/application~1json/schema' }"],
    ['a branch of a list', "{ $ref: '#/components/schemas/All/allOf/0' }"],
    ['the schema of a parameter', "{ $ref: '#/components/parameters/P/schema' }"],
    ['a place behind another reference', "{ $ref: '#/components/schemas/Alias/properties/inner' }"],
    ['an $anchor', "{ $ref: '#here' }"],
    ['an $id', "{ $ref: 'https://example.com/schemas/named' }"],
    ['an $anchor in a schema with an $id', "{ $ref: 'https://example.com/schemas/named#inside' }"],
    ['a pointer in a schema with an $id', "{ $ref: 'https://example.com/schemas/holder#/properties/p' }"],
    ['percent-encoding', "{ $ref: '#/components/schemas/Plain%53tring' }"],
  ])('follows a reference to %s', (_, reference) => {
    const found = { type: 'string', maxLength: 3 };
    const text = `${GET_A(reference).replace(/ }\n$/, '')}, /b: { get: { responses: { '200': { description: OK, content: { application/json: { schema: ${JSON.stringify(found)} } } } } } } }
components:
  parameters: { P: { name: p, in: query, schema: ${JSON.stringify(found)} } }
  schemas:
    All: { allOf: [${JSON.stringify(found)}] }
    Alias: { $ref: '#/components/schemas/Outer' }
    Outer: { properties: { inner: ${JSON.stringify(found)} } }
    Anchored: { $anchor: here, ${JSON.stringify(found).slice(1)}
    Named: { $id: 'https://example.com/schemas/named', $defs: { d: { $anchor: inside, ${JSON.stringify(found).slice(1)} }, ${JSON.stringify(found).slice(1)}
    Holder: { $id: 'https://example.com/schemas/holder', properties: { p: { $ref: '#/$defs/x' } }, $defs: { x: ${JSON.stringify(found)} } }
    PlainString: ${JSON.stringify(found)}
`;
    const { schema, document } = answered(text);
    expect(schema).toMatchObject(found);
    expect(JSON.stringify(document)).not.toMatch(/"\$ref":"(?!#\/components\/[A-Za-z]+\/[^/"]+")/);
  });

  it('puts a path item in the place of the reference to it, with what stands beside the reference', () => {
    const { openapi } = parseDocument(`${HEAD}paths:
  /a: { $ref: '#/components/pathItems/Item', summary: own }
  /b: { $ref: '#/paths/~1a' }
components: { pathItems: { Item: { get: { operationId: x, responses: {} } } } }`);
    expect(openapi.paths).toEqual({
      '/a': { get: { operationId: 'x', responses: {} }, summary: 'own' },
      '/b': { get: { operationId: 'x', responses: {} }, summary: 'own' },
    });
  });

  it('takes examples, defaults and extensions for data', () => {
    const data = "{ $ref: 'any text', allOf: [{ $ref: 'other.yaml' }] }";
    const text = `${GET_A(`{ type: object, example: ${data}, default: ${data}, x-own: ${data}, properties: { $ref: { type: string }, example: { type: string } } }`)}
tags: [{ name: t, x-more: ${data} }]
components: { examples: { E: { value: ${data} } }, schemas: { S: { examples: [${data}], const: ${data}, enum: [${data}] } } }`;
    expect(() => answered(text)).not.toThrow();
  });

  it.each([
    [
      'nowhere',
      "{ $ref: '#/components/schemas/Gone' }",
      'the reference #/components/schemas/Gone leads nowhere, at /paths/~1a/get',
    ],
    [
      'to an anchor that is not there',
      "{ $ref: '#gone' }",
      'the reference #gone leads nowhere, at /paths/~1a/get',
    ],
    [
      'to a component of another kind',
      "{ allOf: [{ $ref: '#/components/responses/R' }, { $ref: '#/components/responses/R/content/x/schema' }] }",
      'the reference #/components/responses/R leads to one of components.responses, not of schemas, at /paths/~1a/get',
    ],
    ['to itself', "{ $ref: '#/components/schemas/A' }", 'leads to itself, at /components/schemas/A'],
    ['to a host', "{ $ref: 'https://example.com/a.json' }", 'bundle it with `npx @redocly/cli bundle'],
  ])('refuses a reference that leads %s, with its place', (_, schema, message) => {
    const circle =
      "components: { schemas: { A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } } }";
    const response = 'components: { responses: { R: { content: { x: { schema: true } } } } }';
    const more = message.includes('itself') ? circle : message.includes('not of') ? response : '';
    const text = GET_A(schema) + more;
    expect(() => parseDocument(HEAD + text)).toThrow(message);
  });

  it('refuses path items that lead to each other', () => {
    const text = `${HEAD}paths: { /a: { $ref: '#/paths/~1b' }, /b: { $ref: '#/paths/~1a' } }`;
    expect(() => parseDocument(text)).toThrow('leads to itself, at /paths/~1a');
  });
});

describe('readDocument', () => {
  it('follows references to files below the folder of the document, there and back', () => {
    const file = written({
      'api.yaml': `${HEAD}paths: { /a: { $ref: 'paths/a.yaml' } }\ncomponents: { schemas: { Own: { type: string } } }`,
      'paths/a.yaml': `get:
  parameters: [{ $ref: '../shared.json#/limit' }]
  responses: { '200': { description: OK, content: { application/json: { schema: { $ref: '../schemas/pet.yaml' } } } } }`,
      'shared.json': '{ "limit": { "name": "limit", "in": "query", "schema": { "type": "integer" } } }',
      'schemas/pet.yaml': `type: object
properties: { friend: { $ref: 'pet.yaml' }, own: { $ref: '../api.yaml#/components/schemas/Own' } }`,
    });
    const { openapi } = readDocument(file);
    expect(openapi.paths['/a']).toMatchObject({
      get: {
        parameters: [{ $ref: '#/components/parameters/limit' }],
        responses: {
          200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/pet' } } } },
        },
      },
    });
    expect(openapi.components).toEqual({
      schemas: {
        Own: { type: 'string' },
        pet: {
          type: 'object',
          properties: {
            friend: { $ref: '#/components/schemas/pet' },
            own: { $ref: '#/components/schemas/Own' },
          },
        },
      },
      parameters: { limit: { name: 'limit', in: 'query', schema: { type: 'integer' } } },
    });
  });

  it('gives two places of one name two components, and a file that changes another hash', () => {
    const files = {
      'api.yaml': `${HEAD}paths: {}\ncomponents: { schemas: { A: { $ref: 'a/s.yaml' }, B: { $ref: 'b/s.yaml' } } }`,
      'a/s.yaml': 'type: string',
      'b/s.yaml': 'type: number',
    };
    const first = readDocument(pathToFileURL(written(files)));
    expect(first.openapi.components?.schemas).toMatchObject({
      s: { type: 'string' },
      s_2: { type: 'number' },
    });
    const second = readDocument(written({ ...files, 'b/s.yaml': 'type: integer' }));
    expect(second.hash).not.toBe(first.hash);
  });

  it.each([
    ['another folder', '../secret.yaml', 'leads out of the document and its folder: bundle it with'],
    ['a file by its URL', 'file:///etc/passwd', 'leads out of the document and its folder: bundle it with'],
    ['a host', 'https://example.com/a.yaml', 'leads out of the document and its folder: bundle it with'],
    ['a file that is not there', 'gone.yaml', 'cannot read gone.yaml: the file does not exist'],
    ['a file that is broken', 'broken.yaml', 'broken.yaml is not YAML'],
  ])('refuses a reference to %s', (_, reference, message) => {
    const file = written({
      'api.yaml': `${HEAD}paths: {}\ncomponents: { schemas: { A: { $ref: '${reference}' } } }`,
      'broken.yaml': 'a: [',
    });
    expect(() => readDocument(file)).toThrow(message);
  });

  it('says what is wrong with a file, and what to do', () => {
    expect(() => readDocument('no-such.yaml')).toThrow(
      'cannot read no-such.yaml: the file does not exist; check the path',
    );
    expect(() => readDocument(tmpdir())).toThrow('it is a folder; name the file in it');
  });
});
