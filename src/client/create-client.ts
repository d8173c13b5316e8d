import { addCallerFrames, InvalidArgumentError } from '../errors/index.js';
import { operations as builtIn, type operations, type paths } from '../generated/index.js';
import { attachSecrets } from '../http/request-id.js';
import { serverDelayMs } from '../http/retry-after.js';
import { type OperationTable, TABLE_FORMAT } from '../openapi/operation-info.js';
import { authMiddleware } from '../transport/auth/auth.js';
import { createIdentify } from '../transport/auth/identity.js';
import { responseCacheMiddleware } from '../transport/cache/response-cache.js';
import { fetchSend, redirectMiddleware } from '../transport/fetch-send.js';
import { callRetryHooks, observeMiddleware } from '../transport/hooks.js';
import { logTo } from '../transport/log.js';
import { type CallContext, compose, type Send } from '../transport/middleware.js';
import { type ParsedBodies, readBodyMiddleware } from '../transport/read-body.js';
import { rateLimitMiddleware, type SharedCooldowns } from '../transport/retry/rate-limit.js';
import { createRetryBudget, retryMiddleware } from '../transport/retry/retry.js';
import { timeoutMiddleware } from '../transport/timeout.js';
import { toAPIError } from '../transport/to-error.js';
import {
  CLIENT_COUNTERS,
  createCounters,
  createEmitter,
  type EventListener,
  type TransportEvent,
} from '../util/emitter.js';
import { isRecord } from '../util/is-record.js';
import { argumentError, prepareCall, type UntypedInit } from './call.js';
import {
  findOperation,
  indexOperations,
  type KnownOperation,
  type OperationsAt,
  rememberOperations,
} from './client-operations.js';
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
  return createClientWith(options, { createCache: responseCacheMiddleware });
}

/** Options of {@link createClientWith} that users do not have. */
export interface InternalOptions {
  /** Makes the response cache. It is passed in, so that a bundle with Connect alone, which has none, does not carry it. */
  readonly createCache?: typeof responseCacheMiddleware | undefined;
  /** Cooldowns that other processes take part in. */
  readonly sharedCooldowns?: SharedCooldowns | undefined;
  /** Returns whether waits that the server asks for use up the time of a call to a path. Default: they do not. */
  readonly countsServerWaits?: ((path: string) => boolean) | undefined;
}

/**
 * Makes a client as {@link createClient} does, with options that only this package sets.
 *
 * @internal
 */
export function createClientWith<P = paths, O = operations>(
  options: ClientOptions,
  internal: InternalOptions = {},
): Client<P, O> {
  let table: OperationTable;
  let resolved: ResolvedOptions;
  try {
    table = checkTable(options?.operations ?? builtIn);
    resolved = { ...resolveOptions(options, table), countsServerWaits: internal.countsServerWaits };
  } catch (cause) {
    throw argumentError('options', cause);
  }
  let index: OperationsAt<KnownOperation> | undefined;
  // Read at the first call: many clients of a process make none.
  const operationsAt = () => {
    index ??= indexOperations(table);
    return index;
  };
  const counters = createCounters(CLIENT_COUNTERS);
  const parsedBodies: ParsedBodies = new WeakMap();
  const send = createTransport(resolved, parsedBodies, counters.count, internal);

  async function request(method: string, path: string, init?: UntypedInit): Promise<Result<unknown>> {
    let call: CallContext | undefined;
    try {
      const prepared = prepareCall(method, path, init, resolved, operationsAt());
      call = prepared.call;
      const response = await send(prepared.request, call);
      const data = parsedBodies.get(response)?.data;
      if (!response.ok) throw toAPIError(response, data, call);
      // Errors that are made of the response later show its id.
      if (response.headers.has('x-vercel-id')) attachSecrets(response, call.secrets);
      return { data, response };
    } catch (cause) {
      // Until the call is prepared, only the caller's arguments are read.
      const error = call === undefined ? argumentError('init', cause) : cause;
      // Several callers of Connect wait for one request: each of them adds its own frames.
      throw call?.onSend === undefined ? addCallerFrames(error) : error;
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
    stats: counters.read,
  };
  // The document's types end here: below this line a call is plain data, checked at run time.
  return rememberOperations(client, operationsAt) as unknown as Client<P, O>;
}

/** @throws {InvalidArgumentError} For a value that is not a table, and for a table of another version of the package. */
function checkTable(table: OperationTable): OperationTable {
  const { format, operations } = isRecord(table) ? table : {};
  if (format === TABLE_FORMAT && isRecord(operations)) return table;
  const isOld = isRecord(table) && Object.values(table).every((row) => isRecord(row) && 'path' in row);
  throw new InvalidArgumentError(
    'operations',
    isOld || typeof format === 'number'
      ? 'was written by another version of vercel-rest: run `npx vercel-rest generate` again with this version'
      : 'must be the table that `vercel-rest generate` writes: the `operations` that index.ts exports',
  );
}

/** The order of the transport, outermost first; stated here and nowhere else. */
function createTransport(
  options: ResolvedOptions,
  parsedBodies: ParsedBodies,
  count: EventListener<TransportEvent>,
  { createCache, sharedCooldowns }: InternalOptions,
): Send {
  const { responseCache, logger, hooks, onEvent } = options;
  const { origin } = new URL(options.baseUrl);
  const report = createEmitter(count, logger && logTo(logger), onEvent);
  const emit = hooks.length === 0 ? report : callRetryHooks(hooks, report);
  const bodyOf = (response: Response) => parsedBodies.get(response)?.data;
  const identify = createIdentify();
  const cached =
    responseCache && createCache ? [createCache({ ...responseCache, parsedBodies, identify })] : [];
  return compose(
    [
      ...cached,
      retryMiddleware({ budget: createRetryBudget(), emit, bodyOf }),
      authMiddleware(origin),
      rateLimitMiddleware({
        ...{ cooldowns: new Map(), shared: sharedCooldowns, emit, identify },
        delayOf: (response) => serverDelayMs(response, Date.now(), bodyOf(response)),
      }),
      // Outside the timeout, to report an attempt that a fetch never ends. Outside the body reader, to report a body that
      // breaks off as an error and not as a response.
      observeMiddleware({ origin, emit, hooks }),
      timeoutMiddleware(),
      readBodyMiddleware(parsedBodies, options.fetch === undefined),
      redirectMiddleware(),
    ],
    fetchSend(options.fetch),
  );
}
