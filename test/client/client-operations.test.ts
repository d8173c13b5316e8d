import { describe, expect, it } from 'vitest';
import { createClient, InvalidArgumentError, type OperationTable } from '../../src/index.js';
import { caught } from '../helpers/caught.js';
import { tableOf } from '../helpers/table-of.js';

interface NotePaths {
  '/v1/notes/{note}': {
    post: {
      operationId: 'touchNote';
      parameters: { path: { note: string } };
      responses: { 200: { content: { 'application/json': { text: string } } } };
    };
  };
}

const TABLE = tableOf({
  touchNote: {
    method: 'POST',
    path: '/v1/notes/{note}',
    team: ['teamId'],
    safeToRepeat: true,
    success: { 200: ['application/json'] },
  },
});

function observed(operations: OperationTable, statuses: readonly number[] = [200]) {
  const urls: string[] = [];
  const client = createClient<NotePaths>({
    operations,
    teamId: 'team_1',
    fetch: async (url) => {
      const status = statuses[urls.push(url) - 1] ?? 200;
      return Response.json({ text: 'hi' }, { status, headers: { 'retry-after-ms': '0' } });
    },
  });
  return { client, urls };
}

const INIT = { params: { path: { note: 'a' } } };

describe("a table of the caller's own", () => {
  it('names operations, says who takes a team, and what may be sent twice', async () => {
    const { client, urls } = observed(TABLE, [503, 200]);
    const { data } = await client.call('touchNote', INIT);
    expect(data.text).toBe('hi');
    expect(urls).toEqual(Array.from({ length: 2 }, () => 'https://api.vercel.com/v1/notes/a?teamId=team_1'));
  });

  it('that has no such operation refuses its id, and a path that the team cannot be applied to', async () => {
    const { client, urls } = observed(tableOf({}));
    const error = await caught(client.POST('/v1/notes/{note}', INIT), InvalidArgumentError);
    expect(error.message).toMatch(
      /path: is not in this client's table.*teamId cannot be applied to POST \/v1\/notes/,
    );
    await expect(client.call('touchNote', INIT)).rejects.toThrow(InvalidArgumentError);
    expect(urls).toEqual([]);
  });

  it('that has no such operation sends a path with the team that the call names, once', async () => {
    const { client, urls } = observed(tableOf({}), [503]);
    // The types of this document have no such parameter.
    const init = { params: { ...INIT.params, query: { teamId: 'team_2' } } } as typeof INIT;
    await expect(client.POST('/v1/notes/{note}', init)).rejects.toThrow(/503|fails/);
    expect(urls).toEqual(['https://api.vercel.com/v1/notes/a?teamId=team_2']);
  });

  it.each<[string, unknown]>([
    ['another format', { ...TABLE, format: 1 }],
    ['no format, as 0.1.0 wrote it', TABLE.operations],
  ])('of %s names the command to run', (_, operations) => {
    expect(() => createClient({ operations: operations as OperationTable })).toThrow(
      /operations: was written by another version of vercel-rest: run `npx vercel-rest generate` again/,
    );
  });

  it('is reached by client.operations too', async () => {
    const { client, urls } = observed(TABLE);
    expect(Object.keys(client.operations)).toEqual(['touchNote']);
    expect('toString' in client.operations).toBe(false);
    const { data } = await client.operations.touchNote(INIT);
    expect([data.text, urls]).toEqual(['hi', ['https://api.vercel.com/v1/notes/a?teamId=team_1']]);
    expect(client.operations).toBe(client.operations);
  });

  it.each([[[]], ['touchNote'], [{ touchNote: {} }]])('refuses %j, which is no table', (operations) => {
    expect(() => createClient({ operations: operations as unknown as OperationTable })).toThrow(
      /operations: must be the table/,
    );
  });
});
