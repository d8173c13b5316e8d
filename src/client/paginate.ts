import { InvalidArgumentError } from '../errors/index.js';
import type { OperationTable } from '../openapi/operation-info.js';
import type { UntypedInit } from './call.js';
import { checkPathText } from './check-path.js';
import { operationOf } from './client-operations.js';
import { createListing, type Listing } from './page.js';
import type { Client, GetPath, InitOf, Result, SuccessBodyAt } from './types.js';

/** What a list holds: the members of the lists that stand beside `pagination`. */
export type ItemOf<Body> = Body extends { pagination: unknown }
  ? {
      [Field in keyof Body]-?: NonNullable<Body[Field]> extends readonly (infer Item)[] ? Item : never;
    }[keyof Body]
  : never;

/**
 * Goes through a list of the API, page by page, whichever way it goes on: Connect's cursor, the older lists' times.
 *
 * What to pass on, and where the items are, comes from the client's table of operations. `limit` in the query is the size of
 * a page. Each page is a call of its own, with the client's retries and `totalTimeout`.
 *
 * @param path - A GET operation of the client's document that comes in pages.
 * @param init - As for `client.GET`; with a cursor in the query it begins there.
 * @returns Nothing is asked for until it is iterated or awaited.
 * @throws {InvalidArgumentError} At once, for an operation that does not come in pages.
 *
 * @example
 * for await (const connector of paginate(client, '/v2/connect/connectors', { params: { query: { limit: 100 } } })) {
 *   console.log(connector.uid);
 * }
 *
 * @example
 * for await (const page of paginate(client, '/v2/connect/connectors').pages()) console.log(page.items.length);
 */
export function paginate<P, Table extends OperationTable, Path extends GetPath<P>>(
  client: Client<P, Table>,
  path: Path,
  ...[init]: InitOf<P, Path, 'get'>
): Listing<ItemOf<SuccessBodyAt<P, Path, 'get'>>> {
  checkPathText(path);
  const page = operationOf(client, 'GET', String(path))?.page;
  if (page === undefined) {
    throw new InvalidArgumentError(
      'path',
      "is no list in pages of this client's document; with a document of your own pass its `operations` to createClient",
    );
  }
  // The document's types end here; they come back with the type of the result.
  const get = client.GET as unknown as (path: string, init: UntypedInit) => Promise<Result<unknown>>;
  const own = (init ?? {}) as UntypedInit; // What every init is, once its types are gone.
  const facts = { method: 'GET', path: String(path) };
  return createListing(
    (cursor) => {
      const { params } = own;
      const query = cursor === undefined ? params?.query : { ...params?.query, [page.parameter]: cursor };
      return get(String(path), { ...own, params: { ...params, ...(query && { query }) } });
    },
    page,
    facts,
  );
}
