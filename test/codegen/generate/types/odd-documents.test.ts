import { describe, expect, it } from 'vitest';
import { type GenerateOptions, generateFiles } from '../../../../src/codegen/generate/generate.js';
import { compileFolders } from '../../../helpers/compile-folder.js';

const OPTIONS: GenerateOptions = { source: 'a.yaml', client: false };

/** A document of paths and schemas, both YAML flow mappings. */
function documentOf(paths: string, schemas = '{}'): string {
  return `{ openapi: 3.1.0, info: { title: T, version: '1' }, paths: ${paths}, components: { schemas: ${schemas} } }`;
}

/** An operation that answers a schema. */
function answering(schema: string, more = ''): string {
  return `{ get: { ${more} responses: { '200': { description: OK, content: { application/json: { schema: ${schema} } } } } } }`;
}

/** The declaration of a type, on one line and without comments. */
function declared(files: Readonly<Record<string, string>>, name: string): string | undefined {
  const text = Object.values(files)
    .join('\n')
    .replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
  return new RegExp(`export type ${name} = ([\\s\\S]*?);\\n\\n`)
    .exec(`${text}\n\n`)?.[1]
    ?.replaceAll(/\s+/g, ' ');
}

// The example of OpenAPI 3.1, Discriminator Object, with one name in its mapping.
const PETS = `{
  Pet: { type: object, required: [name, petType], discriminator: { propertyName: petType, mapping: { dog: Dog } },
    properties: { name: { type: string }, petType: { type: string }, kind: { enum: [a, b] } } },
  Cat: { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: object, properties: { huntingSkill: { type: string } } }] },
  Dog: { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: object, properties: { packSize: { type: integer } } }] }
}`;

describe('documents that other generators stumble over', () => {
  it('keep the values of a discriminator, also in the copies for requests', () => {
    const body =
      "requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Cat' } } } }";
    const files = generateFiles(
      documentOf(
        `{ /cats: ${answering("{ $ref: '#/components/schemas/Cat' }", `operationId: cat, ${body},`)} }`,
        PETS,
      ),
      OPTIONS,
    );
    expect(declared(files, 'Cat')).toContain('petType: "Cat"');
    expect(declared(files, 'Dog')).toContain('petType: "dog"');
    expect(declared(files, 'CatInput')).toContain('Omit<PetInput, "petType">');
    expect(declared(files, 'CatInput')).toContain('petType: "Cat"');
  });

  it('keep the values of a union with a discriminator, written as names or left out', () => {
    const union =
      "{ oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }], discriminator: { propertyName: kind, mapping: { bee: B } } }";
    const one = '{ type: object, properties: { kind: { type: string } } }';
    const files = generateFiles(
      documentOf(`{ /a: ${answering(union)} }`, `{ A: ${one}, B: ${one} }`),
      OPTIONS,
    );
    expect(declared(files, 'A')).toContain('kind: "A"');
    expect(declared(files, 'B')).toContain('kind: "bee"');
  });

  it('declare what is required and nothing declares, as what further properties are', () => {
    const files = generateFiles(
      documentOf(
        `{ /a: ${answering("{ $ref: '#/components/schemas/A' }")}, /b: ${answering("{ $ref: '#/components/schemas/B' }")} }`,
        `{
          A: { type: object, required: [id, name], properties: { id: { type: integer } } },
          B: { type: object, required: [first], additionalProperties: { type: boolean } }
        }`,
      ),
      OPTIONS,
    );
    expect(declared(files, 'A')).toBe('{ id: number; name: unknown; }');
    expect(declared(files, 'B')).toContain('first: boolean;');
  });

  it('take the schema of a parameter whose content is JSON', () => {
    const content =
      'content: { application/json: { schema: { type: object, properties: { n: { type: integer } } } } }';
    const files = generateFiles(
      documentOf(
        `{ /a: ${answering('{ type: string }', `parameters: [{ name: where, in: query, ${content} }],`)} }`,
      ),
      OPTIONS,
    );
    expect(Object.values(files).join('\n').replaceAll(/\s+/g, ' ')).toContain('where?: { n?: number; }');
  });

  it('leave a union as it is where more properties may follow in it', () => {
    const files = generateFiles(
      documentOf(
        `{ /a: ${answering("{ $ref: '#/components/schemas/A' }")} }`,
        '{ A: { additionalProperties: true, anyOf: [{ type: string }, { type: array, items: { type: integer } }] } }',
      ),
      OPTIONS,
    );
    expect(declared(files, 'A')).toBe('number[] | string');
  });

  it.each([
    [
      '$defs, which is no property',
      "{ type: object, $defs: { B: { type: string } }, properties: { b: { $ref: '#/components/schemas/A/$defs/B' } } }",
      '{ b?: AB; }',
    ],
    [
      'properties beside a $ref',
      "{ $ref: '#/components/schemas/B', type: object, properties: { a: { type: string } } }",
      '{ a?: string; } & B',
    ],
    [
      'what is required beside a $ref',
      "{ $ref: '#/components/schemas/B', required: [b] }",
      'WithRequired<B, "b">',
    ],
    [
      'a tuple',
      '{ type: array, prefixItems: [{ type: string }, { type: number }], minItems: 2, items: false }',
      '[ string, number ]',
    ],
    [
      'a tuple that may be shorter and longer',
      '{ type: array, prefixItems: [{ type: string }, { type: number }], minItems: 1 }',
      '[ string, number?, ...unknown[] ]',
    ],
    [
      'a tuple of an older draft',
      '{ type: [array, "null"], items: [{ type: string }], additionalItems: { type: boolean } }',
      '[ string?, ...boolean[] ] | null',
    ],
    [
      'a list of lists in an allOf',
      '{ type: array, items: { allOf: [{ type: array, items: { type: string } }] } }',
      'string[][]',
    ],
    [
      'null as the one value',
      '{ type: object, required: [a], properties: { a: { const: null } } }',
      '{ a: null; }',
    ],
    [
      'properties of a condition',
      '{ type: object, properties: { a: { const: x } }, required: [a], if: { required: [b] }, then: { properties: { n: { type: number } } }, else: { properties: { n: { type: string }, a: {} } } }',
      '{ a: "x"; n?: number | string; }',
    ],
    [
      'properties that depend on others',
      '{ type: object, properties: { a: { type: string } }, dependentSchemas: { a: { properties: { n: { type: number } } } } }',
      '{ a?: string; n?: number; }',
    ],
    [
      'further properties',
      '{ type: object, properties: { a: { type: string } }, unevaluatedProperties: { type: number } }',
      '{ a?: string; } & { [key: string]: number | string; }',
    ],
  ])('have the type of %s', (_, schema, type) => {
    const schemas = `{ A: ${schema}, B: { type: object, properties: { b: { type: string } } } }`;
    const files = generateFiles(
      documentOf(
        `{ /a: ${answering("{ $ref: '#/components/schemas/A' }")}, /b: ${answering("{ $ref: '#/components/schemas/B' }")} }`,
        schemas,
      ),
      OPTIONS,
    );
    expect(declared(files, 'A')).toBe(type);
  });

  it('compile', async () => {
    const nullable = '{ type: [object, "null"], properties: { a: { type: string } } }';
    const paths = `{
      /boolean: ${answering('{ type: object, properties: { b: true, c: false } }')},
      /inherited: ${answering("{ $ref: '#/components/schemas/constructor' }", 'operationId: constructor, tags: [aux],')},
      /required: ${answering("{ allOf: [{ $ref: '#/components/schemas/Nullable' }, { required: [a] }], required: [a] }")},
      "/versioned?api-version=2024": ${answering('{ type: string }')},
      /sp ace/ü: ${answering('{ type: string }')},
      /nothing: { get: { responses: { '204': null } } },
      /example: { get: { callbacks: { c: { $ref: '#/components/callbacks/C' } }, responses: { '200': { description: OK, links: { l: { $ref: '#/components/links/L' } }, content: { application/json: { schema: true, examples: { e: { $ref: '#/components/examples/E' } } } } } } } },
      /pets: ${answering("{ $ref: '#/components/schemas/Pet' }")}
    }`;
    const schemas = `{ constructor: { type: object }, Any: true, Nullable: ${nullable}, ${PETS.slice(1)}`;
    const text = `${documentOf(paths, schemas).replace(/ } }$/, '')},
  callbacks: { C: { '{$request.body#/url}': { post: { responses: { '200': { $ref: '#/components/responses/R' } } } } } },
  links: { L: { operationId: x } }, examples: { E: { value: { $ref: 'no reference' } } }, responses: { R: { description: OK } } } }`;
    const files = generateFiles(text, OPTIONS);
    expect(Object.keys(files)).not.toContain('aux.ts');
    const webhooks = generateFiles(
      `{ openapi: 3.1.0, info: { title: T, version: '1' }, webhooks: { 'a.b': { post: { requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/E' } } } }, responses: { '200': { description: OK } } } } }, components: { schemas: { E: { type: object, properties: { kind: { enum: [a, b] } } } } } }`,
      OPTIONS,
    );
    // What the API sends is open.
    expect(declared(webhooks, 'E')).toBe('{ kind?: "a" | "b" | (string & {}); }');
    expect(webhooks['webhooks.ts']).toContain('"a.b": {\n\t\tpost: ABPostOperation;');
    expect(await compileFolders({ odd: files, webhooks })).toBe('');
  }, 60_000);

  it('have every type in the index, also one that is called as something of the index is', async () => {
    const text = `{ openapi: 3.1.0, info: { title: T, version: '1' },
      paths: { /a: ${answering("{ $ref: '#/components/schemas/createClient' }", 'operationId: a, tags: [one],')} },
      webhooks: { sent: { post: { operationId: sent, requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/webhooks' } } } }, responses: { '200': { description: OK } } } } },
      components: { schemas: { createClient: { type: object, properties: { one: { type: string } } }, webhooks: { type: object, properties: { two: { type: string } } } } } }`;
    const program = `import type { AOperation, createClient_, webhooks, webhooks_ } from './index.js';

type Sent = webhooks['sent']['post']['requestBody'] extends { content: infer Media } | undefined ? Media : never;
export const one = (response: AOperation['responses'][200]['content']['application/json']): createClient_ => response;
export const two = (sent: Sent): Record<string, webhooks_> => sent;
`;
    const files = { ...generateFiles(text, OPTIONS), 'program.ts': program };
    expect(await compileFolders({ names: files })).toBe('');
  }, 60_000);

  it('take time by their size, where schemas lead to the next one twice', () => {
    const schemas = Array.from({ length: 40 }, (_, level) => {
      const next =
        level === 39
          ? '{ type: object, properties: { a: { type: string } } }'
          : `{ $ref: '#/components/schemas/S${level + 1}' }`;
      return `S${level}: { allOf: [${next}, ${next}], required: [a] }`;
    });
    const started = performance.now();
    generateFiles(
      documentOf(`{ /deep: ${answering("{ $ref: '#/components/schemas/S0' }")} }`, `{ ${schemas.join()} }`),
      OPTIONS,
    );
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
