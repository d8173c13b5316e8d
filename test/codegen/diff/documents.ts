import type { Change, Json } from '../../../src/codegen/diff/index.js';
import { compareDocuments } from '../../../src/codegen/diff/index.js';

/** A document of the given paths. */
export function documentOf(paths: Json, components: Json = {}, openapi = '3.0.3'): Json {
  return { openapi, info: { title: 'T', version: '0.0.1' }, paths, components };
}

/** An operation that answers 200 with JSON. */
export function answering(schema: unknown, more: Json = {}): Json {
  return { operationId: 'getThing', responses: { 200: response(schema) }, ...more };
}

/** An operation that takes a JSON body and answers 204. */
export function taking(schema: unknown, more: Json = {}): Json {
  const requestBody = { required: true, content: { 'application/json': { schema } } };
  return { operationId: 'putThing', requestBody, responses: { 204: { description: '' } }, ...more };
}

/** A JSON response. */
export function response(schema: unknown): Json {
  return { description: '', content: { 'application/json': { schema } } };
}

/** An object schema of properties, the ones with `!` required. */
export function object(properties: Json, more: Json = {}): Json {
  const names = Object.keys(properties);
  const required = names.filter((name) => name.endsWith('!')).map((name) => name.slice(0, -1));
  const plain = Object.fromEntries(names.map((name) => [name.replace(/!$/, ''), properties[name]]));
  return { type: 'object', ...(required.length > 0 ? { required } : {}), properties: plain, ...more };
}

export const string = { type: 'string' };
export const number = { type: 'number' };

/** Where the schema of a body is. */
export const IN_RESPONSE = '/responses/200/content/application~1json/schema';
export const IN_REQUEST = '/requestBody/content/application~1json/schema';

/** Compares one operation, `GET /v1/things`, in two forms. */
export function compareOperations(before: Json, after: Json, components: Json = {}): Change[] {
  return compareDocuments(
    documentOf({ '/v1/things': { get: before } }, components),
    documentOf({ '/v1/things': { get: after } }, components),
  );
}

/** A change in short: class, kind, place. */
export function brief(changes: readonly Change[]): string[] {
  return changes.map((change) => `${change.class} ${change.kind} ${change.at}`);
}
