import { addCallerFrames, argumentError, InvalidArgumentError } from '../errors/index.js';
import { operations as builtIn, type operations, type paths } from '../generated/index.js';
import { type OperationTable, TABLE_FORMAT } from '../openapi/operation-info.js';
import { responseCacheMiddleware } from '../transport/cache/response-cache.js';
import type { CallContext } from '../transport/middleware.js';
import { isRecord, recordOf } from '../util/is-record.js';
import { prepareCall, type UntypedInit } from './call.js';
import {
  findOperation,
  indexOperations,
  type KnownOperation,
  type OperationsAt,
  rememberOperations,
} from './client-operations.js';
import { createTransport, type Transport } from './create-transport.js';
import { type ClientOptions, type ResolvedOptions, resolveOptions } from './options.js';
import type { Client, OperationsOf, Result } from './types.js';

/** `true` where two types are the same one. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** {@link ClientOptions} with a table that says which types belong to it. */
type OptionsWithTable<P, O> = ClientOptions & { readonly operations: OperationTable<P, O> };

/** The arguments of {@link createClient} for paths that are named: those of another document need their table. */
type ArgumentsFor<P> =
  Same<P, paths> extends true
    ? [options?: ClientOptions]
    : [options: ClientOptions & { readonly operations: OperationTable }];

/** The operations that belong to some paths, by id. */
type OperationsFor<P> = Same<P, paths> extends true ? operations : OperationsOf<P>;

/**
 * Makes a typed client of the Vercel REST API.
 *
 * Every method resolves to `{ data, response }` and throws a typed error for anything but a success.
 *
 * @typeParam P - The paths of a generated document. Default: those of the document in this package. With paths of your
 *   own pass the run-time table generated beside them as `operations`, or use the `createClient` of the generated folder.
 * @throws {InvalidArgumentError} For an option that cannot work, before anything is sent.
 *
 * @example
 * const client = createClient({ bearerToken: process.env.VERCEL_TOKEN, teamId: 'team_acme' });
 * const { data } = await client.operations.listConnectors({ params: { query: { limit: 10 } } });
 * for (const connector of data.connectors) console.log(connector.uid);
 */
export function createClient<P extends object, O>(options: OptionsWithTable<P, O>): Client<P, O>;
export function createClient<P extends object>(...[options]: ArgumentsFor<P>): Client<P, OperationsFor<P>>;
export function createClient(options?: ClientOptions): Client<paths, operations>;
export function createClient(options: ClientOptions = {}): Client<paths, operations> {
  let table: OperationTable;
  let resolved: ResolvedOptions;
  try {
    table = checkTable(options?.operations ?? builtIn);
    resolved = resolveOptions(options, table);
  } catch (cause) {
    throw argumentError('options', cause);
  }
  return clientOver(createTransport(resolved, { createCache: responseCacheMiddleware }), table);
}

/**
 * Makes a client that sends through a transport.
 *
 * @param table - Says what each operation takes and returns.
 */
export function clientOver<P = paths, O = operations>(
  transport: Transport,
  table: OperationTable,
): Client<P, O> {
  let index: OperationsAt<KnownOperation> | undefined;
  // Read at the first call: many clients of a process make none.
  const operationsAt = () => {
    index ??= indexOperations(table);
    return index;
  };

  async function request(method: string, path: string, init?: UntypedInit): Promise<Result<unknown>> {
    let call: CallContext | undefined;
    try {
      const prepared = prepareCall(method, path, init, transport.options, operationsAt());
      call = prepared.call;
      return await transport.send(prepared.request, call);
    } catch (cause) {
      // Until the call is prepared, only the caller's arguments are read.
      throw addCallerFrames(call === undefined ? argumentError('init', cause) : cause);
    }
  }
  const byPath = (method: string) => (path: string, init?: UntypedInit) => request(method, path, init);
  const call = async (operationId: string, init?: UntypedInit) => {
    const { method, path } = findOperation(operationsAt(), operationId);
    return request(method, path, init);
  };
  let methods: Readonly<Record<string, unknown>> | undefined;
  const client = {
    GET: byPath('GET'),
    POST: byPath('POST'),
    PUT: byPath('PUT'),
    PATCH: byPath('PATCH'),
    DELETE: byPath('DELETE'),
    HEAD: byPath('HEAD'),
    call,
    // A function for each operation, made at the first use. Without a prototype, so that no id meets a name of `Object`.
    get operations() {
      if (methods === undefined) {
        const entries = Object.keys(table.operations).map((id) => [
          id,
          (init?: UntypedInit) => call(id, init),
        ]);
        methods = Object.freeze(Object.assign(Object.create(null), Object.fromEntries(entries)));
      }
      return methods;
    },
    stats: transport.stats,
  };
  // The document's types end here: below this line a call is plain data, checked at run time.
  return rememberOperations(client, operationsAt) as unknown as Client<P, O>;
}

/** @throws {InvalidArgumentError} For a value that is not a table, and for a table of another version of the package. */
function checkTable(table: OperationTable): OperationTable {
  const { format, operations } = recordOf(table);
  if (format === TABLE_FORMAT && isRecord(operations)) return table;
  const isOld = isRecord(table) && Object.values(table).every((row) => isRecord(row) && 'path' in row);
  throw new InvalidArgumentError(
    'operations',
    isOld || typeof format === 'number'
      ? 'was written by another version of vercel-rest: run `npx vercel-rest generate` again with this version'
      : 'must be the table that `vercel-rest generate` writes: the `operations` that index.ts exports',
  );
}
