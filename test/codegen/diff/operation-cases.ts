import type { Json } from '../../../src/codegen/diff/index.js';
import { answering, object, response, string } from './documents.js';

export const thing = object({ 'id!': string });
const query = (name: string, more: Json = {}) => ({ name, in: 'query', schema: string, ...more });
export const path = (name: string) => ({ name, in: 'path', required: true, schema: string });
const header = (name: string) => ({ name, in: 'header', schema: string });
export const one = (node: Json, at = '/v1/things', method = 'get') => ({ [at]: { [method]: node } });
const withParameters = (...parameters: unknown[]) => one(answering(thing, { parameters }));
const withResponses = (responses: Json) => one({ operationId: 'getThing', responses });
const withContent = (content: Json) => withResponses({ 200: { description: '', content } });
const withBody = (requestBody?: Json) =>
  one({ operationId: 'putThing', ...(requestBody && { requestBody }), responses: { 204: {} } });
const json = { 'application/json': { schema: thing } };
const bare = { description: '' };

/** name, paths, changed paths, the one change, the one change of the reverse. */
type Case = [name: string, before: Json, after: Json, forth: string, back: string];

/** Every change of an operation that the comparer knows. */
export const OPERATION_CASES: Case[] = [
  ['an operation added', {}, one(answering(thing)), 'added operation-added ', 'wire operation-removed '],
  [
    'an operation moved to another version',
    one(answering(thing), '/v9/things'),
    one(answering(thing), '/v10/things'),
    'wire operation-moved ',
    'wire operation-moved ',
  ],
  [
    'an operation moved to another method',
    one(answering(thing), '/v9/things', 'post'),
    one(answering(thing), '/v9/things', 'put'),
    'wire operation-moved ',
    'wire operation-moved ',
  ],
  [
    'an operation renamed',
    one(answering(thing)),
    one({ ...answering(thing), operationId: 'readThing' }),
    'type operation-renamed ',
    'type operation-renamed ',
  ],
  [
    'an id given to an operation that had none',
    one({ responses: { 204: bare } }),
    one({ operationId: 'getThing', responses: { 204: bare } }),
    'type operation-renamed ',
    'type operation-renamed ',
  ],
  [
    'an optional parameter added',
    withParameters(query('a')),
    withParameters(query('b'), query('a')),
    'added parameter-added /parameters/0',
    'type parameter-removed /parameters/0',
  ],
  [
    'a required parameter added',
    withParameters(query('a')),
    withParameters(query('a'), query('b', { required: true })),
    'wire parameter-added-required /parameters/1',
    'type parameter-removed /parameters/1',
  ],
  [
    'a parameter became required',
    withParameters(query('a')),
    withParameters(query('a', { required: true })),
    'wire parameter-became-required /parameters/0',
    'added parameter-became-optional /parameters/0',
  ],
  [
    'an enum value of a parameter',
    withParameters(query('a', { schema: { type: 'string', enum: ['x', 'y'] } })),
    withParameters(query('a', { schema: { type: 'string', enum: ['x', 'y', 'z'] } })),
    'added request-enum-value-added /parameters/0/schema',
    'wire request-enum-value-removed /parameters/0/schema',
  ],
  [
    'the type of a parameter',
    withParameters(query('b'), query('a')),
    withParameters(query('a', { schema: { type: 'number' } }), query('b')),
    'wire request-type-changed /parameters/0/schema',
    'wire request-type-changed /parameters/1/schema',
  ],
  [
    'a parameter moved from query to header',
    withParameters(query('a')),
    withParameters(header('a')),
    'wire parameter-moved /parameters/0',
    'wire parameter-moved /parameters/0',
  ],
  [
    'a parameter written another way',
    withParameters(query('a', { schema: { type: 'array', items: string } })),
    withParameters(query('a', { schema: { type: 'array', items: string }, explode: false })),
    'wire parameter-style-changed /parameters/0',
    'wire parameter-style-changed /parameters/0',
  ],
  [
    'a path parameter of another name',
    one(answering(thing, { parameters: [path('id')] }), '/v1/things/{id}'),
    one(answering(thing, { parameters: [path('idOrName')] }), '/v1/things/{idOrName}'),
    'type parameter-renamed /parameters/0',
    'type parameter-renamed /parameters/0',
  ],
  [
    'a parameter of the path',
    { '/v1/things': { get: answering(thing, { parameters: [query('own')] }) } },
    { '/v1/things': { parameters: [query('all')], get: answering(thing, { parameters: [query('own')] }) } },
    'added parameter-added /parameters/1',
    'type parameter-removed /parameters/1',
  ],
  [
    "a parameter's description",
    withParameters(query('a')),
    withParameters(query('a', { description: 'A' })),
    'docs description-changed /parameters/0/description',
    'docs description-changed /parameters/0/description',
  ],
  [
    'an optional body added',
    withBody(),
    withBody({ content: json }),
    'added request-body-added /requestBody',
    'type request-body-removed /requestBody',
  ],
  [
    'a required body added',
    withBody(),
    withBody({ required: true, content: json }),
    'wire request-body-added-required /requestBody',
    'type request-body-removed /requestBody',
  ],
  [
    'a body became required',
    withBody({ content: json }),
    withBody({ required: true, content: json }),
    'wire request-body-became-required /requestBody',
    'added request-body-became-optional /requestBody',
  ],
  [
    'a media type of the body',
    withBody({ content: json }),
    withBody({ content: { ...json, 'text/plain': {} } }),
    'added request-media-type-added /requestBody/content/text~1plain',
    'wire request-media-type-removed /requestBody/content/text~1plain',
  ],
  [
    'the media type of the body',
    withBody({ content: json }),
    withBody({ content: { 'text/plain': { schema: thing } } }),
    'wire request-media-type-changed /requestBody/content/text~1plain',
    'wire request-media-type-changed /requestBody/content/application~1json',
  ],
  [
    'a success status added',
    withResponses({ 200: response(thing) }),
    withResponses({ 200: response(thing), 202: bare }),
    'type response-status-added /responses/202',
    'wire response-status-removed /responses/202',
  ],
  [
    'the first success status added',
    withResponses({ 404: bare }),
    withResponses({ 200: response(thing), 404: bare }),
    'added response-success-added /responses/200',
    'wire response-status-removed /responses/200',
  ],
  [
    'an error status added',
    withResponses({ 200: response(thing) }),
    withResponses({ 200: response(thing), 404: bare }),
    'error-body response-status-added /responses/404',
    'error-body response-status-removed /responses/404',
  ],
  [
    'a default response added',
    withResponses({ 200: response(thing) }),
    withResponses({ 200: response(thing), default: bare }),
    'error-body response-status-added /responses/default',
    'error-body response-status-removed /responses/default',
  ],
  [
    'a body in the answer',
    withResponses({ 200: bare }),
    withResponses({ 200: response(thing) }),
    'added response-body-added /responses/200/content',
    'wire response-body-removed /responses/200/content',
  ],
  [
    'a body in an error',
    withResponses({ 200: bare, 400: bare }),
    withResponses({ 200: bare, 400: response(thing) }),
    'error-body response-body-added /responses/400/content',
    'error-body response-body-removed /responses/400/content',
  ],
  [
    'a media type of the answer',
    withContent(json),
    withContent({ ...json, 'text/plain': {} }),
    'type response-media-type-added /responses/200/content/text~1plain',
    'wire response-media-type-removed /responses/200/content/text~1plain',
  ],
  [
    'the media type of the answer',
    withContent(json),
    withContent({ 'application/stream+json': { schema: thing } }),
    'wire response-media-type-changed /responses/200/content/application~1stream+json',
    'wire response-media-type-changed /responses/200/content/application~1json',
  ],
  [
    'a header of the answer',
    withResponses({ 200: { ...bare, headers: {} } }),
    withResponses({ 200: { ...bare, headers: { 'X-Id': { schema: string } } } }),
    'added response-header-added /responses/200/headers/X-Id',
    'wire response-header-removed /responses/200/headers/X-Id',
  ],
  [
    'a credential asked for',
    one(answering(thing)),
    one(answering(thing, { security: [{ bearerToken: [] }] })),
    'wire credential-changed /security',
    'added credential-accepted /security',
  ],
  [
    'a base URL',
    one(answering(thing, { servers: [{ url: 'https://a.example' }] })),
    one(answering(thing, { servers: [{ url: 'https://b.example' }, { url: 'https://a.example' }] })),
    'added server-added ',
    'wire server-removed ',
  ],
  [
    'a deprecation',
    one(answering(thing)),
    one(answering(thing, { deprecated: true })),
    'sunset operation-deprecated /deprecated',
    'added operation-restored /deprecated',
  ],
  [
    'a summary',
    one(answering(thing, { summary: 'old' })),
    one(answering(thing, { summary: 'new' })),
    'docs summary-changed /summary',
    'docs summary-changed /summary',
  ],
  [
    'the description of a response',
    withResponses({ 200: { description: 'old' } }),
    withResponses({ 200: { description: 'new' } }),
    'docs description-changed /responses/200/description',
    'docs description-changed /responses/200/description',
  ],
];
