// Where a client of another document sends its calls: OpenAPI 3.1.1, Server Object, and `servers` of paths and operations.
import { describe, expect, it } from 'vitest';
import { type ClientOptions, createClient, InvalidArgumentError } from '../../src/index.js';
import { TABLE_FORMAT } from '../../src/openapi/operation-info.js';
import { caught, thrownBy } from '../helpers/caught.js';
import { tableFor } from '../helpers/table-of.js';

const ROUTES = [
  ['GET', '/files'],
  ['POST', '/uploads', { server: 'https://uploads.example.com' }],
  ['GET', '/reports', { server: 'https://api.example.com/v2' }],
] as const;
const SERVERS = ['https://api.example.com/v1', 'https://eu.example.com'];

function clientOf(servers: readonly string[] | undefined, options: Omit<ClientOptions, 'operations'> = {}) {
  const urls: string[] = [];
  const { operations } = tableFor(...ROUTES);
  const client = createClient<Record<string, object>>({
    operations: { format: TABLE_FORMAT, operations, ...(servers === undefined ? {} : { servers }) },
    bearerToken: 'token-1',
    fetch: async (url) => {
      urls.push(url);
      return Response.json({});
    },
    ...options,
  });
  const call = client.call as unknown as (id: string) => Promise<unknown>;
  return { urls, call };
}

describe('a client of a document', () => {
  it('sends to its first server', async () => {
    const { urls, call } = clientOf(SERVERS);
    await call('get /files');
    expect(urls).toEqual(['https://api.example.com/v1/files']);
  });

  it('sends to the Vercel API where the table names no server', async () => {
    const { urls, call } = clientOf(undefined);
    await call('get /files');
    expect(urls).toEqual(['https://api.vercel.com/files']);
  });

  it('needs a baseUrl for a document whose servers have no host', () => {
    const error = thrownBy(() => clientOf([]), InvalidArgumentError);
    expect([error.argument, error.message]).toEqual([
      'baseUrl',
      expect.stringContaining('is needed, because the document names no server'),
    ]);
  });

  it('sends an operation with a server of the same origin to it', async () => {
    const { urls, call } = clientOf(SERVERS);
    await call('get /reports');
    expect(urls).toEqual(['https://api.example.com/v2/reports']);
  });

  it.each(SERVERS)(
    'refuses an operation that the document has at another origin than %s',
    async (baseUrl) => {
      const { urls, call } = clientOf(SERVERS, { baseUrl });
      const error = await caught(call('post /uploads'), InvalidArgumentError);
      expect(error.message).toContain(
        `is ${baseUrl}, and the document has post /uploads at https://uploads.example.com: call it by a client with that baseUrl`,
      );
      expect(urls).toEqual([]);
    },
  );

  it.each(['https://uploads.example.com', 'http://localhost:4010', 'https://proxy.example.com/api'])(
    'sends every operation to a baseUrl that is not one of its servers: %s',
    async (baseUrl) => {
      const { urls, call } = clientOf(SERVERS, { baseUrl });
      await call('post /uploads');
      await call('get /reports');
      expect(urls).toEqual([`${baseUrl}/uploads`, `${baseUrl}/reports`]);
    },
  );
});
