import { argumentError, checkArgument, InvalidArgumentError } from '../errors/index.js';
import { checkOwnFields } from '../http/json-copy.js';
import { createCredential } from '../transport/auth/credentials.js';
import { FETCH_OPTION_NAMES } from '../transport/fetch-options.js';
import type { CallContext, OutgoingRequest, ParseAs } from '../transport/middleware.js';
import { TotalTimeout } from '../transport/timeout.js';
import { copyFields } from '../util/copy-fields.js';
import { isRecord } from '../util/is-record.js';
import { describeKind } from '../util/redact.js';
import { Secrets } from '../util/secrets.js';
import { type KnownOperation, nearestPath, type OperationsAt } from './client-operations.js';
import { serializeUrl } from './openapi-fetch.js';
import { checkOptionNames } from './option-names.js';
import {
  checkFetchOptions,
  checkMaxRetries,
  checkMaxRetryAfter,
  checkMs,
  DEFAULT_ACCEPT,
  RENAMED_OPTIONS,
  type ResolvedOptions,
} from './options.js';
import { NO_BODY, type PreparedBody, prepareBody } from './request-body.js';
import { checkBodyHeaders, mergeHeaders } from './request-headers.js';
import { isSecretName, secretsOf } from './request-secrets.js';
import { chooseCredentials } from './scheme-credentials.js';
import type { CallOptions } from './types.js';
import { UploadBody } from './upload/upload-body.js';

/** The second argument of a typed call, without its types. */
export interface UntypedInit extends CallOptions {
  readonly params?: {
    readonly path?: Record<string, unknown>;
    readonly query?: Record<string, unknown>;
    readonly header?: unknown;
    readonly cookie?: unknown;
  };
  readonly body?: unknown;
  readonly headers?: unknown;
  readonly parseAs?: ParseAs;
  readonly querySerializer?: unknown;
  readonly bodySerializer?: unknown;
  readonly [field: string]: unknown;
}

/** The operation of a call. */
export interface CallTarget {
  /** HTTP method, upper case. */
  readonly method: string;
  /** Path template. */
  readonly path: string;
  /** `undefined` for a path outside the client's document. */
  readonly operation: KnownOperation | undefined;
}

/** Time for a whole call without an idle timeout, in milliseconds. */
const DEFAULT_TOTAL_TIMEOUT_MS = 60_000;
const NO_INIT: UntypedInit = {};
/** Of nearly all clients. */
const NO_SCHEMES: CallContext['schemes'] = [];
const PARSE_MODES: ReadonlySet<string> = new Set(['json', 'text', 'blob', 'arrayBuffer', 'stream']);
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
const BODY_METHODS: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

const CALL_OPTIONS: ReadonlySet<string> = new Set([
  ...['params', 'body', 'headers', 'querySerializer', 'bodySerializer', 'parseAs', 'duplex'],
  ...['signal', 'timeout', 'totalTimeout', 'maxRetries', 'maxRetryAfterMs', 'bearerToken'],
  ...['idempotencyKey', 'responseCache', 'fetchOptions'],
]);
/** Options that a call may not set: they decide where the bearer goes, or belong to the transport. */
const CLIENT_ONLY = [
  ...['baseUrl', 'fetch', 'Request', 'middleware', 'pathSerializer', 'method', 'redirect'],
  ...['teamId', 'slug', 'logger', 'onEvent', 'hooks', 'userAgent', 'maxBodyBytes'],
];
const INSTEAD = {
  instead: {
    ...Object.fromEntries([...FETCH_OPTION_NAMES].map((name) => [name, `give fetchOptions: { ${name} }`])),
    ...Object.fromEntries(CLIENT_ONLY.map((name) => [name, 'is set on the client, not on a call'])),
    ...RENAMED_OPTIONS,
  },
};

/**
 * Checks the arguments of a call, and makes its request and its facts from them and from the client's options.
 *
 * @throws {InvalidArgumentError} For an argument that cannot work.
 */
export function prepareCall(
  method: string,
  path: string,
  init: UntypedInit = NO_INIT,
  options: ResolvedOptions,
  operations: OperationsAt<KnownOperation>,
): { readonly request: OutgoingRequest; readonly call: CallContext } {
  // Without the slash, "api.vercel.com" + ".evil.example" would be another host.
  if (typeof path !== 'string' || !path.startsWith('/'))
    throw new InvalidArgumentError('path', 'must be a path of the document, beginning with a slash');
  if (init !== NO_INIT) checkInit(method, init);
  const operation = operations.get(`${method} ${path}`);
  const target = { method, path, operation };
  const body = init.body === undefined ? NO_BODY : prepareBody(init, operation);
  const parseAs = init.parseAs ?? operation?.parseAs ?? 'json';
  if (init.parseAs === undefined && operation?.parseAs === 'stream')
    throw new InvalidArgumentError(
      'parseAs',
      `must be given, since ${method} ${path} can answer ${operation.streamType}: read it with stream(client, ...), or pass parseAs`,
    );
  const url = urlOf(target, init, options, operations);
  const headers = headersOf(target, init, options, body, parseAs);
  const request = { method, url, headers, body: body.value };
  return { request, call: contextOf(target, init, options, body, parseAs, request) };
}

function contextOf(
  { method, path, operation }: CallTarget,
  init: UntypedInit,
  options: ResolvedOptions,
  sent: PreparedBody,
  parseAs: ParseAs,
  request: OutgoingRequest,
): CallContext {
  const { bearerToken, body, fetchOptions: ownFetchOptions } = init;
  const hasIdleTimeout = sent.isBytes || (parseAs !== 'json' && parseAs !== 'text');
  const bearer =
    bearerToken === undefined ? options.credential : createCredential('bearerToken', bearerToken);
  const fetchOptions =
    ownFetchOptions === undefined
      ? options.fetchOptions
      : { ...options.fetchOptions, ...checkFetchOptions(ownFetchOptions) };
  const setsCache = fetchOptions.cache !== undefined || fetchOptions.next !== undefined;
  // Or a header of the call's own that names its caller.
  const hasCredential =
    bearer !== undefined ||
    options.credentials.size > 0 ||
    Object.keys(request.headers).some((name) => name !== 'idempotency-key' && isSecretName(name));
  const limits = limitsOf(init, options, sent, hasIdleTimeout);
  const chosen =
    options.credentials.size === 0
      ? { credential: bearer, schemes: NO_SCHEMES }
      : chooseCredentials(request, operation, bearer, options);
  // Every field by its name: an object of spreads takes a tenth of a call to make.
  return {
    method,
    path,
    operation,
    operationId: operation?.id,
    fetchOptions,
    parseAs,
    hasIdleTimeout,
    signal: init.signal,
    attempt: 1,
    timer: undefined,
    timeoutMs: limits.timeoutMs,
    totalTimeout: limits.totalTimeout,
    maxRetries: limits.maxRetries,
    maxRetryAfterMs: limits.maxRetryAfterMs,
    repeatable:
      IDEMPOTENT_METHODS.has(method) || init.idempotencyKey !== undefined || operation?.safeToRepeat === true,
    noStore: hasCredential && !setsCache,
    maxBodyBytes: options.maxBodyBytes,
    credential: chosen.credential,
    schemes: chosen.schemes,
    secrets: new Secrets([], () => secretsOf(request, init.params?.path ?? {}, init.body)),
    skipsCache: init.responseCache === false,
    openBody: sent.isBytes && body instanceof UploadBody ? (onChunk) => body.open(onChunk) : undefined,
  };
}

function limitsOf(
  { timeout, totalTimeout, maxRetries, maxRetryAfterMs }: UntypedInit,
  options: ResolvedOptions,
  { isOneShot }: PreparedBody,
  hasIdleTimeout: boolean,
): Pick<CallContext, 'timeoutMs' | 'totalTimeout' | 'maxRetries' | 'maxRetryAfterMs'> {
  const totalMs = totalTimeout === undefined ? options.totalTimeoutMs : checkMs('totalTimeout', totalTimeout);
  const defaultMs = hasIdleTimeout ? Number.POSITIVE_INFINITY : DEFAULT_TOTAL_TIMEOUT_MS;
  const ownRetries = maxRetries === undefined ? options.maxRetries : checkMaxRetries(maxRetries);
  return {
    timeoutMs: timeout === undefined ? options.timeoutMs : checkMs('timeout', timeout),
    totalTimeout: new TotalTimeout(totalMs ?? defaultMs),
    // A stream gives its bytes once.
    maxRetries: isOneShot ? 0 : ownRetries,
    maxRetryAfterMs:
      maxRetryAfterMs === undefined ? options.maxRetryAfterMs : checkMaxRetryAfter(maxRetryAfterMs),
  };
}

/** @throws {InvalidArgumentError} For a path or a query that cannot be sent, and where the team cannot be added. */
function urlOf(
  { method, path, operation }: CallTarget,
  { params, querySerializer }: UntypedInit,
  { baseUrl: ownUrl, servers, team }: ResolvedOptions,
  operations: OperationsAt<KnownOperation>,
): string {
  const pathValues = params?.path;
  let query = params?.query;
  if (team !== undefined && query?.teamId === undefined && query?.slug === undefined) {
    // Sent without its team, the call would act on the personal account.
    if (operation === undefined) {
      const nearest = nearestPath(operations, path);
      const hint = nearest === undefined ? '' : `did you mean ${nearest}? Else `;
      throw new InvalidArgumentError(
        'path',
        `is not in this client's table of operations, so that ${team.name} cannot be applied to ${method} ${path}: ` +
          `${hint}pass \`operations\` of a generated folder to createClient, or the team in params.query`,
      );
    }
    if (operation.team.includes(team.name)) query = { ...query, [team.name]: team.value };
  }
  const baseUrl =
    operation?.server === undefined ? ownUrl : serverFor(operation, operation.server, ownUrl, servers);
  return serializeUrl({ baseUrl, path, pathValues, query, operation, querySerializer });
}

/**
 * Returns the base URL of an operation that has a server of its own. A client of another URL than the document's sends everything
 * there: that is a mock, a proxy, or that server.
 *
 * @throws {InvalidArgumentError} For a server of another origin, which the credentials of this client are not for.
 */
function serverFor(
  { id }: KnownOperation,
  server: string,
  baseUrl: string,
  servers: readonly string[],
): string {
  if (!servers.includes(baseUrl)) return baseUrl;
  if (new URL(server).origin === new URL(baseUrl).origin) return server;
  throw new InvalidArgumentError(
    'baseUrl',
    `is ${baseUrl}, and the document has ${id} at ${server}: call it by a client with that baseUrl`,
  );
}

/**
 * Returns the client's headers with the call's own over them.
 *
 * A POST, PUT or PATCH without a body says JSON all the same: two token endpoints of the API answer 415 otherwise.
 *
 * @throws {InvalidArgumentError} Naming the header, never its value.
 */
function headersOf(
  target: CallTarget,
  init: UntypedInit,
  { headers: base }: ResolvedOptions,
  body: PreparedBody,
  parseAs: ParseAs,
): OutgoingRequest['headers'] {
  const { method, operation } = target;
  const { params, body: given } = init;
  const contentType = given === undefined && BODY_METHODS.has(method) ? 'application/json' : body.contentType;
  // An operation with JSON and other media types is read as JSON unless the call says otherwise.
  let accept = operation?.hasJson && parseAs === 'json' ? undefined : operation?.accept;
  if (parseAs === 'stream') accept = operation?.streamAccept;
  let headers = base;
  if (contentType !== undefined) headers = { ...headers, 'content-type': contentType };
  if (accept !== undefined && base.accept === DEFAULT_ACCEPT) headers = { ...headers, accept };
  // Most calls add nothing, and a `Headers` that is read once costs more than the rest of this function.
  const addsHeaders =
    init.headers !== undefined ||
    init.idempotencyKey !== undefined ||
    params?.header !== undefined ||
    params?.cookie !== undefined;
  if (addsHeaders || given instanceof FormData) headers = mergeHeaders(headers, init, target);
  if ('content-length' in headers || 'transfer-encoding' in headers) checkBodyHeaders(headers, body.value);
  return headers;
}

/**
 * Checks the fields of an `init` before anything reads them.
 *
 * @throws {InvalidArgumentError}
 */
function checkInit(method: string, init: UntypedInit): void {
  if (!isRecord(init)) throw new InvalidArgumentError('init', `must be an object, got ${describeKind(init)}`);
  const { parseAs = 'json', signal, idempotencyKey = 'none', responseCache = false, params, body } = init;
  if (params !== undefined) checkParams(params);
  if (body !== undefined && body !== null && (method === 'GET' || method === 'HEAD'))
    throw new InvalidArgumentError('body', `must be left out: a ${method} has none (RFC 9110 section 9.3.1)`);
  if (responseCache !== false)
    throw new InvalidArgumentError(
      'responseCache',
      'can only be false on a call; it is set up on the client',
    );
  if (!PARSE_MODES.has(parseAs))
    throw new InvalidArgumentError('parseAs', `must be one of ${[...PARSE_MODES].join(', ')}`);
  checkArgument(signal === undefined || signal instanceof AbortSignal, 'signal', 'must be an AbortSignal');
  if (typeof idempotencyKey !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey))
    throw new InvalidArgumentError(
      'idempotencyKey',
      `must be 1 to 255 visible ASCII characters, got ${describeKind(idempotencyKey)}`,
    );
  checkOptionNames(init, CALL_OPTIONS, INSTEAD);
}

/**
 * Copies the `init` of a call that is sent later, or more than once, so that a later change of the original changes nothing.
 *
 * @param further - Names of fields besides those of a call.
 * @throws {InvalidArgumentError}
 */
export function copyInit(init: unknown = NO_INIT, further: readonly string[] = []): UntypedInit {
  if (!isRecord(init)) throw new InvalidArgumentError('init', `must be an object, got ${describeKind(init)}`);
  try {
    const copy = copyFields(init, [...CALL_OPTIONS, ...further]);
    if (copy.params === undefined) return copy;
    checkParams(copy.params);
    const places = copyFields(copy.params, PLACES);
    for (const [name, place] of Object.entries(places)) if (isPlaceRecord(place)) places[name] = { ...place };
    return { ...copy, params: places };
  } catch (cause) {
    throw argumentError('init', cause);
  }
}

const PLACES = ['path', 'query', 'header', 'cookie'] as const;

/** Whether parameters are a record, and not a `Headers`. */
function isPlaceRecord(values: unknown): values is Record<string, unknown> {
  return isRecord(values) && !(Symbol.iterator in values);
}

function checkParams(params: unknown): asserts params is Record<string, unknown> {
  checkArgument(isRecord(params), 'params', 'must be an object', params, describeKind);
  for (const place of PLACES) {
    const values = params[place];
    // Headers can be a `Headers` too, or nothing.
    if (values === undefined || (place === 'header' && !isPlaceRecord(values))) continue;
    checkArgument(isRecord(values), `params.${place}`, 'must be an object', values, describeKind);
    checkOwnFields(values, `params.${place}`);
  }
}
