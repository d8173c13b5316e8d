import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createClient,
  InvalidArgumentError,
  MalformedResponseError,
  NotFoundError,
  paginate,
} from '../../src/index.js';
import { apiError, json } from '../helpers/answers.js';
import { caught, thrownBy } from '../helpers/caught.js';
import { answeringFetch } from '../helpers/observed-fetch.js';
import { tableOf } from '../helpers/table-of.js';

interface NotePaths {
  '/v6/notes': {
    get: {
      parameters: { query?: { until?: number; limit?: number; teamId?: string } };
      responses: {
        200: {
          content: { 'application/json': { notes: { id: number }[]; pagination: { next: number | null } } };
        };
      };
    };
  };
}

const NOTES = tableOf({
  listNotes: {
    method: 'GET',
    path: '/v6/notes',
    team: ['teamId'],
    safeToRepeat: true,
    page: { parameter: 'until', items: 'notes' },
    success: { 200: ['application/json'] },
  },
});

/** A list of so many connectors behind cursors; `next` can be changed to lead elsewhere. */
function connectors(count: number, lead = (next: string | null): unknown => next) {
  const network = answeringFetch((request) => {
    const query = new URL(request.url).searchParams;
    const from = Number(query.get('cursor') ?? 0);
    const to = Math.min(count, from + Number(query.get('limit') ?? 20));
    const list = Array.from({ length: to - from }, (_, index) => ({ id: `scl_${from + index}` }));
    return json({ connectors: list, pagination: { next: lead(to < count ? String(to) : null) } });
  });
  const client = createClient({ fetch: network.fetch, bearerToken: 'token-1', maxRetries: 0 });
  const list = (limit: number) =>
    paginate(client, '/v2/connect/connectors', { params: { query: { limit } } });
  return { client, list, requests: network.requests };
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `scl_${index}`);

async function collect<T>(list: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of list) all.push(one);
  return all;
}

describe('paginate', () => {
  it('gives every item once and in order, whatever the page size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(60), fc.integer({ min: 1, max: 25 }), async (count, limit) => {
        const { list, requests } = connectors(count);
        expect((await collect(list(limit))).map(({ id }) => id)).toEqual(ids(count));
        expect(requests).toHaveLength(Math.max(1, Math.ceil(count / limit)));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the rest of the query on every page', async () => {
    const { list, requests } = connectors(5);
    await collect(list(2));
    const sent = requests.map(({ url }) => Object.fromEntries(new URL(url).searchParams));
    expect(sent).toEqual([{ limit: '2' }, { limit: '2', cursor: '2' }, { limit: '2', cursor: '4' }]);
  });

  it('asks for nothing before it is used, and for nothing after the loop was left', async () => {
    const { list, requests } = connectors(100);
    const items = list(10);
    expect(requests).toHaveLength(0);
    for await (const { id } of items) if (id === 'scl_15') break;
    expect(requests).toHaveLength(2);
  });

  it('gives pages, each with its answer', async () => {
    const { list } = connectors(5);
    const pages = await collect(list(2).pages());
    expect(pages.map(({ items }) => items.length)).toEqual([2, 2, 1]);
    expect(pages.map((page) => page.hasNextPage())).toEqual([true, true, false]);
    expect(pages[0]?.response.status).toBe(200);
  });

  it('awaited gives the first page, which gives the next, to callers at the same time with one request', async () => {
    const { list, requests } = connectors(5);
    const first = await list(2);
    expect(first.items.map(({ id }) => id)).toEqual(['scl_0', 'scl_1']);
    const [second, same] = await Promise.all([first.getNextPage(), first.getNextPage()]);
    expect(same).toBe(second);
    expect(requests).toHaveLength(2);
    const third = await second?.getNextPage();
    expect(third?.items.map(({ id }) => id)).toEqual(['scl_4']);
    expect(await third?.getNextPage()).toBeUndefined();
    expect((await first.getNextPage())?.items).toEqual(second?.items);
  });

  it.each([
    ['itself', '2'],
    ['an earlier page', '4'],
  ])('ends with an error at a page that leads back to %s', async (_, back) => {
    const { list, requests } = connectors(10, (next) => (next === '6' || next === '4' ? back : next));
    const seen: string[] = [];
    const walk = async () => {
      for await (const { id } of list(2)) seen.push(id);
    };
    const error = await caught(walk(), MalformedResponseError);
    expect(error.message).toMatch(/GET \/v2\/connect\/connectors.*pagination\.next leads back/);
    // Everything that was read has been given, and nothing twice.
    expect(seen).toEqual(ids(seen.length));
    expect(requests.length).toBeLessThanOrEqual(3);
  });

  it.each([undefined, null, '', {}])('takes a next of %j for the end', async (next) => {
    const { list, requests } = connectors(10, () => next);
    expect(await collect(list(2))).toHaveLength(2);
    expect(requests).toHaveLength(1);
  });

  it('ends with the error of the page that fails, and can be asked again', async () => {
    let fails = true;
    const network = answeringFetch(({ url }) => {
      if (!url.includes('cursor')) return json({ connectors: [{ id: 'a' }], pagination: { next: 'x' } });
      return fails ? apiError(404) : json({ connectors: [{ id: 'b' }], pagination: { next: null } });
    });
    const client = createClient({ fetch: network.fetch, bearerToken: 'token-1' });
    const first = await paginate(client, '/v2/connect/connectors');
    await caught(first.getNextPage(), NotFoundError);
    fails = false;
    expect((await first.getNextPage())?.items).toEqual([{ id: 'b' }]);
  });

  it('names an answer that is no list', async () => {
    const network = answeringFetch(() => json({ pagination: { next: null } }));
    const client = createClient({ fetch: network.fetch, bearerToken: 'token-1', maxRetries: 0 });
    const error = await caught(collect(paginate(client, '/v2/connect/connectors')), MalformedResponseError);
    expect(error.message).toContain('"connectors"');
  });

  it('goes through the older lists by time, in the team of the client', async () => {
    const network = answeringFetch(({ url }) => {
      const until = new URL(url).searchParams.get('until');
      return until === null
        ? json({ notes: [{ id: 2 }, { id: 1 }], pagination: { count: 2, next: 1_700_000_000_000, prev: 1 } })
        : json({ notes: [{ id: 0 }], pagination: { count: 1, next: null, prev: 1 } });
    });
    const client = createClient<NotePaths>({ fetch: network.fetch, operations: NOTES, teamId: 'team_1' });
    const notes = await collect(paginate(client, '/v6/notes'));
    expect(notes.map(({ id }) => id)).toEqual([2, 1, 0]);
    expect(network.requests.map(({ url }) => new URL(url).search)).toEqual([
      '?teamId=team_1',
      '?until=1700000000000&teamId=team_1',
    ]);
  });

  it('refuses at once what does not come in pages', () => {
    const client = createClient();
    // What a caller without types can pass.
    const wrong = () => paginate(client, '/v1/connect/connectors/{connector}' as '/v2/connect/connectors');
    expect(thrownBy(wrong, InvalidArgumentError).message).toMatch(
      /operation: must be a list that comes in pages/,
    );
  });

  it('goes through a list by its operation id', async () => {
    const { client, requests } = connectors(25);
    const items = await collect(paginate(client, 'listConnectors', { params: { query: { limit: 20 } } }));
    expect([items.map(({ id }) => id), requests.length]).toEqual([ids(25), 2]);
  });

  it('refuses at once an operation that the document does not have', () => {
    const wrong = () => paginate(createClient(), 'listConectors' as 'listConnectors');
    expect(thrownBy(wrong, InvalidArgumentError).message).toMatch(/must be a GET operation.*"listConectors"/);
  });

  it('passes the signal on to every page', async () => {
    const { client } = connectors(50);
    const controller = new AbortController();
    const reason = new Error('enough');
    const walk = async () => {
      const list = paginate(client, '/v2/connect/connectors', { signal: controller.signal });
      for await (const { id } of list) if (id === 'scl_10') controller.abort(reason);
    };
    await expect(walk()).rejects.toBe(reason);
  });
});
