import { describe, expect, it } from 'vitest';
import { operations } from '../../src/generated/index.js';
import { createClient } from '../../src/index.js';
import { json } from '../helpers/answers.js';
import { answeringFetch } from '../helpers/observed-fetch.js';

const table = operations.operations;
const ids = Object.keys(table);

/** Calls any operation of the table; its types are not the matter here. */
type AnyCall = (
  operationId: string,
  init: { params: Record<string, Record<string, string>>; body?: object },
) => Promise<unknown>;

function teamClient(options: { teamId?: string; slug?: string }) {
  const network = answeringFetch(() => json({}));
  const { call } = createClient({ fetch: network.fetch, ...options });
  const send = async (id: string, query: Record<string, string> = {}) => {
    const path = pathParametersOf(table[id]?.path ?? '');
    await (call as AnyCall)(id, { params: { path, query } });
    return Object.fromEntries(new URL(network.requests.at(-1)?.url ?? '').searchParams);
  };
  return { network, send };
}

function pathParametersOf(template: string): Record<string, string> {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return Object.fromEntries(names.map((name) => [name, 'one']));
}

describe('the table', () => {
  it('has operations that take a team and operations that do not', () => {
    expect(ids.some((id) => table[id]?.team.length === 2)).toBe(true);
    expect(ids.some((id) => table[id]?.team.length === 0)).toBe(true);
  });
});

describe('teamId of the client', () => {
  it.each(ids)('goes with %s exactly where the document has it', async (id) => {
    const { send } = teamClient({ teamId: 'team_1' });
    const expected = table[id]?.team.includes('teamId') ? { teamId: 'team_1' } : {};
    expect(await send(id)).toEqual(expected);
  });
});

describe('slug of the client', () => {
  it.each(ids)('goes with %s exactly where the document has it', async (id) => {
    const { send } = teamClient({ slug: 'acme' });
    const expected = table[id]?.team.includes('slug') ? { slug: 'acme' } : {};
    expect(await send(id)).toEqual(expected);
  });
});

describe("the caller's own team", () => {
  it.each([
    [{ teamId: 'team_1' }, { teamId: 'team_2' }],
    [{ teamId: 'team_1' }, { slug: 'other' }],
    [{ slug: 'acme' }, { teamId: 'team_2' }],
    [{ slug: 'acme' }, { slug: 'other' }],
  ])('beside a client with %o, %o is sent alone', async (options, query) => {
    const { send } = teamClient(options);
    expect(await send('listConnectors', { limit: '1', ...query })).toEqual({ limit: '1', ...query });
  });
});

describe('the team', () => {
  it('joins the other query parameters, encoded', async () => {
    const { network, send } = teamClient({ slug: 'a&b' });
    expect(await send('listConnectors', { limit: '1' })).toEqual({ limit: '1', slug: 'a&b' });
    expect(network.requests.at(-1)?.url).toContain('slug=a%26b');
  });

  it('goes with a call by path as with one by id', async () => {
    const network = answeringFetch(() => json({}));
    const client = createClient({ fetch: network.fetch, teamId: 'team_1' });
    await client.GET('/v1/connect/connectors/{connector}', { params: { path: { connector: 'a' } } });
    await client.POST('/v1/connect/token/{connector}', { params: { path: { connector: 'a' } } });
    expect(network.requests.map(({ url }) => new URL(url).search)).toEqual(['?teamId=team_1', '']);
  });

  it("leaves the caller's query object as it was", async () => {
    const network = answeringFetch(() => json({}));
    const client = createClient({ fetch: network.fetch, teamId: 'team_1' });
    const query = Object.freeze({ limit: 1 });
    await client.GET('/v2/connect/connectors', { params: { query } });
    expect(query).toEqual({ limit: 1 });
  });
});
