import { freeze } from '../openapi/normalize/documents.js';

const thing = {
  type: 'object',
  required: ['id', 'name', 'kind'],
  properties: {
    id: { type: 'string', example: 'thg_abc' },
    name: { type: 'string' },
    kind: { type: 'string', enum: ['small', 'large'] },
    note: { type: 'string', nullable: true },
  },
};
const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const ok = (schema: object) => ({ description: 'Fine.', ...json(schema) });
const error = { description: 'No such thing.' };
const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const fields = { name: { type: 'string' }, kind: thing.properties.kind, note: { type: 'string' } };
const body = {
  required: true,
  ...json({
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: fields,
  }),
};

/** A small document of OpenAPI 3.0: things that can be made, read, changed and removed, of two versions of paths. */
export const shop = freeze({
  openapi: '3.0.3',
  info: { title: 'Shop', version: '1' },
  servers: [{ url: 'https://api.vercel.com' }],
  security: [{ bearer: [] }],
  paths: {
    '/v2/things': {
      post: {
        operationId: 'createThing',
        tags: ['things'],
        summary: 'Make a <thing>',
        requestBody: body,
        responses: { '201': ok(thing), '400': error, '409': error },
      },
      get: {
        operationId: 'listThings',
        tags: ['things'],
        parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1 } }],
        responses: {
          '200': ok({
            type: 'object',
            required: ['things'],
            properties: { things: { type: 'array', items: thing } },
          }),
        },
      },
    },
    '/v1/things/{id}': {
      parameters: [id],
      get: { operationId: 'getThing', tags: ['things'], responses: { '200': ok(thing), '404': error } },
      patch: {
        operationId: 'updateThing',
        tags: ['things'],
        requestBody: json({ type: 'object', properties: fields }),
        responses: { '200': ok(thing), '404': error },
      },
      delete: { operationId: 'removeThing', tags: ['things'], responses: { '204': error, '404': error } },
    },
    '/v1/old': {
      get: { operationId: 'oldOne', deprecated: true, responses: { '200': ok({ type: 'object' }) } },
    },
  },
});

/** The types that `openapi-typescript` would make of {@link shop}, as far as tests use them. */
export interface ShopOperations {
  createThing: {
    parameters: { query?: never; path?: never };
    requestBody: { content: { 'application/json': { name: string; kind?: 'small' | 'large' } } };
    responses: { 201: { content: { 'application/json': Thing } }; 409: { content?: never } };
  };
  getThing: {
    parameters: { query?: never; path: { id: string } };
    requestBody?: never;
    responses: { 200: { content: { 'application/json': Thing } }; 404: { content?: never } };
  };
}

interface Thing {
  id: string;
  name: string;
  kind: 'small' | 'large';
  note?: string | null;
}
