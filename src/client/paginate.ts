import { InvalidArgumentError } from '../errors/index.js';
import { copyInit, type UntypedInit } from './call.js';
import { operationFor, refuseFurtherArgument } from './client-operations.js';

import { createListing, type Listing } from './page.js';
import type {
  Client,
  GetPath,
  InitArguments,
  OperationFor,
  OperationId,
  Result,
  SuccessBody,
} from './types.js';

/** The items of a list: the members of the lists beside `pagination`. */
export type ItemOf<Body> = Body extends unknown
  ? 'pagination' extends keyof Body
    ? {
        [Field in keyof Body]-?: NonNullable<Body[Field]> extends readonly (infer Item)[] ? Item : never;
      }[keyof Body]
    : never
  : never;

/** Takes any operation that comes in pages; a compiler names this type for any other. */
export type Paged<Body> = [ItemOf<Body>] extends [never]
  ? { readonly error: 'The response of this operation has no pagination.next to go on with.' }
  : unknown;

/**
 * Goes through a list of the API page by page, for any pagination style: Connect's cursor, the older lists' times.
 *
 * What to pass on, and where the items are, comes from the client's table of operations. `limit` in the query is the size of
 * a page. Each page is a call of its own, with the client's retries and `totalTimeout`.
 *
 * @param operation - A GET operation of the client's document that comes in pages, by its id or its path.
 * @param rest - One `init`, as for `client.GET`; with a cursor in the query it begins there.
 * @returns A list that sends no request until it is iterated or awaited.
 * @throws {InvalidArgumentError} At once, for an operation that does not come in pages, and for an `init` that cannot work.
 *
 * @example
 * for await (const connector of paginate(client, 'listConnectors', { params: { query: { limit: 100 } } })) {
 *   console.log(connector.uid);
 * }
 *
 * @example
 * for await (const page of paginate(client, '/v2/connect/connectors').pages()) console.log(page.items.length);
 */
export function paginate<P, O, Target extends GetPath<P> | OperationId<O>>(
  client: Client<P, O>,
  operation: Target & Paged<SuccessBody<OperationFor<P, O, Target, 'get'>>>,
  ...rest: InitArguments<OperationFor<P, O, Target, 'get'>, 'json'>
): Listing<ItemOf<SuccessBody<OperationFor<P, O, Target, 'get'>>>> {
  const { page, path } = operationFor(client, operation, ['GET']);
  if (page === undefined)
    throw new InvalidArgumentError(
      'operation',
      `must be a list that comes in pages, with pagination.next in its response; got GET ${path}`,
    );
  // The document's types end here; they come back with the type of the result.
  const get = client.GET as unknown as (path: string, init: UntypedInit) => Promise<Result<unknown>>;
  const [init, ...further] = rest as readonly unknown[];
  refuseFurtherArgument(further, 'paginate');
  const own = copyInit(init);
  if (own.parseAs !== undefined && own.parseAs !== 'json')
    throw new InvalidArgumentError('parseAs', 'must be json for a list, which is read from its parsed body');
  const facts = { method: 'GET', path };
  return createListing(
    (cursor) => {
      const { params } = own;
      const query = cursor === undefined ? params?.query : { ...params?.query, [page.parameter]: cursor };
      return get(path, { ...own, params: { ...params, ...(query && { query }) } });
    },
    page,
    facts,
  );
}
