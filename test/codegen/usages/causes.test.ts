// Which change a report names as the cause of a line that stops compiling, and which it does not.
import { beforeAll, expect, test } from 'vitest';
import type { Impact } from '../../../src/codegen/usages/impact.js';
import { parseDocument } from '../../../src/openapi/read-document.js';
import { answering, documentOf, number, object, string, taking } from '../diff/documents.js';
import { findImpactOn } from './caller-project.js';

const id = { name: 'id', in: 'path', required: true, schema: string };
const states = (...values: string[]) => ({ type: 'string', enum: values });

const [before, after] = [
  {
    '/v1/things': {
      get: answering(object({ 'label!': string, 'state!': states('open') }), { operationId: 'getThing' }),
    },
    '/v1/names': { put: taking(object({ name: string }), { operationId: 'putName' }) },
    '/v1/private': {
      post: taking(object({ a: string }), { operationId: 'post-private' }),
      get: answering(object({ 'private!': string }), { operationId: 'getPrivate' }),
    },
    '/v1/jobs/{id}/now': { post: { operationId: 'runJob', parameters: [id], responses: { 204: {} } } },
    '/v1/jobs/{id}/{when}': { post: { operationId: 'planJob', parameters: [id], responses: { 204: {} } } },
  },
  {
    '/v1/things': {
      get: answering(object({ label: string, 'state!': states('open', 'shut') }), {
        operationId: 'getThing',
      }),
    },
    '/v1/names': {
      put: taking(object({ name: { type: 'string', pattern: '^a' } }), { operationId: 'putName' }),
    },
    '/v1/private': {
      post: taking(object({ a: string, 'b!': number }), { operationId: 'post-private' }),
      get: answering(object({ private: string }), { operationId: 'getPrivate' }),
    },
    '/v1/jobs/{id}/now': { post: { operationId: 'runJob', parameters: [id], responses: { 204: {} } } },
  },
].map((paths) => parseDocument(JSON.stringify(documentOf(paths))).openapi);

const SOURCES = {
  error: `import { createClient } from './api/index.js';
const { data } = await createClient().operations.getThing();
export const first = [data.state, data.label.trim()];
`,
  generic: `import { createClient, type operations } from './api/index.js';
type Body<K extends keyof operations> = operations[K] extends { requestBody: { content: { 'application/json': infer B } } } ? B : never;
const make = <K extends 'putName' | 'post-private'>(id: K, body: Body<K>) => ({ id, body });
export const made = make('post-private', { a: 'x' });
await createClient().operations.putName({ body: { name: 'b' } });
`,
  texts: `import { createClient } from './api/index.js';
await createClient().POST('/v1/jobs/{id}/now', { params: { path: { id: 'a' } } });
await createClient().operations.getPrivate();
`,
};

let impact: Impact;
beforeAll(async () => {
  if (before === undefined || after === undefined) throw new Error('both documents are above');
  impact = await findImpactOn(SOURCES, { before, after });
}, 60_000);

const blamedIn = (file: string) =>
  impact.report.broken
    .filter((line) => line.file === `src/${file}.ts`)
    .map(({ line, changes }) => [line, changes.map((index) => impact.changes[index]?.at)]);

test('what the error names comes before what else stands in the line', () => {
  expect(blamedIn('error')).toEqual([
    [3, ['/responses/200/content/application~1json/schema/properties/label']],
  ]);
});

test('a pattern, which types do not show, and a word inside of a longer name are no cause', () => {
  expect(blamedIn('generic')).toEqual([[4, []]]);
  expect(impact.report.unclear[0]).toMatch(/^src\/generic\.ts:4 stops compiling, and no change/);
});

test('a path as the document writes it is of no other operation', () => {
  const ids = impact.report.operations.map(({ operationId }) => operationId);
  expect(ids).toContain('runJob');
  expect(ids).not.toContain('planJob');
});
