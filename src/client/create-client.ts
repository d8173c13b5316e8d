import { InvalidArgumentError, VercelError } from '../errors/index.js';
import type { paths } from '../generated/index.js';
import { operations } from '../generated/operations.js';
import { attachSecrets } from '../http/request-id.js';
import { serverDelayMs } from '../http/retry-after.js';
import { authStage } from '../transport/auth/auth.js';
import type { IdentifyLater } from '../transport/auth/identity.js';
import type { ResponseCacheStageOptions } from '../transport/cache/response-cache.js';
import { type Call, compose, lazyStage, type Send, type Stage } from '../transport/compose.js';
import { fetchSend } from '../transport/fetch-send.js';
import { logStage } from '../transport/log.js';
import { type Payloads, readBodyStage } from '../transport/read-body.js';
import { redirectStage } from '../transport/redirect.js';
import { type Cooldowns, rateLimitStage, type SharedCooldowns } from '../transport/retry/rate-limit.js';
import { retryStage } from '../transport/retry/retry.js';
import { createRetryBudget } from '../transport/retry/retry-budget.js';
import { timeoutStage } from '../transport/timeout.js';
import { toAPIError } from '../transport/to-error.js';
import { createEmitter } from '../util/emitter.js';
import { checkTable, describeCall, findOperation, type UntypedInit } from './call.js';
import { checkPath, checkPathText, checkQuery, checkSegments } from './check-path.js';
import { type OperationsAt, rememberOperations } from './client-operations.js';
import { createSerializer } from './openapi-fetch.js';
import { type ClientOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { bodySerializerOf, checkBodyHeaders, mergeHeaders, requestInit, withTeam } from './request-parts.js';
import { secretsOf } from './request-secrets.js';
import type { Client, Result } from './types.js';

/** The operations that `call` knows: those of the built-in document. */
export type BuiltInOperations = typeof operations;

/**
 * Makes a typed client of the Vercel REST API.
 *
 * Every method resolves to `{ data, response }` and throws a typed error for anything but a success.
 *
 * @typeParam P - The paths of a generated document. Default: those of the document in this package. With paths of your
 *   own pass the run-time table generated beside them as `operations`, else nothing is known of them but their types: no
 *   team is added, only idempotent methods are repeated, and `call` knows the built-in ids.
 * @throws {InvalidArgumentError} For an option that cannot work, before anything is sent.
 *
 * @example
 * const client = createClient({ bearerToken: process.env.VERCEL_TOKEN, teamId: 'team_acme' });
 * const { data } = await client.GET('/v2/connect/connectors', { params: { query: { limit: 10 } } });
 * for (const connector of data.connectors) console.log(connector.uid);
 */
export function createClient<P extends object = paths>(
  options: ClientOptions = {},
): Client<P, BuiltInOperations> {
  return createClientWith<P>(options);
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
export function createClientWith<P extends object = paths>(
  options: ClientOptions,
  { sharedCooldowns, countsServerWaits }: InternalOptions = {},
): Client<P, BuiltInOperations> {
  const { resolved, table } = argumentsOnly('options', () => ({
    resolved: resolveOptions(options),
    table: checkTable(options.operations ?? operations),
  }));
  const operationAt = new Map(Object.values(table).map((info) => [`${info.method} ${info.path}`, info]));
  const request = createRequester(
    countsServerWaits === undefined ? resolved : { ...resolved, countsServerWaits },
    operationAt,
    sharedCooldowns,
  );
  const byPath = (method: string) => (path: string, init?: UntypedInit) => request(method, path, init);
  const client = {
    GET: byPath('GET'),
    POST: byPath('POST'),
    PUT: byPath('PUT'),
    PATCH: byPath('PATCH'),
    DELETE: byPath('DELETE'),
    HEAD: byPath('HEAD'),
    call: async (operationId: string, init?: UntypedInit) => {
      const { method, path } = argumentsOnly('operationId', () => findOperation(table, operationId));
      return request(method, path, init);
    },
  };
  // The document's types end here: below this line a call is plain data, checked at run time.
  return rememberOperations(client, operationAt) as unknown as Client<P, BuiltInOperations>;
}

function createRequester(
  options: ResolvedOptions,
  operationAt: OperationsAt,
  sharedCooldowns: SharedCooldowns | undefined,
) {
  const payloads: Payloads = new WeakMap();
  const uncached = new WeakSet<Call>();
  const send = createTransport(options, payloads, (call) => uncached.has(call), sharedCooldowns);
  const serialize = createSerializer(options.baseUrl);
  return async (method: string, path: string, init: UntypedInit = {}): Promise<Result<unknown>> => {
    const { call, pathValues, parts } = argumentsOnly('init', () => {
      checkPathText(path);
      const described = describeCall(method, path, operationAt.get(`${method} ${path}`), init, options);
      return { call: described, ...partsOf(described, init, options) };
    });
    if (init.responseCache === false) uncached.add(call);
    const response = await serialize({
      ...parts,
      send: async (request) => {
        checkSegments(request.url, options.baseUrl + path);
        checkBodyHeaders(request);
        call.secrets.addLater(() => secretsOf(request, pathValues, init.body));
        const answer = await send(request, call);
        if (!answer.ok) throw toAPIError(answer, payloads.get(answer)?.data, call);
        attachSecrets(answer, call.secrets);
        return answer;
      },
    });
    return { data: payloads.get(response)?.data, response };
  };
}

/** What a request is made of, checked. */
function partsOf({ method, path, operation }: Call, init: UntypedInit, options: ResolvedOptions) {
  const { path: pathValues = {}, query } = init.params ?? {};
  checkPath(path, pathValues);
  checkQuery(query ?? {});
  const parts = {
    ...{ method, path, body: init.body, querySerializer: init.querySerializer },
    params: { path: pathValues, query: withTeam(query, operation, options.team) },
    headers: mergeHeaders(options.headers, init, method),
    bodySerializer: bodySerializerOf(init),
    init: requestInit(init),
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

/** The order of the transport, outermost first; stated here and nowhere else. */
function createTransport(
  options: ResolvedOptions,
  payloads: Payloads,
  skipsCache: (call: Call) => boolean,
  sharedCooldowns: SharedCooldowns | undefined,
): Send {
  const { responseCache } = options;
  const cooldowns: Cooldowns = new Map();
  const emit = createEmitter(options.onEvent);
  const bodyOf = (response: Response) => payloads.get(response)?.data;
  return compose(
    [
      ...(responseCache
        ? [lazyStage(() => loadResponseCache({ ...responseCache, payloads, skips: skipsCache }))]
        : []),
      retryStage({ budget: createRetryBudget(), emit, bodyOf }),
      authStage(new URL(options.baseUrl).origin),
      rateLimitStage({
        ...{ identify: identifyLater(), cooldowns, shared: sharedCooldowns, emit },
        delayOf: (response) => serverDelayMs(response, Date.now(), bodyOf(response)),
      }),
      timeoutStage(),
      // Outside the reading, so that a body that breaks off is not told of as a success.
      ...(options.logger ? [logStage(options.logger)] : []),
      readBodyStage(payloads, options.fetch === undefined),
      redirectStage(),
    ],
    fetchSend(options.fetch),
  );
}

// Hashing and the response cache are loaded by the few processes that need them: together they would make up half of the
// time that importing this package takes, and half of a bundle.
async function loadResponseCache(options: Omit<ResponseCacheStageOptions, 'identify'>): Promise<Stage> {
  const [{ responseCacheStage }, { createIdentify }] = await Promise.all([
    import('../transport/cache/response-cache.js'),
    import('../transport/auth/identity.js'),
  ]);
  return responseCacheStage({ ...options, identify: createIdentify() });
}

function identifyLater(): IdentifyLater {
  let loaded: ReturnType<typeof load> | undefined;
  const load = async () => (await import('../transport/auth/identity.js')).createIdentify();
  return async (bearer) => {
    loaded ??= load();
    return (await loaded)(bearer);
  };
}
