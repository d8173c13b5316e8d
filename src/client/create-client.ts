import { InvalidArgumentError, VercelError, withCallerFrames } from '../errors/index.js';

import { operations as builtIn, type operations, type paths } from '../generated/index.js';

import { attachSecrets } from '../http/request-id.js';
import { serverDelayMs } from '../http/retry-after.js';
import type { OperationInfo, OperationTable } from '../openapi/operation-info.js';
import { authMiddleware } from '../transport/auth/auth.js';
import type { IdentifyLater } from '../transport/auth/identity.js';
import type { ResponseCacheMiddlewareOptions } from '../transport/cache/response-cache.js';
import { CLIENT_COUNTERS, createCounters } from '../transport/counters.js';
import { fetchSend } from '../transport/fetch-send.js';
import { callRetryHooks, observeMiddleware } from '../transport/hooks.js';
import { logTo } from '../transport/log.js';
import {
  type CallContext,
  compose,
  lazyMiddleware,
  type Middleware,
  type Send,
} from '../transport/middleware.js';
import { type ParsedBodies, readBodyMiddleware } from '../transport/read-body.js';
import { redirectMiddleware } from '../transport/redirect.js';
import { type Cooldowns, rateLimitMiddleware, type SharedCooldowns } from '../transport/retry/rate-limit.js';
import { retryMiddleware } from '../transport/retry/retry.js';
import { createRetryBudget } from '../transport/retry/retry-budget.js';
import { timeoutMiddleware } from '../transport/timeout.js';
import { toAPIError } from '../transport/to-error.js';
import { createEmitter, type EventListener, type TransportEvent } from '../util/emitter.js';

import { checkCallOptions, checkTable, describeCall, findOperation, type UntypedInit } from './call.js';
import { checkQuery, serializePath, serializeQuery } from './call-parameters.js';
import { checkPath, checkPathText, checkSegments } from './check-path.js';
import { nearestPath, type OperationsAt, rememberOperations } from './client-operations.js';
import { createSerializer } from './openapi-fetch.js';
import { type ClientOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { type PreparedBody, prepareBody } from './request-body.js';
import { acceptOf, checkBodyHeaders, mergeHeaders, requestInit, withTeam } from './request-parts.js';

import { secretsOf } from './request-secrets.js';
import { checkCredentials } from './scheme-credentials.js';
import type { Client, OperationsOf, Result } from './types.js';

/** Whether two types are the same one. */
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
  return createClientWith(options);
}

/** What {@link createClientWith} takes besides. */
export interface InternalOptions {
  /** Cooldowns that other processes take part in. */
  readonly sharedCooldowns?: SharedCooldowns | undefined;
  /** Whether waits that the server asks for use up the time of a call to a path. Default: they do not. */
  readonly countsServerWaits?: ((path: string) => boolean) | undefined;
}

/**
 * {@link createClient} with what only this package sets.
 *
 * @internal
 */
export function createClientWith<P = paths, O = operations>(
  options: ClientOptions,
  { sharedCooldowns, countsServerWaits }: InternalOptions = {},
): Client<P, O> {
  const { resolved, table } = argumentsOnly('options', () => {
    const checked = checkTable(options?.operations ?? builtIn);
    return { resolved: resolveOptions(options, checked), table: checked };
  });
  const operationAt = indexOf(table);
  const counters = createCounters(CLIENT_COUNTERS);
  const request = createRequester(
    countsServerWaits === undefined ? resolved : { ...resolved, countsServerWaits },
    operationAt,
    idsOf(table),
    { sharedCooldowns, count: counters.count },
  );
  const byPath = (method: string) => (path: string, init?: UntypedInit) => request(method, path, init);
  const call = async (operationId: string, init?: UntypedInit) => {
    const { method, path } = argumentsOnly('operationId', () => findOperation(table, operationId));
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
    // Most clients call a few operations, some by their paths: the functions are made when they are first asked for.
    get operations() {
      methods ??= methodsOf(table, call);
      return methods;
    },
    stats: counters.read,
  };
  // The document's types end here: below this line a call is plain data, checked at run time.
  return rememberOperations(client, operationAt) as unknown as Client<P, O>;
}

function indexOf({ operations }: OperationTable): OperationsAt {
  const index = new Map<string, OperationInfo>(Object.entries(operations));
  for (const info of Object.values(operations)) index.set(`${info.method} ${info.path}`, info);
  return index;
}

/** Returns a function that finds the id of an operation; the ids are read at its first use. */
function idsOf({ operations }: OperationTable): (operation: OperationInfo) => string | undefined {
  let ids: ReadonlyMap<OperationInfo, string> | undefined;
  return (operation) => {
    ids ??= new Map(Object.entries(operations).map(([id, info]) => [info, id]));
    return ids.get(operation);
  };
}

/** A function for each operation id. Without a prototype, so that no id meets a name of `Object`. */
function methodsOf(
  { operations }: OperationTable,
  call: (operationId: string, init?: UntypedInit) => Promise<Result<unknown>>,
): Readonly<Record<string, unknown>> {
  const entries = Object.keys(operations).map((id) => [id, (init?: UntypedInit) => call(id, init)]);
  return Object.freeze(Object.assign(Object.create(null), Object.fromEntries(entries)));
}

function createRequester(
  options: ResolvedOptions,
  operationAt: OperationsAt,
  idOf: (operation: OperationInfo) => string | undefined,
  outside: TransportOutside,
) {
  const parsedBodies: ParsedBodies = new WeakMap();
  const uncached = new WeakSet<CallContext>();
  const send = createTransport(options, parsedBodies, (call) => uncached.has(call), outside);
  const serialize = createSerializer(options.baseUrl);
  async function request(method: string, path: string, init: UntypedInit = {}): Promise<Result<unknown>> {
    const { call, pathValues, parts } = argumentsOnly('init', () => {
      checkPathText(path);
      const operation = operationAt.get(`${method} ${path}`);
      checkCallOptions(method, init);
      const body = prepareBody(init, operation);
      const operationId = operation && idOf(operation);
      const described = describeCall({ method, path, operation, operationId }, init, options, body);
      return { call: described, ...partsOf(described, init, body, options, operationAt) };
    });
    if (init.responseCache === false) uncached.add(call);
    const response = await serialize({
      ...parts,
      send: async (request) => {
        checkSegments(request.url, options.baseUrl + path);
        checkBodyHeaders(request);
        checkCredentials(request, call, options);
        call.secrets.addLater(() => secretsOf(request, pathValues, init.body));
        const answer = await send(request, call);
        if (!answer.ok) throw toAPIError(answer, parsedBodies.get(answer)?.data, call);
        attachSecrets(answer, call.secrets);
        return answer;
      },
    });
    return { data: parsedBodies.get(response)?.data, response };
  }
  return (method: string, path: string, init?: UntypedInit) =>
    // A request that several callers of Connect wait for: each of them adds its own frames.
    init?.onSend === undefined ? withCallerFrames(request(method, path, init)) : request(method, path, init);
}

/** What a request is made of, checked. */
function partsOf(
  call: CallContext,
  init: UntypedInit,
  body: PreparedBody,
  options: ResolvedOptions,
  operationAt: OperationsAt,
) {
  const { method, path, operation } = call;
  const { path: pathValues = {}, query } = init.params ?? {};
  checkPath(path, pathValues, operation);
  if (init.querySerializer === undefined) checkQuery(query ?? {}, operation);
  const parts = {
    ...{ method, path, body: body.value },
    params: {
      path: pathValues,
      query: withTeam(query, call, options.team, () => nearestPath(operationAt, path)),
    },
    headers: mergeHeaders(options.headers, init, call, body, acceptOf(operation, init)),
    pathSerializer: (template: string, values: Record<string, unknown>) =>
      serializePath(template, values, operation),
    querySerializer:
      init.querySerializer ?? ((values: Record<string, unknown>) => serializeQuery(values, operation)),
    init: requestInit(init, body),
  };
  return { pathValues, parts };
}

/**
 * Runs what reads a caller's arguments alone: whatever it throws is about them, e.g. a getter or proxy that fails.
 *
 * @throws {InvalidArgumentError}
 */
function argumentsOnly<T>(argument: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof VercelError) throw cause;
    throw new InvalidArgumentError(argument, 'cannot be read', { cause });
  }
}

/** What a transport shares with its client, and with other processes. */
interface TransportOutside {
  readonly sharedCooldowns: SharedCooldowns | undefined;
  readonly count: EventListener<TransportEvent>;
}

/** The order of the transport, outermost first; stated here and nowhere else. */
function createTransport(
  options: ResolvedOptions,
  parsedBodies: ParsedBodies,
  skipsCache: (call: CallContext) => boolean,
  { sharedCooldowns, count }: TransportOutside,
): Send {
  const { responseCache, logger, hooks, onEvent } = options;
  const { origin } = new URL(options.baseUrl);
  const cooldowns: Cooldowns = new Map();
  const report = createEmitter(count, logger && logTo(logger), onEvent);
  const emit = hooks.length === 0 ? report : callRetryHooks(hooks, report);
  const bodyOf = (response: Response) => parsedBodies.get(response)?.data;
  return compose(
    [
      ...(responseCache
        ? [lazyMiddleware(() => loadResponseCache({ ...responseCache, parsedBodies, skips: skipsCache }))]
        : []),
      retryMiddleware({ budget: createRetryBudget(), emit, bodyOf }),
      authMiddleware(origin),
      rateLimitMiddleware({
        ...{ identify: identifyLater(), cooldowns, shared: sharedCooldowns, emit },
        delayOf: (response) => serverDelayMs(response, Date.now(), bodyOf(response)),
      }),
      // Outside the timeout, to report an attempt that a fetch never ends. Outside the body reader, to report a body that
      // breaks off as an error and not as a response.
      observeMiddleware({ origin, emit, hooks, now: () => performance.now() }),
      timeoutMiddleware(),
      readBodyMiddleware(parsedBodies, options.fetch === undefined),
      redirectMiddleware(),
    ],
    fetchSend(options.fetch),
  );
}

// Hashing and the response cache are loaded by the few processes that need them: together they would make up half of the
// time that importing this package takes, and half of a bundle.
async function loadResponseCache(
  options: Omit<ResponseCacheMiddlewareOptions, 'identify'>,
): Promise<Middleware> {
  const [{ responseCacheMiddleware }, { createIdentify }] = await Promise.all([
    import('../transport/cache/response-cache.js'),
    import('../transport/auth/identity.js'),
  ]);
  return responseCacheMiddleware({ ...options, identify: createIdentify() });
}

function identifyLater(): IdentifyLater {
  let loaded: ReturnType<typeof load> | undefined;
  const load = async () => (await import('../transport/auth/identity.js')).createIdentify();
  return async (bearer) => {
    loaded ??= load();
    return (await loaded)(bearer);
  };
}
