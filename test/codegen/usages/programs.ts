import type { Json } from '../../../src/codegen/diff/index.js';
import { answering, number, object, response, string, taking } from '../diff/documents.js';

/** A small program, and the part of an API that it is written for. */
export interface CallerProgram {
  readonly source: string;
  /** Path items of the older and of the newer document. */
  readonly before: Json;
  readonly after: Json;
}

const client = `import { createClient } from 'vercel-rest';
import { operations, type paths } from './api/index.js';
const client = createClient<paths>({ operations });
`;
const id = { name: 'id', in: 'path', required: true, schema: string };
const query = (name: string, required = false) => ({ name, in: 'query', required, schema: string });
const list = (items: unknown) => object({ 'items!': { type: 'array', items } });
const colors = (...values: string[]) => ({ type: 'string', enum: values });

/** Lines that must stop compiling, and no others, end with `// breaks`. */
export const PROGRAMS: Readonly<Record<string, CallerProgram>> = {
  'response-property': {
    source: `${client}
const { data } = await client.GET('/v1/things');
for (const thing of data.items) {
  console.log(thing.id);
  console.log(thing.label); // breaks
}
`,
    before: {
      '/v1/things': {
        get: answering(list(object({ 'id!': string, 'label!': string })), { operationId: 'listThings' }),
      },
    },
    after: {
      '/v1/things': {
        get: answering(list(object({ 'id!': string, 'title!': string })), { operationId: 'listThings' }),
      },
    },
  },
  'request-body': {
    source: `${client}
await client.POST('/v1/shapes', { body: { color: 'green' } });
await client.POST('/v1/shapes', {
  body: { color: 'red' }, // breaks
});
await client.PUT('/v1/sizes', {
  body: { width: 1 }, // breaks
});
await client.PATCH('/v1/sizes', {
  body: {
    width: 1,
    depth: 2, // breaks
  },
});
`,
    before: {
      '/v1/shapes': {
        post: taking(object({ 'color!': colors('red', 'green') }), { operationId: 'createShape' }),
      },
      '/v1/sizes': {
        put: taking(object({ 'width!': number }), { operationId: 'putSize' }),
        patch: taking(object({ width: number, depth: number }), { operationId: 'patchSize' }),
      },
    },
    after: {
      '/v1/shapes': {
        post: taking(object({ 'color!': colors('green', 'blue') }), { operationId: 'createShape' }),
      },
      '/v1/sizes': {
        put: taking(object({ 'width!': number, 'height!': number }), { operationId: 'putSize' }),
        patch: taking(object({ width: number }), {
          operationId: 'patchSize',
        }),
      },
    },
  },
  'by-operation-id': {
    source: `${client}
await client.call('getMoved', { params: { path: { id: 'a' } } });
await client.call('getRenamed', { params: { path: { id: 'a' } } }); // breaks
const wanted = 'getRenamed' as const;
await client.call(wanted, { params: { path: { id: 'a' } } }); // breaks
`,
    before: {
      '/v1/moved/{id}': { get: { ...answering(string), operationId: 'getMoved', parameters: [id] } },
      '/v1/renamed/{id}': { get: { ...answering(string), operationId: 'getRenamed', parameters: [id] } },
    },
    after: {
      '/v2/moved/{id}': { get: { ...answering(string), operationId: 'getMoved', parameters: [id] } },
      '/v1/renamed/{id}': { get: { ...answering(string), operationId: 'readRenamed', parameters: [id] } },
    },
  },
  'removed-operation': {
    source: `${client}
await client.DELETE('/v1/gone/{id}', { params: { path: { id: 'a' } } }); // breaks
`,
    before: {
      '/v1/gone/{id}': {
        delete: { ...taking(string), requestBody: undefined, operationId: 'deleteGone', parameters: [id] },
      },
    },
    after: {},
  },
  parameters: {
    source: `${client}
await client.GET('/v1/search', {
  params: {
    query: {
      text: 'a',
      order: 'name', // breaks
    },
  },
});
await client.GET('/v1/report', {
  params: { query: { from: '2026-01-01' } }, // breaks
});
`,
    before: {
      '/v1/search': {
        get: answering(string, { operationId: 'search', parameters: [query('text'), query('order')] }),
      },
      '/v1/report': {
        get: answering(string, { operationId: 'report', parameters: [query('from'), query('until')] }),
      },
    },
    after: {
      '/v1/search': { get: answering(string, { operationId: 'search', parameters: [query('text')] }) },
      '/v1/report': {
        get: answering(string, { operationId: 'report', parameters: [query('from'), query('until', true)] }),
      },
    },
  },
  absence: {
    source: `${client}
const { data: account } = await client.GET('/v1/account');
console.log(
  account.owner.name, // breaks
  account.plan.toUpperCase(), // breaks
);
`,
    before: {
      '/v1/account': {
        get: answering(object({ 'owner!': object({ 'name!': string }), 'plan!': string }), {
          operationId: 'getAccount',
        }),
      },
    },
    after: {
      '/v1/account': {
        get: answering(
          object({ 'owner!': { ...object({ 'name!': string }), nullable: true }, plan: string }),
          { operationId: 'getAccount' },
        ),
      },
    },
  },
  'type-aliases': {
    source: `import type { BodyOf, operations, ResponseOf } from './api/index.js';
type Usage = ResponseOf<'getUsage'>;
export function total(usages: readonly Usage[]): number {
  let sum = 0;
  for (const { count } of usages) {
    sum += count; // breaks
  }
  return sum;
}
export const settings: BodyOf<'putSettings'> = { region: 'a' }; // breaks
export type Hook = operations['createHook']['responses'][201]['content']['application/json'];
export const secretOf = (hook: Hook): string => hook.secret; // breaks
`,
    before: {
      '/v1/usage': { get: answering(object({ 'count!': number }), { operationId: 'getUsage' }) },
      '/v1/settings': { put: taking(object({ 'region!': string }), { operationId: 'putSettings' }) },
      '/v1/hooks': {
        post: { operationId: 'createHook', responses: { 201: response(object({ 'secret!': string })) } },
      },
    },
    after: {
      '/v1/usage': { get: answering(object({ 'count!': string }), { operationId: 'getUsage' }) },
      '/v1/settings': {
        put: taking(object({ 'region!': string, 'zone!': string }), { operationId: 'putSettings' }),
      },
      '/v1/hooks': {
        post: { operationId: 'createHook', responses: { 201: response(object({ 'id!': string })) } },
      },
    },
  },
  connect: {
    source: `import { createConnectClient, getToken } from 'vercel-rest/connect';
const { revokeToken } = createConnectClient();
const subject = { type: 'app' } as const;
console.log((await getToken('slack/acme', { subject })).length);
await revokeToken('slack/acme', { subject });
`,
    before: {
      '/v1/connect/token/{id}': {
        post: { ...taking(string), operationId: 'getConnectorToken', parameters: [id] },
      },
    },
    after: {},
  },
  'kept-under-other-names': {
    source: `${client}
const { GET, POST: send } = client;
const path = '/v1/kept';
const { data } = await GET(path);
console.log(data.size.toFixed(2)); // breaks
await send('/v1/kept', { body: { size: 1 } }); // breaks
export const both = async (isOld: boolean) => client.GET(isOld ? '/v1/kept' : '/v1/other');
`,
    before: {
      '/v1/kept': {
        get: answering(object({ 'size!': number }), { operationId: 'getKept' }),
        post: taking(object({ 'size!': number }), { operationId: 'postKept' }),
      },
      '/v1/other': { get: answering(object({ 'size!': number }), { operationId: 'getOther' }) },
    },
    after: {
      '/v1/kept': {
        get: answering(object({ 'size!': string }), { operationId: 'getKept' }),
        post: taking(object({ 'size!': string }), { operationId: 'postKept' }),
      },
      '/v1/other': { get: answering(object({ 'size!': number, more: string }), { operationId: 'getOther' }) },
    },
  },
  'hard-to-follow': {
    source: `${client}
const version = Number(process.argv[2]);
const path = \`/v\${version}/quiet\`;
await client.GET(path as '/v1/quiet');
const method = version > 1 ? 'GET' : 'POST';
await client[method]('/v1/quiet');
export const read = (id: keyof operations) => client.call(id as never);
export type Any<Id extends keyof operations> = operations[Id];
export type Schema = components['schemas']['Quiet'];
import type { components } from './api/index.js';
`,
    before: {
      '/v1/unused': { get: answering(object({ 'a!': string }), { operationId: 'getUnused' }) },
      '/v1/quiet': {
        get: answering(string, { operationId: 'getQuiet' }),
        post: answering(string, { operationId: 'postQuiet' }),
      },
    },
    after: {
      '/v1/unused': { get: answering(object({ 'b!': string }), { operationId: 'getUnused' }) },
      '/v1/quiet': {
        get: answering(string, { operationId: 'getQuiet' }),
        post: answering(string, { operationId: 'postQuiet' }),
      },
    },
  },
};
