import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { generateFiles } from '../../../src/codegen/generate/generate.js';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ content: { 'application/json': { schema } } });

/** The code that is generated for a document of one PUT operation, by what it takes and answers. */
function generate(schemas: object, request: object, response: object, more: object = {}): string {
  const document = {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: {
      '/v1/things': {
        put: {
          operationId: 'putThing',
          requestBody: { required: true, ...json(request) },
          responses: { 200: { description: 'd', ...json(response) } },
          ...more,
        },
      },
    },
    components: { schemas },
  };
  const { 'index.ts': _, ...modules } = generateFiles(JSON.stringify(document), { source: 'a', docs: false });
  return Object.values(modules).join('\n');
}

/** The declarations of the language, which every program has. */
const library = new Map<string, ts.SourceFile | undefined>();

/** The errors of a program below generated types. */
function errorsOf(types: string, program: string): string[] {
  const text = `${types.replaceAll(/^import .*$/gm, '')}\n${program}`;
  const options = {
    strict: true,
    noLib: false,
    lib: ['lib.es2022.d.ts'],
    types: [],
    noEmit: true,
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) => {
    if (name === 'a.ts') return ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
    if (!library.has(name)) library.set(name, getSourceFile(name, ...rest));
    return library.get(name);
  };
  const compiled = ts.createProgram(['a.ts'], options, host);
  return ts
    .getPreEmitDiagnostics(compiled)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n').split('\n')[0] ?? '');
}

const SEND = "declare let sent: operations['putThing']['requestBody']['content']['application/json'];\n";
const GOT = "declare let got: operations['putThing']['responses'][200]['content']['application/json'];\n";
const color = { type: 'string', enum: ['red', 'blue'] };
const thing = { type: 'object', properties: { color, name: { type: 'string' } }, required: ['color'] };

describe('a schema that both directions use', () => {
  it('is closed in the request and open in the response', () => {
    const types = generate({ Thing: thing }, ref('Thing'), ref('Thing'));
    expect(types).toContain('export type ThingInput = {');
    const program = `${SEND}${GOT}sent = { color: 'red' };\nsent = { color: 'green' };\ngot = { color: 'green' };\n`;
    expect(errorsOf(types, program)).toEqual([`Type '"green"' is not assignable to type '"blue" | "red"'.`]);
  });

  it('stays one where it means the same in both', () => {
    const plain = { type: 'object', properties: { name: { type: 'string' } } };
    expect(generate({ Plain: plain }, ref('Plain'), ref('Plain'))).not.toContain('PlainInput');
    // Nor is an enum of one value, which tells branches apart, a reason.
    const one = { type: 'object', properties: { kind: { type: 'string', enum: ['one'] } } };
    expect(generate({ One: one }, ref('One'), ref('One'))).not.toContain('OneInput');
  });

  it('is two over however many others, also where they hold each other', () => {
    const outer = { type: 'object', properties: { inner: ref('Inner'), self: ref('Outer') } };
    const inner = {
      type: 'object',
      properties: { things: { type: 'array', items: ref('Thing') }, up: ref('Outer') },
    };
    const types = generate({ Outer: outer, Inner: inner, Thing: thing }, ref('Outer'), ref('Outer'));
    const program = `${SEND}${GOT}sent = { self: { inner: { things: [{ color: 'green' }] } } };\ngot = { self: { inner: { things: [{ color: 'green' }] } } };\n`;
    expect(errorsOf(types, program)).toEqual([`Type '"green"' is not assignable to type '"blue" | "red"'.`]);
  });

  it('is written out in both places and named once for each', () => {
    const types = generate({}, thing, thing);
    const program = `${SEND}${GOT}sent = { color: 'green' };\ngot = { color: 'green' };\n`;
    expect(errorsOf(types, program)).toHaveLength(1);
  });

  it('gets another name where the plain one is taken', () => {
    const types = generate({ Thing: thing, ThingInput: { type: 'string' } }, ref('Thing'), ref('Thing'));
    expect(types).toMatch(/export type ThingInput_[0-9a-f]{6} = \{/);
  });

  it('keeps the branches of a discriminator apart in both', () => {
    const cat = { type: 'object', properties: { kind: { type: 'string' }, color }, required: ['kind'] };
    const dog = { type: 'object', properties: { kind: { type: 'string' } }, required: ['kind'] };
    const pet = {
      oneOf: [ref('Cat'), ref('Dog')],
      discriminator: {
        propertyName: 'kind',
        mapping: { cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog' },
      },
    };
    const types = generate({ Cat: cat, Dog: dog, Pet: pet }, ref('Pet'), ref('Pet'));
    const program = `${SEND}${GOT}sent = { kind: 'cat', color: 'red' };\nsent = { kind: 'cat', color: 'green' };\ngot = { kind: 'cat', color: 'green' };\n`;
    expect(errorsOf(types, program)).toHaveLength(1);
  });
});

describe('a field that one side alone writes', () => {
  const marked = {
    type: 'object',
    properties: { id: { type: 'string', readOnly: true }, secret: { type: 'string', writeOnly: true } },
    required: ['id', 'secret'],
  };

  it('is demanded of that side alone', () => {
    const types = generate({ Marked: marked }, ref('Marked'), ref('Marked'));
    expect(errorsOf(types, `${SEND}${GOT}sent = { secret: 'a' };\ngot = { id: 'a' };\n`)).toEqual([]);
    expect(errorsOf(types, `${SEND}sent = { id: 'a' };\n`)).toEqual([
      `Property 'secret' is missing in type '{ id: string; }' but required in type 'MarkedInput'.`,
    ]);
    expect(errorsOf(types, `${GOT}got = { secret: 'a' };\n`)).toHaveLength(1);
  });
});

describe('headers that the client writes', () => {
  it('are not asked for', () => {
    const header = (name: string) => ({ name, in: 'header', required: true, schema: { type: 'string' } });
    const names = ['Authorization', 'accept', 'Content-Type', 'Content-Length', 'x-own'];
    const types = generate({}, thing, thing, { parameters: names.map(header) });
    const program = "const header: operations['putThing']['parameters']['header'] = { 'x-own': 'a' };\n";
    expect(errorsOf(types, program)).toEqual([]);
    expect(types).not.toMatch(/Authorization|"accept"|Content-Type/);
  });
});

describe('additionalProperties beside properties', () => {
  it('take a literal', () => {
    const mixed = {
      type: 'object',
      properties: { name: { type: 'string' }, on: { type: 'boolean' } },
      additionalProperties: { type: 'number' },
    };
    const types = generate({}, mixed, thing);
    expect(errorsOf(types, `${SEND}sent = { name: 'a', on: true, count: 1 };\n`)).toEqual([]);
    expect(errorsOf(types, `${SEND}sent = { name: 'a', other: null };\n`)).toHaveLength(1);
  });
});
