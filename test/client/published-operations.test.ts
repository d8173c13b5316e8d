// Lists, streams and uploads of the published documents, reached through the tables that are generated of them.
import { describe, expect, test } from 'vitest';
import { createClient, paginate, stream, upload } from '../../src/index.js';
import { normalizeDocument } from '../../src/openapi/normalize/normalize.js';
import { buildOperationTable } from '../../src/openapi/operation-table.js';
import { json } from '../helpers/answers.js';
import { answeringFetch } from '../helpers/observed-fetch.js';
import { tableOf } from '../helpers/table-of.js';
import { publishedNames, readPublished, skipWithoutDocuments } from '../openapi/normalize/documents.js';

/** The functions without the document's types, of which there are none for a table made at run time. */
type Untyped = (...call: unknown[]) => AsyncIterable<unknown> & PromiseLike<unknown>;
const [list, read, send] = [paginate, stream, upload].map((one) => one as unknown as Untyped) as [
  Untyped,
  Untyped,
  Untyped,
];

const path = { idOrUrl: 'dpl_1', idOrName: 'a', domain: 'a.example', teamId: 'team_1', projectId: 'prj_1' };

skipWithoutDocuments();

describe.each(publishedNames)('%s', (name) => {
  const rows = buildOperationTable(normalizeDocument(readPublished(name)).document);
  const operations = tableOf(rows);
  const lists = Object.entries(rows).filter(([, { page }]) => page !== undefined);

  test('has lists that go on in each of the ways', () => {
    const ways = new Set(lists.map(([, { page }]) => page?.parameter));
    expect(lists.length).toBeGreaterThanOrEqual(12);
    expect([...ways].sort()).toEqual(['from', 'next', 'until']);
    // Logs and single things take times too, and are no lists.
    for (const id of ['getDeploymentEvents', 'getAlias']) expect(rows[id]?.page).toBeUndefined();
  });

  test('every list is gone through to its end', async () => {
    for (const [id, { path: template, page }] of lists) {
      if (page === undefined) continue;
      const network = answeringFetch(({ url }) => {
        const at = Number(new URL(url).searchParams.get(page.parameter) ?? 3);
        return json({ [page.items]: [{ at }], pagination: { count: 1, next: at > 1 ? at - 1 : null } });
      });
      const client = createClient({ fetch: network.fetch, operations, bearerToken: 'token-1' });
      const values = { ...path, edgeConfigId: 'ecfg_1' };
      const names = [...template.matchAll(/\{([^}]+)\}/g)].map(([, one]) => one as keyof typeof values);
      const own = Object.fromEntries(names.map((one) => [one, values[one]]));
      const items: unknown[] = [];
      for await (const item of list(client, template, { params: { path: own } })) items.push(item);
      expect(items, id).toEqual([{ at: 3 }, { at: 2 }, { at: 1 }]);
    }
  });

  test('deployment events are streamed', async () => {
    const template = rows.getDeploymentEvents?.path;
    const headers = { 'content-type': 'application/stream+json' };
    const network = answeringFetch(() => new Response('{"text":"a"}\n{"text":"b"}\n', { headers }));
    const client = createClient({ fetch: network.fetch, operations, bearerToken: 'token-1' });
    const events: unknown[] = [];
    for await (const event of read(client, template, { params: { path, query: { follow: 1 } } }))
      events.push(event);
    expect(events).toEqual([{ text: 'a' }, { text: 'b' }]);
  });

  test.each(['uploadFile', 'uploadArtifact'])('%s takes bytes', async (id) => {
    const operation = rows[id];
    if (operation === undefined) return;
    const network = answeringFetch(() => json({ urls: [] }, { status: 200 }));
    const client = createClient({ fetch: network.fetch, operations, bearerToken: 'token-1' });
    const file = new Uint8Array([1, 2, 3]);
    await send(client, operation.path, { file, params: { path: { hash: 'abc' } } });
    const [request] = network.requests;
    expect(request?.method).toBe(operation.method);
    expect(request?.headers.get('content-length')).toBe('3');
    expect(request?.headers.has('x-vercel-digest')).toBe(id === 'uploadFile');
    expect(request?.body).toBe('\u0001\u0002\u0003');
  });
});
