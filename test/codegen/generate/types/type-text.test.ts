import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { buildTypeModules } from '../../../../src/codegen/generate/types/type-modules.js';
import type { OpenApiDocument } from '../../../../src/openapi/document.js';
import { parseDocument } from '../../../../src/openapi/read-document.js';
import { FIXTURE } from '../../../helpers/fixture-document.js';

const OPTIONS = { docs: true, suffix: '.js', client: false };

/** The type of a component whose schema is the given YAML flow mapping. */
function typeOf(schema: string): string | undefined {
  const text = `{ openapi: 3.1.0, info: { title: T, version: '1' }, paths: {}, components: { schemas: { S: ${schema} } } }`;
  return /\bS = ([^;]*);/.exec(sharedTypes(text) ?? '')?.[1];
}

/** What the modules of a document say, but for imports, as one text. */
function allTypes(document: OpenApiDocument = parseDocument(FIXTURE).openapi): string {
  const { 'index.ts': _, ...modules } = buildTypeModules(document, OPTIONS);
  return Object.values(modules)
    .join('\n')
    .replaceAll(/^import .*$/gm, '');
}

function sharedTypes(text: string): string | undefined {
  return buildTypeModules(parseDocument(text).openapi, OPTIONS)['schemas.ts'];
}

/** What an editor offers inside the quotes at the end of `code`, below the given types. */
function completionsAt(types: string, code: string): string[] {
  const text = `${types}\n${code}`;
  const service = ts.createLanguageService({
    getCompilationSettings: () => ({ noLib: true, strict: true }),
    getScriptFileNames: () => ['a.ts'],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => (name === 'a.ts' ? ts.ScriptSnapshot.fromString(text) : undefined),
    getCurrentDirectory: () => '/',
    getDefaultLibFileName: () => 'lib.d.ts',
    fileExists: (name) => name === 'a.ts',
    readFile: () => undefined,
  });
  const completions = service.getCompletionsAtPosition('a.ts', text.length - 1, {});
  return (completions?.entries ?? []).map(({ name }) => name).sort();
}

describe('buildTypeModules', () => {
  it('makes x-extensible-enum an open union', () => {
    expect(typeOf('{ type: string, x-extensible-enum: [a, b] }')).toBe('"a" | "b" | (string & {})');
  });

  it.each([
    ['{ type: array, items: { type: array, items: { type: number } } }', 'number[][]'],
    [
      '{ type: array, items: { type: array, items: { type: array, items: { type: string, nullable: true } } } }',
      '(string | null)[][][]',
    ],
    ['{ type: array, items: { type: array, items: { type: [string, "null"] } } }', '(string | null)[][]'],
    [
      '{ type: array, items: { type: array, items: { oneOf: [{ type: string }, { type: number }] } } }',
      '(string | number)[][]',
    ],
    ['{ type: array, items: { type: array, items: { type: string, enum: [a, b] } } }', '("a" | "b")[][]'],
    ['{ type: array, items: { type: array } }', 'unknown[][]'],
  ])('keeps each level of an array: %s', (schema, expected) => {
    expect(typeOf(schema)).toBe(expected);
  });

  it('makes open unions that an editor completes, as it does closed ones', () => {
    const types = allTypes();
    const field = (name: string) => `const value: components['schemas']['Note']['${name}'] = ""`;
    expect(completionsAt(types, field('color'))).toEqual(["it's", 'red']);
    expect(completionsAt(types, field('size'))).toEqual(['large', 'small']);
    expect(completionsAt(types, field('title'))).toEqual([]);
  });

  it('escapes the members of an open union', () => {
    const types = allTypes();
    expect(types).toContain(`color?: "red" | "it's" | (string & {});`);
  });

  it('makes an enum a closed union', () => {
    expect(typeOf('{ type: string, enum: [a, b] }')).toBe('"a" | "b"');
  });

  it('makes an open union inside an array an array of it', () => {
    expect(typeOf('{ type: array, items: { type: string, x-extensible-enum: [a] } }')).toBe(
      '("a" | (string & {}))[]',
    );
  });

  it('keeps null in an open union that may be null', () => {
    expect(typeOf('{ type: [string, "null"], x-extensible-enum: [a] }')).toBe('"a" | (string & {}) | null');
  });

  it('lets a caller leave out a field that has a default', () => {
    expect(typeOf('{ type: object, properties: { a: { type: string, default: x } } }')).toContain(
      'a?: string',
    );
  });

  it('leaves the document as it was', () => {
    const { openapi } = parseDocument(FIXTURE);
    const before = JSON.stringify(openapi);
    allTypes(openapi);
    expect(JSON.stringify(openapi)).toBe(before);
  });

  it('names paths and operations', () => {
    const types = allTypes();
    expect(types).toContain('get: operations["listNotes"];');
    expect(types).toContain('export interface operations {');
  });
});
