import { describe, expectTypeOf, it } from 'vitest';
import { type components, createClient, type Page, paginate } from '../../src/index.js';

type Schemas = components['schemas'];

const client = createClient();

describe('paginate', () => {
  it('gives the items of the list', () => {
    const list = paginate(client, '/v2/connect/connectors');
    expectTypeOf<Awaited<typeof list>>().toEqualTypeOf<Page<Schemas['ConnectConnector']>>();
    const links = paginate(client, '/v2/connect/connectors/{connector}/projects', {
      params: { path: { connector: 'slack/acme-slack' } },
    });
    expectTypeOf<Awaited<typeof links>>().toEqualTypeOf<Page<Schemas['ConnectProjectConnection']>>();
  });

  it('takes no operation that does not come in pages', () => {
    // @ts-expect-error its response is one connector
    paginate(client, '/v2/connect/connectors/{connector}', { params: { path: { connector: 'a/b' } } });
    // @ts-expect-error its response is one connector
    paginate(client, 'getConnector', { params: { path: { connector: 'a/b' } } });
  });

  it('takes a list of which the types say that it may have no pagination', () => {
    type Body = { notes: { id: number }[]; pagination?: { next: number | null } };
    interface Paths {
      '/notes': { get: { responses: { 200: { content: { 'application/json': Body } } } } };
    }
    const notes = createClient<Paths>({ operations: { format: 2, operations: {} } });
    expectTypeOf(paginate(notes, '/notes').pages()).toEqualTypeOf<AsyncIterable<Page<{ id: number }>>>();
  });

  it('takes what the operation takes', () => {
    // @ts-expect-error the path needs its parameter
    paginate(client, '/v2/connect/connectors/{connector}/projects');
    // @ts-expect-error no such parameter
    paginate(client, '/v2/connect/connectors', { params: { query: { limitt: 1 } } });
    // @ts-expect-error no such path
    paginate(client, '/v2/connect/conectors');
  });
});
