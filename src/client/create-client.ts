import type { paths } from '../generated/index.js';
import { operations } from '../generated/operations.js';
import { authStage } from '../transport/auth/auth.js';
import type { IdentifyLater } from '../transport/auth/identity.js';
import type { ResponseCacheStageOptions } from '../transport/cache/response-cache.js';
import { type Call, compose, lazyStage, type Send, type Stage } from '../transport/compose.js';
import { fetchSend } from '../transport/fetch-send.js';
import { logStage } from '../transport/log.js';
import { type Payloads, readBodyStage } from '../transport/read-body.js';
import { redirectStage } from '../transport/redirect.js';
import { createRetryBudget } from '../transport/retry/budget.js';
import { gateStage, type Holds, type SharedHolds } from '../transport/retry/gate.js';
import { retryStage } from '../transport/retry/retry.js';
import { timeoutStage } from '../transport/timeout.js';
import { readServerError, toAPIError } from '../transport/to-error.js';
import { createEmitter } from '../util/emitter.js';
import { checkTable, describeCall, findOperation, type UntypedInit } from './call.js';
import { checkPath, checkQuery, checkSegments } from './check-path.js';
import { type OperationsAt, rememberOperations } from './client-operations.js';
import { createSerializer } from './openapi-fetch.js';
import { type ClientOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { bodySerializerOf, mergeHeaders, requestInit, withTeam } from './request-parts.js';
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
  return createClientWith<P>(options, undefined);
}

/**
 * {@link createClient} with holds that other processes take part in.
 *
 * @internal
 */
export function createClientWith<P extends object = paths>(
  options: ClientOptions,
  sharedHolds: SharedHolds | undefined,
): Client<P, BuiltInOperations> {
  const table = checkTable(options.operations ?? operations);
  const operationAt = new Map(Object.values(table).map((info) => [`${info.method} ${info.path}`, info]));
  const request = createRequester(resolveOptions(options), operationAt, sharedHolds);
  const byPath = (method: string) => (path: string, init?: UntypedInit) => request(method, path, init);
  const client = {
    GET: byPath('GET'),
    POST: byPath('POST'),
    PUT: byPath('PUT'),
    PATCH: byPath('PATCH'),
    DELETE: byPath('DELETE'),
    HEAD: byPath('HEAD'),
    call: async (operationId: string, init?: UntypedInit) => {
      const { method, path } = findOperation(table, operationId);
      return request(method, path, init);
    },
  };
  // The document's types end here: below this line a call is plain data, checked at run time.
  return rememberOperations(client, operationAt) as unknown as Client<P, BuiltInOperations>;
}

function createRequester(
  options: ResolvedOptions,
  operationAt: OperationsAt,
  sharedHolds: SharedHolds | undefined,
) {
  const payloads: Payloads = new WeakMap();
  const uncached = new WeakSet<Call>();
  const send = createTransport(options, payloads, (call) => uncached.has(call), sharedHolds);
  const serialize = createSerializer(options.baseUrl);
  return async (method: string, path: string, init: UntypedInit = {}): Promise<Result<unknown>> => {
    const call = describeCall(method, path, operationAt.get(`${method} ${path}`), init, options);
    if (init.responseCache === false) uncached.add(call);
    const { path: pathValues = {}, query } = init.params ?? {};
    checkPath(path, pathValues);
    checkQuery(query ?? {});
    const response = await serialize({
      method,
      path,
      params: { path: pathValues, query: withTeam(query, call.operation, options.team) },
      body: init.body,
      headers: mergeHeaders(options.headers, init, method),
      querySerializer: init.querySerializer,
      bodySerializer: bodySerializerOf(init),
      init: requestInit(init),
      send: async (request) => {
        checkSegments(request.url, options.baseUrl + path);
        const answer = await send(request, call);
        if (!answer.ok) throw toAPIError(answer, payloads.get(answer)?.data, call);
        return answer;
      },
    });
    return { data: payloads.get(response)?.data, response };
  };
}

/** The order of the transport, outermost first; stated here and nowhere else. */
function createTransport(
  options: ResolvedOptions,
  payloads: Payloads,
  skipsCache: (call: Call) => boolean,
  sharedHolds: SharedHolds | undefined,
): Send {
  const { responseCache } = options;
  const holds: Holds = new Map();
  return compose(
    [
      ...(responseCache
        ? [lazyStage(() => loadResponseCache({ ...responseCache, payloads, skips: skipsCache }))]
        : []),
      retryStage({
        budget: createRetryBudget(),
        emit: createEmitter(options.onEvent),
        asksForRetry: (response) => isLocked(response, payloads),
      }),
      authStage(new URL(options.baseUrl).origin),
      gateStage(identifyLater(), holds, sharedHolds),
      timeoutStage(),
      // Outside the reading, so that a body that breaks off is not told of as a success.
      ...(options.logger ? [logStage(options.logger)] : []),
      readBodyStage(payloads),
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

/** A conflict that passes: another request holds what this one needs. Every other 409 stays one. */
function isLocked(response: Response, payloads: Payloads): boolean {
  const { code } = readServerError(payloads.get(response)?.data);
  return response.status === 409 && code !== undefined && /lock|conflict_retry/.test(code);
}
