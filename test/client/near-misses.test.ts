// A name that nearly is one of the document's is answered with the one that it most likely stands for.
import { describe, expect, it } from 'vitest';
import { createClient, InvalidArgumentError, paginate, stream, upload } from '../../src/index.js';
import { createHandlers } from '../../src/msw/index.js';
import { caught, thrownBy } from '../helpers/caught.js';
import { fetchOf } from '../helpers/fetch-of.js';

const client = createClient({ bearerToken: 'b', fetch: fetchOf(createHandlers()), maxRetries: 0 });
/** Calls as a program without types can write them. */
const untyped = (work: unknown) => work as (...args: readonly unknown[]) => Promise<unknown>;

describe('a near miss', () => {
  it.each([
    ['call', () => untyped(client.call)('getConnecto'), 'getConnector'],
    ['the path of a call with a team', () => teamCall('/v2/connect/conectors'), '/v2/connect/connectors'],
    [
      'the query',
      () => untyped(client.GET)('/v2/connect/connectors', { params: { query: { limt: 1 } } }),
      'limit',
    ],
  ])('of %s is named', async (_, work, nearest) => {
    expect((await caught(work(), Error)).message).toContain(`did you mean ${nearest}?`);
  });

  it.each([
    ['paginate', () => untyped(paginate)(client, 'listConnector'), 'listConnectors'],
    ['paginate, by path', () => untyped(paginate)(client, '/v2/connect/conectors'), '/v2/connect/connectors'],
    ['stream', () => untyped(stream)(client, 'listConnetors'), 'listConnectors'],
  ])('of %s is named at once', (_, work, nearest) => {
    expect(thrownBy(() => void work(), InvalidArgumentError).message).toContain(`did you mean ${nearest}?`);
  });

  it('of the field of a body is named by the mock', async () => {
    const schema = { type: 'object', properties: { buildCommand: {} }, additionalProperties: false };
    const requestBody = { content: { 'application/json': { schema } } };
    const post = { operationId: 'createNote', requestBody, responses: { 200: { description: 'Made.' } } };
    const info = { title: 'Notes', version: '1' };
    const servers = [{ url: 'https://api.vercel.com' }];
    const document = { openapi: '3.1.0', info, servers, paths: { '/v1/notes': { post } } };
    const response = await fetchOf(createHandlers({ document }))('https://api.vercel.com/v1/notes', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer b' },
      body: '{"buildComand":"make"}',
      redirect: 'manual',
    });
    expect(await response.text()).toContain('did you mean buildCommand?');
  });

  it('of upload is one that uploads', async () => {
    const error = await caught(
      untyped(upload)(client, 'uploadFiles', { file: new Uint8Array() }),
      InvalidArgumentError,
    );
    expect(error.message).toContain('did you mean uploadFile?');
  });
});

function teamCall(path: string) {
  return untyped(createClient({ teamId: 'team_1', fetch: fetchOf([]) }).GET)(path);
}
