import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dereference } from '../../src/openapi/document.js';
import { parseDocument } from '../../src/openapi/parse-document.js';
import { FIXTURE } from '../helpers/fixture-document.js';

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
    ['nothing', ''],
    ['text', 'hello'],
    ['a list', '[1]'],
    ['no paths', '{ openapi: 3.1.0, info: { title: T } }'],
    ['paths that are no object', '{ openapi: 3.1.0, info: { title: T }, paths: [] }'],
    ['no info', '{ openapi: 3.1.0, paths: {} }'],
    ['Swagger 2', "{ swagger: '2.0', info: { title: T }, paths: {} }"],
    ['OpenAPI 30', "{ openapi: '30', info: { title: T }, paths: {} }"],
  ])('refuses %s', (_, text) => {
    expect(() => parseDocument(text)).toThrow('not an OpenAPI 3 document');
  });

  it('refuses what is neither YAML nor JSON, with the place', () => {
    expect(() => parseDocument('openapi: [3')).toThrow(/line 1/);
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
