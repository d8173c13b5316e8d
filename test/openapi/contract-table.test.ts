import { describe, expect, it } from 'vitest';
import { buildContract } from '../../src/openapi/contract-table.js';
import { parseDocument } from '../../src/openapi/read-document.js';
import { FIXTURE } from '../helpers/fixture-document.js';

const source = parseDocument(FIXTURE);
const contract = buildContract(source);
const note = { $ref: '#/components/schemas/Note' };

/** The contract of a document of one schema. */
function schemaOf(schema: string): unknown {
  const text = `{ openapi: 3.1.0, info: { title: T, version: '1' }, paths: {}, components: { schemas: { S: ${schema} } } }`;
  return buildContract(parseDocument(text)).schemas.S;
}

describe('buildContract', () => {
  it('says which document it was made of', () => {
    expect(contract).toMatchObject({
      title: 'Notes',
      version: '7',
      documentHash: source.hash,
      baseUrl: 'https://notes.example.com',
    });
    expect(Object.keys(contract.operations)).toEqual([
      'listNotes',
      'createNote',
      'getNote',
      'replaceNote',
      'touchNote',
    ]);
  });

  it('describes parameters, those of the path first, references followed', () => {
    expect(contract.operations.listNotes).toEqual({
      operationId: 'listNotes',
      method: 'GET',
      path: '/v2/notes',
      secured: true,
      deprecated: false,
      parameters: [
        { name: 'teamId', in: 'query', required: false, schema: { type: 'string' } },
        { name: 'slug', in: 'query', required: false, schema: { type: 'string' } },
        { name: 'cursor', in: 'query', required: false, schema: { type: 'string' }, example: 'abc' },
      ],
      responses: {
        200: {
          description: 'Some.',
          body: { mediaType: 'application/json', schema: { type: 'array', items: note }, examples: {} },
        },
        default: { description: 'Anything else.' },
      },
    });
  });

  it('describes bodies with their examples, and what needs no credential', () => {
    expect(contract.operations.createNote).toEqual({
      operationId: 'createNote',
      method: 'POST',
      path: '/v2/notes',
      secured: false,
      deprecated: true,
      parameters: [{ name: 'teamId', in: 'query', required: false, schema: { type: 'string' } }],
      requestBody: {
        mediaType: 'application/json',
        schema: note,
        examples: { default: { title: 'Hi' } },
        required: true,
      },
      responses: {
        201: { description: 'Made.' },
        400: {
          description: 'Wrong.',
          body: {
            mediaType: 'application/problem+json',
            schema: { type: 'object' },
            examples: { short: { a: 1 } },
          },
        },
      },
    });
  });

  it('keeps schemas with their references and without their prose', () => {
    expect(contract.schemas.Note).toEqual({
      type: 'object',
      required: ['title'],
      properties: {
        title: { type: 'string' },
        description: { type: 'string' },
        color: { type: 'string', 'x-extensible-enum': ['red', "it's"] },
        size: { type: 'string', enum: ['small', 'large'] },
        next: note,
      },
    });
  });

  it('keeps boolean schemas, and names under $defs that are keywords elsewhere', () => {
    expect(schemaOf('{ additionalProperties: false, $defs: { title: { type: string, title: x } } }')).toEqual(
      {
        additionalProperties: false,
        $defs: { title: { type: 'string' } },
      },
    );
  });

  it.each(['const', 'default', 'enum'])('keeps the value of %s whole', (keyword) => {
    const value = keyword === 'enum' ? '[{ title: x }]' : '{ title: x }';
    const expected = keyword === 'enum' ? [{ title: 'x' }] : { title: 'x' };
    expect(schemaOf(`{ ${keyword}: ${value} }`)).toEqual({ [keyword]: expected });
  });

  it('takes an empty requirement beside another for "no credential needed"', () => {
    const text = `{ openapi: 3.1.0, info: { title: T, version: '1' }, paths: { /a: {
      get: { operationId: a, security: [{ bearer: [] }, {}], responses: {} } } } }`;
    expect(buildContract(parseDocument(text)).operations.a?.secured).toBe(false);
  });

  it('does without servers, security, components and responses', () => {
    const text = `{ openapi: 3.1.0, info: { title: T, version: '1' }, paths: { /a: { get: { operationId: a } } } }`;
    expect(buildContract(parseDocument(text))).toMatchObject({
      baseUrl: '',
      schemas: {},
      operations: { a: { secured: false, parameters: [], responses: {} } },
    });
  });
});
