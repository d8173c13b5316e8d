import { getResponse } from 'msw';
import { describe, expect, test } from 'vitest';
import { createClient } from '../../src/client/create-client.js';
import { paginate } from '../../src/client/paginate.js';
import { operations as builtIn } from '../../src/generated/index.js';
import { createMock, type Mock, type UntypedOperations } from '../../src/msw/index.js';
import { normalizeDocument } from '../../src/openapi/normalize/normalize.js';
import type { OperationTable } from '../../src/openapi/operation-info.js';
import { buildOperationTable } from '../../src/openapi/operation-table.js';
import { isRecord } from '../../src/util/is-record.js';
import { tableOf } from '../helpers/table-of.js';
import { readPublished, someNames } from '../openapi/normalize/documents.js';

/** Every list of a table that comes in pages, walked over a mock. */
function walks(table: OperationTable, mock: Mock<UntypedOperations>) {
  const client = createClient({
    operations: table,
    bearerToken: 'a-valid-bearer',
    maxRetries: 0,
    fetch: async (input: Request | URL | string, init?: RequestInit) =>
      (await getResponse(mock.handlers, new Request(input, init))) ?? Response.error(),
  });
  const lists = Object.entries(table.operations).filter(([, { page }]) => page !== undefined);
  // The ids and the parameters of a document are known at run time alone.
  const list = paginate as unknown as (
    ...args: readonly unknown[]
  ) => ReturnType<typeof paginate<never, never, never>>;
  const walk = async (operationId: string) => {
    const path = table.operations[operationId]?.path ?? '';
    const names = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => [name, 'one']);
    const pages: (readonly unknown[])[] = [];
    for await (const page of list(client, operationId, {
      params: { path: Object.fromEntries(names) },
    }).pages()) {
      pages.push(page.items);
      if (pages.length > 3) break;
    }
    return pages;
  };
  return { lists, walk };
}

async function expectEnds(table: OperationTable, mock: Mock<UntypedOperations>, least: number) {
  const { lists, walk } = walks(table, mock);
  expect(lists.length).toBeGreaterThanOrEqual(least);
  for (const [operationId, { page, path }] of lists) {
    expect([operationId, (await walk(operationId)).length]).toEqual([operationId, 1]);
    const [handlersAnswer] = [
      await getResponse(
        mock.handlers,
        new Request(`https://api.vercel.com${path.replaceAll(/\{[^{}]+\}/g, 'one')}`, {
          headers: { authorization: 'Bearer a' },
        }),
      ),
    ];
    const body: unknown = await handlersAnswer?.json();
    if (!isRecord(body) || !isRecord(body.pagination) || page === undefined)
      throw new Error(`${operationId} has no page`);
    const { pagination } = body;
    // A planned page goes on where its plan says, whether the document has texts or times for that.
    const more = { ...pagination, ...('hasNext' in pagination ? { hasNext: true } : {}) };
    for (const next of [1_700_000_000_000, '1700000000000']) {
      try {
        mock.sequence(operationId, [{ status: 200, body: { ...body, pagination: { ...more, next } } }]);
      } catch {
        continue;
      }
      expect([operationId, (await walk(operationId)).length]).toEqual([operationId, 2]);
      break;
    }
  }
}

describe('every list ends, and goes on where a test plans pages', () => {
  test('of the built-in document', async () => {
    await expectEnds(builtIn as OperationTable, createMock() as unknown as Mock<UntypedOperations>, 2);
  });

  test.each(someNames)('of %s', async (name) => {
    const document = readPublished(name);
    const table = tableOf(buildOperationTable(normalizeDocument(document).document));
    await expectEnds(table, createMock({ document }), 10);
    await expectEnds(table, createMock({ document, seed: 'another' }), 10);
  });
});
