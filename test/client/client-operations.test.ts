import { describe, expect, it } from 'vitest';
import { createClient, InvalidArgumentError, type OperationTable } from '../../src/index.js';

interface NotePaths {
  '/v1/notes/{note}': {
    post: {
      operationId: 'touchNote';
      parameters: { path: { note: string } };
      responses: { 200: { content: { 'application/json': { text: string } } } };
    };
  };
}

const TABLE: OperationTable = {
  touchNote: {
    method: 'POST',
    path: '/v1/notes/{note}',
    team: ['teamId'],
    safeToRepeat: true,
    requestBody: false,
    success: { 200: true },
  },
};

function observed(operations: OperationTable | undefined, statuses: readonly number[] = [200]) {
  const urls: string[] = [];
  const client = createClient<NotePaths>({
    operations,
    teamId: 'team_1',
    fetch: async ({ url }) => {
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

  it('without it, a path of the caller is sent once and without a team, and its id is not known', async () => {
    const { client, urls } = observed(undefined, [503]);
    await expect(client.POST('/v1/notes/{note}', INIT)).rejects.toThrow(/503|fails/);
    expect(urls).toEqual(['https://api.vercel.com/v1/notes/a']);
    await expect(client.call('touchNote', INIT)).rejects.toThrow(InvalidArgumentError);
  });

  it.each([[[]], ['touchNote'], [{ touchNote: {} }], [{ touchNote: { path: '/v1', team: 'x' } }]])(
    'refuses %j, which is no table',
    (operations) => {
      expect(() => createClient({ operations: operations as unknown as OperationTable })).toThrow(
        /operations: must be the table/,
      );
    },
  );
});
