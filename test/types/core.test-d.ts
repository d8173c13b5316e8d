import { assertType, describe, expectTypeOf, it } from 'vitest';
import {
  type APIErrorCode,
  type components,
  createClient,
  type OperationId,
  type OperationTable,
  type operations,
  type paths,
  type Result,
} from '../../src/index.js';

type Schemas = components['schemas'];

const client = createClient();
const params = { path: { connector: 'slack/acme-slack' } };

describe('a path', () => {
  it('that the document has not does not compile', () => {
    // @ts-expect-error no such path
    client.GET('/v1/connect/conectors');
    // @ts-expect-error no such path, whatever stands beside it
    client.GET('/v1/connect/conectors', { params });
    // @ts-expect-error the path has no GET
    client.GET('/v1/connect/token/{connector}', { params });
    // @ts-expect-error the path has no POST
    client.POST('/v2/connect/connectors', {});
    // @ts-expect-error no PUT in the document at all
    client.PUT('/v2/connect/connectors');
    // @ts-expect-error no such operation
    client.call('listConector');
    // @ts-expect-error no such operation, whatever stands beside it
    client.call('listConector', {});
  });

  it('needs its parameters', () => {
    // @ts-expect-error no init at all
    client.GET('/v1/connect/connectors/{connector}');
    // @ts-expect-error no params
    client.GET('/v1/connect/connectors/{connector}', {});
    // @ts-expect-error no path parameters
    client.GET('/v1/connect/connectors/{connector}', { params: {} });
    // @ts-expect-error one of them is missing
    client.GET('/v1/connect/connectors/{connector}', { params: { path: {} } });
    // @ts-expect-error one of them is misspelt
    client.GET('/v1/connect/connectors/{connector}', { params: { path: { conector: 'a' } } });
    // @ts-expect-error no init at all
    client.POST('/v1/connect/token/{connector}');
    // @ts-expect-error no path parameters
    client.POST('/v1/connect/token/{connector}', { body: {} });
    // @ts-expect-error no init at all
    client.call('getConnector');
    // @ts-expect-error one of them is missing
    client.call('getConnectorProjectConnection', { params: { path: { connector: 'a' } } });
    // @ts-expect-error a parameter of the wrong type
    client.call('getConnector', { params: { path: { connector: true } } });
  });

  it('without required parameters needs no second argument', () => {
    client.GET('/v2/connect/connectors');
    client.call('listConnectors');
    client.call('listConnectors', {});
  });
});

describe('a query', () => {
  it('takes the members of a closed enum alone', () => {
    client.GET('/v2/connect/connectors', { params: { query: { sort: 'name' } } });
    // @ts-expect-error not a member
    client.GET('/v2/connect/connectors', { params: { query: { sort: 'size' } } });
    client.call('listConnectors', { params: { query: { sort: 'updatedAt' } } });
    // @ts-expect-error not a member
    client.call('listConnectors', { params: { query: { sort: 'size' } } });
  });

  it('takes the parameters of the document alone, in their types', () => {
    // @ts-expect-error misspelt
    client.GET('/v2/connect/connectors', { params: { query: { limmit: 1 } } });
    // @ts-expect-error text for a number
    client.GET('/v2/connect/connectors', { params: { query: { limit: '1' } } });
    // @ts-expect-error the operation takes no query
    client.POST('/v1/connect/token/{connector}', { params: { ...params, query: { teamId: 'a' } } });
  });
});

describe('a body', () => {
  it('with a misspelt field does not compile, though the field be optional', () => {
    client.POST('/v1/connect/token/{connector}', { params, body: { scopes: ['a'] } });
    // @ts-expect-error misspelt
    client.POST('/v1/connect/token/{connector}', { params, body: { scpes: ['a'] } });
    // @ts-expect-error misspelt
    client.call('getConnectorToken', { params, body: { instalationId: 'a' } });
    // @ts-expect-error misspelt
    client.PATCH('/v2/connect/connectors/{connector}', { params, body: { nam: 'a' } });
  });

  it('needs its required fields, in their types', () => {
    // @ts-expect-error no body
    client.POST('/v1/connect/connectors', {});
    // @ts-expect-error no data
    client.POST('/v1/connect/connectors', { body: { name: 'a' } });
    // @ts-expect-error text for a list
    client.call('getConnectorToken', { params, body: { scopes: 'a' } });
    // @ts-expect-error the operation takes no body
    client.call('getConnector', { params, body: {} });
  });
});

describe('the options of a call', () => {
  it('are those of the transport', () => {
    const signal = new AbortController().signal;
    client.GET('/v2/connect/connectors', { signal, timeout: 1, maxRetries: 0, bearerToken: async () => 'a' });
    client.call('listConnectors', { headers: { 'x-one': '1', 'x-two': null } });
    // @ts-expect-error text for a number
    client.GET('/v2/connect/connectors', { timeout: '1' });
    // @ts-expect-error no such mode
    client.GET('/v2/connect/connectors', { parseAs: 'xml' });
  });

  it('are not those of the client', () => {
    // @ts-expect-error of the client alone
    client.GET('/v2/connect/connectors', { baseUrl: 'https://example.com' });
    // @ts-expect-error of the client alone
    client.call('listConnectors', { fetch: globalThis.fetch });
    // @ts-expect-error of the client, or in params.query
    client.GET('/v2/connect/connectors', { teamId: 'a' });
  });
});

describe('the options of a client', () => {
  it('take what is documented', () => {
    createClient({ bearerToken: 'a', teamId: 'b', timeout: 1, maxRetries: 0, logger: console });
    createClient({ bearerToken: () => 'a', fetch: globalThis.fetch, headers: new Headers() });
    createClient({ bearerToken: process.env.VERCEL_TOKEN, slug: undefined });
    // @ts-expect-error misspelt
    createClient({ bearer: 'a' });
    // @ts-expect-error a number for text
    createClient({ bearerToken: 1 });
  });
});

describe('data', () => {
  it('needs no narrowing', async () => {
    const list = await client.GET('/v2/connect/connectors');
    expectTypeOf(list).toEqualTypeOf<Result<Schemas['ConnectConnectorList']>>();
    expectTypeOf(list.data.connectors[0]?.uid).toEqualTypeOf<string | undefined>();
    expectTypeOf(list.response).toEqualTypeOf<Response>();
    const { data } = await client.POST('/v1/connect/token/{connector}', { params });
    expectTypeOf(data.token).toEqualTypeOf<string>();
    expectTypeOf((await client.call('getConnectorToken', { params })).data).toEqualTypeOf(data);
    expectTypeOf((await client.call('getConnector', { params })).data.createdAt).toEqualTypeOf<number>();
  });

  it('of a 201 is its body', async () => {
    const body = { data: {}, name: 'a' };
    const { data } = await client.call('createConnector', { body });
    expectTypeOf(data).toEqualTypeOf<Schemas['ConnectConnectorCreateResult']>();
  });

  it('of a 204 is undefined', async () => {
    const { data } = await client.DELETE('/v1/connect/connectors/{connector}', { params });
    expectTypeOf(data).toEqualTypeOf<undefined>();
    expectTypeOf((await client.call('deleteConnector', { params })).data).toEqualTypeOf<undefined>();
  });

  it('of a 200 or a 204 may be undefined', async () => {
    const { data } = await client.call('revokeConnectorTokens', {
      params,
      body: { subject: { type: 'app' } },
    });
    expectTypeOf(data).extract<undefined>().toEqualTypeOf<undefined>();
    expectTypeOf(data).exclude<undefined>().toBeObject();
    // @ts-expect-error there may be none
    assertType<object>(data);
  });

  it('is what parseAs says', async () => {
    const path = '/v2/connect/connectors';
    expectTypeOf((await client.GET(path, { parseAs: 'text' })).data).toEqualTypeOf<string>();
    expectTypeOf((await client.GET(path, { parseAs: 'blob' })).data).toEqualTypeOf<Blob>();
    expectTypeOf((await client.GET(path, { parseAs: 'arrayBuffer' })).data).toEqualTypeOf<ArrayBuffer>();
    expectTypeOf(
      (await client.GET(path, { parseAs: 'stream' })).data,
    ).toEqualTypeOf<ReadableStream<Uint8Array> | null>();
    expectTypeOf((await client.GET(path, { parseAs: 'json' })).data).toEqualTypeOf<
      Schemas['ConnectConnectorList']
    >();
    expectTypeOf((await client.call('listConnectors', { parseAs: 'text' })).data).toEqualTypeOf<string>();
  });
});

describe('an open enum', () => {
  it('takes an unknown string', () => {
    assertType<Schemas['ConnectConnectorType']>('brand-new');
    assertType<Schemas['ConnectEnvironment']>('env_custom');
    assertType<APIErrorCode>('brand_new_code');
    client.call('createConnector', { body: { data: {}, type: 'brand-new', name: 'a' } });
    client.call('getConnectorToken', { params, body: { subject: { type: 'brand-new' } } });
  });

  it('still holds its literals, and is not plain string', () => {
    expectTypeOf<'slack'>().toExtend<Schemas['ConnectConnectorType']>();
    expectTypeOf<Schemas['ConnectConnectorType']>().toExtend<string>();
    expectTypeOf<Schemas['ConnectConnectorType']>().not.toEqualTypeOf<string>();
    expectTypeOf<Extract<Schemas['ConnectConnectorType'], 'slack'>>().toEqualTypeOf<'slack'>();
    expectTypeOf<Extract<Schemas['ConnectEnvironment'], 'preview'>>().toEqualTypeOf<'preview'>();
    expectTypeOf<Extract<APIErrorCode, 'not_found'>>().toEqualTypeOf<'not_found'>();
  });
});

interface NotePaths {
  '/v1/notes/{note}': {
    get: {
      parameters: { path: { note: string } };
      responses: { 200: { content: { 'application/json': { text: string } } } };
    };
    put: {
      parameters: { path: { note: string } };
      requestBody: { content: { 'application/json': { text: string } } };
      responses: { 204: { content?: never } };
    };
  };
}

interface NamedPaths {
  '/v1/notes/{note}': {
    get: NotePaths['/v1/notes/{note}']['get'] & { operationId: 'getNote' };
    put?: never;
    post?: never;
  };
}

declare const table: OperationTable;
declare const namedTable: OperationTable<NamedPaths, { getNote: NamedPaths['/v1/notes/{note}']['get'] }>;

describe("a document of the caller's own", () => {
  const notes = createClient<NotePaths>({ operations: table });
  const init = { params: { path: { note: 'a' } } };

  it('does not compile without its table', () => {
    // @ts-expect-error no options at all
    createClient<NotePaths>();
    // @ts-expect-error no table
    createClient<NotePaths>({});
    // @ts-expect-error no table, so that nobody would know which operations take the team
    createClient<NotePaths>({ teamId: 'team_1' });
    // @ts-expect-error no table
    createClient<NotePaths>({ operations: undefined });
    // @ts-expect-error the table of 0.1.0, without its format
    createClient<NotePaths>({ operations: { format: undefined, operations: {} } });
    createClient<paths>();
    createClient<paths>({ teamId: 'team_1' });
  });

  it('is typed by its table alone', async () => {
    const named = createClient({ operations: namedTable, teamId: 'team_1' });
    expectTypeOf((await named.GET('/v1/notes/{note}', init)).data).toEqualTypeOf<{ text: string }>();
    expectTypeOf((await named.operations.getNote(init)).data).toEqualTypeOf<{ text: string }>();
    // @ts-expect-error of the built-in document
    named.GET('/v2/connect/connectors');
    // @ts-expect-error of the built-in document
    named.call('listConnectors');
  });

  it('types every call', async () => {
    const { data } = await notes.GET('/v1/notes/{note}', init);
    expectTypeOf(data).toEqualTypeOf<{ text: string }>();
    const put = await notes.PUT('/v1/notes/{note}', { ...init, body: { text: 'a' } });
    expectTypeOf(put.data).toEqualTypeOf<undefined>();
    // @ts-expect-error misspelt
    notes.PUT('/v1/notes/{note}', { ...init, body: { txt: 'a' } });
    // @ts-expect-error of the built-in document
    notes.GET('/v2/connect/connectors');
  });

  it('types calls by the ids that generated types name, with no type for the table', async () => {
    const named = createClient<NamedPaths>({ operations: table });
    const { data } = await named.call('getNote', init);
    expectTypeOf(data).toEqualTypeOf<{ text: string }>();
    // @ts-expect-error the path has a parameter
    named.call('getNote');
    // @ts-expect-error the path has a parameter
    named.operations.getNote();
  });

  it('has no operation id of the built-in document', () => {
    // @ts-expect-error of the built-in document
    notes.call('listConnectors');
  });
});

describe('client.operations', () => {
  it('takes and gives what call does', async () => {
    expectTypeOf<keyof typeof client.operations>().toEqualTypeOf<OperationId<operations>>();
    const { data } = await client.operations.getConnector({ params });
    expectTypeOf(data).toEqualTypeOf<Schemas['ConnectConnector']>();
    expectTypeOf((await client.operations.listConnectors({ parseAs: 'text' })).data).toEqualTypeOf<string>();
    // @ts-expect-error no params
    client.operations.getConnector();
    // @ts-expect-error misspelt
    client.operations.getConnectorToken({ params, body: { scpes: ['a'] } });
    // @ts-expect-error no such operation
    client.operations.getConector({ params });
  });
});
