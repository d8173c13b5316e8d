import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../src/openapi/read-document.js';
import { dereference } from '../../src/openapi/references.js';
import { FIXTURE } from '../helpers/fixture-document.js';

const BOMB = `openapi: 3.1.0
x-0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
${[1, 2, 3, 4, 5, 6, 7].map((n) => `x-${n}: &a${n} [${Array.from({ length: 10 }, () => `*a${n - 1}`).join()}]`).join('\n')}`;

describe('parseDocument', () => {
  it('reads YAML and JSON', () => {
    const { openapi } = parseDocument(FIXTURE);
    expect(openapi.info.title).toBe('Notes');
    expect(parseDocument(JSON.stringify(openapi)).openapi).toEqual(openapi);
  });

  it('hashes the bytes', () => {
    const expected = createHash('sha256').update(FIXTURE, 'utf8').digest('hex');
    expect(parseDocument(FIXTURE).hash).toBe(expected);
    expect(parseDocument(`${FIXTURE}\n`).hash).not.toBe(expected);
  });

  it.each([
    ['text', 'hello'],
    ['a list', '[1]'],
    ['no paths', '{ openapi: 3.1.0, info: { title: T } }'],
    ['paths that are no object', '{ openapi: 3.1.0, info: { title: T }, paths: [] }'],
    ['no info', '{ openapi: 3.1.0, paths: {} }'],
    ['OpenAPI 30', "{ openapi: '30', info: { title: T }, paths: {} }"],
  ])('refuses %s', (_, text) => {
    expect(() => parseDocument(text)).toThrow('the document is not an OpenAPI 3 document');
  });

  it.each([
    ['nothing', ' \n', 'the document is empty'],
    ['a web page', '<!doctype html>', 'the document is a web page or XML'],
    ['broken JSON', '{ "openapi": "3.1.0", ', 'the document is not JSON: '],
    ['Swagger 2', "{ swagger: '2.0', info: { title: T }, paths: {} }", 'convert it to OpenAPI 3 first'],
    [
      'brackets',
      `{ "openapi": "3.1.0", "info": {}, "paths": {}, "x": ${'['.repeat(2e4)}${']'.repeat(2e4)} }`,
      'nested more than 256 levels',
    ],
    [
      'brackets in YAML',
      `openapi: 3.1.0\nx: ${'['.repeat(2e4)}${']'.repeat(2e4)}`,
      'nested more than 256 levels',
    ],
    ['aliases of aliases', BOMB, 'has aliases for more than 2000000 values'],
    ['an alias of what it stands in', 'openapi: 3.1.0\nx: &x [*x]', 'nested more than 256 levels'],
  ])('refuses %s by name', (_, text, message) => {
    expect(() => parseDocument(text)).toThrow(message);
  });

  it('reads a byte order mark, merge keys, and more aliases than one can count', () => {
    const text = `\uFEFFopenapi: 3.1.0
info: &info { title: T, version: '1' }
x-base: &base { type: object, required: [a] }
x-many: [${Array.from({ length: 500 }, () => '*info').join()}]
paths: {}
components: { schemas: { S: { <<: *base, required: [b] } } }`;
    expect(parseDocument(text).openapi.components?.schemas?.S).toEqual({ type: 'object', required: ['b'] });
  });

  it('reads a document with webhooks alone, as OpenAPI 3.1 allows', () => {
    const { openapi } = parseDocument('{ openapi: 3.1.0, info: { title: T }, webhooks: {} }');
    expect(openapi.paths).toEqual({});
    expect(() => parseDocument('{ openapi: 3.0.3, info: { title: T }, webhooks: {} }')).toThrow('`paths`');
  });

  it('refuses what is neither YAML nor JSON, with the place', () => {
    expect(() => parseDocument('openapi: [3')).toThrow(/is not YAML: .* at line 1, column 12$/);
    expect(() => parseDocument('openapi: 3.1.0\nopenapi: 3.1.1')).toThrow(/duplicated mapping key at line 2/);
  });

  it('reads YAML 1.2, in which dates, yes and no are texts', () => {
    const { openapi } = parseDocument(
      "openapi: '3.1.0'\npaths: {}\ninfo: {title: T, version: '1'}\nx-a: [2026-01-31, 2026-01-31T10:00:00Z, yes, No, 1_000, 012, 0x1F, 1e3, ~]",
    );
    const values = ['2026-01-31', '2026-01-31T10:00:00Z', 'yes', 'No', '1_000', 12, 31, 1000, null];
    expect(Reflect.get(openapi, 'x-a')).toEqual(values);
  });
});

describe('dereference', () => {
  const { openapi } = parseDocument(FIXTURE);

  it('gives an object that is no reference as it is', () => {
    const node = { type: 'string' };
    expect(dereference(openapi, node)).toBe(node);
  });

  it('follows a reference to a reference, with escapes in the pointer', () => {
    expect(dereference(openapi, { $ref: '#/components/parameters/TeamId' })).toMatchObject({
      name: 'teamId',
    });
    const parameter = { $ref: '#/paths/~1v1~1notes~1%7Bnote~0id%7D/get/responses/204' };
    expect(dereference(openapi, parameter)).toEqual({ description: 'None.' });
  });
});
