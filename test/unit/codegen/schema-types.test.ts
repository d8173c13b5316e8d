import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/codegen/document.js';
import { buildSchemaTypes } from '../../../src/codegen/schema-types.js';
import { FIXTURE } from '../../helpers/fixture-document.js';

/** The type of a component whose schema is the given YAML flow mapping. */
async function typeOf(schema: string): Promise<string | undefined> {
  const text = `{ openapi: 3.1.0, info: { title: T, version: '1' }, paths: {}, components: { schemas: { S: ${schema} } } }`;
  return /\bS: ([^;]*);/.exec(await buildSchemaTypes(parseDocument(text).openapi))?.[1];
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

describe('buildSchemaTypes', () => {
  it('makes x-extensible-enum an open union', async () => {
    expect(await typeOf('{ type: string, x-extensible-enum: [a, b] }')).toBe('"a" | "b" | (string & {})');
  });

  it('makes open unions that an editor completes, as it does closed ones', async () => {
    const types = await buildSchemaTypes(parseDocument(FIXTURE).openapi);
    const field = (name: string) => `const value: components['schemas']['Note']['${name}'] = ""`;
    expect(completionsAt(types, field('color'))).toEqual(["it's", 'red']);
    expect(completionsAt(types, field('size'))).toEqual(['large', 'small']);
    expect(completionsAt(types, field('title'))).toEqual([]);
  });

  it('escapes the members of an open union', async () => {
    const types = await buildSchemaTypes(parseDocument(FIXTURE).openapi);
    expect(types).toContain(`color?: "red" | "it's" | (string & {});`);
  });

  it('makes an enum a closed union', async () => {
    expect(await typeOf('{ type: string, enum: [a, b] }')).toBe('"a" | "b"');
  });

  it('makes an open union inside an array an array of it', async () => {
    expect(await typeOf('{ type: array, items: { type: string, x-extensible-enum: [a] } }')).toBe(
      '("a" | (string & {}))[]',
    );
  });

  it('keeps null in an open union that may be null', async () => {
    expect(await typeOf('{ type: [string, "null"], x-extensible-enum: [a] }')).toBe(
      '"a" | (string & {}) | null',
    );
  });

  it('lets a caller leave out a field that has a default', async () => {
    expect(await typeOf('{ type: object, properties: { a: { type: string, default: x } } }')).toContain(
      'a?: string',
    );
  });

  it('leaves the document as it was', async () => {
    const { openapi } = parseDocument(FIXTURE);
    const before = JSON.stringify(openapi);
    await buildSchemaTypes(openapi);
    expect(JSON.stringify(openapi)).toBe(before);
  });

  it('names paths and operations', async () => {
    const types = await buildSchemaTypes(parseDocument(FIXTURE).openapi);
    expect(types).toContain('get: operations["listNotes"];');
    expect(types).toContain('export interface operations {');
  });
});
