import { InvalidArgumentError } from '../errors/index.js';
import { type OperationInfo, type OperationTable, TABLE_FORMAT } from '../openapi/operation-info.js';
import { createCredential } from '../transport/auth/credentials.js';
import type { SchemeCredential } from '../transport/auth/scheme-credential.js';
import type { CallContext, ParseAs } from '../transport/middleware.js';
import { TotalTimeout } from '../transport/total-timeout.js';
import { isRecord } from '../util/is-record.js';
import { describeKind } from '../util/redact.js';
import { Secrets } from '../util/secrets.js';
import { checkFetchOptions } from './check-fetch-options.js';
import { nearestName } from './option-names.js';
import { checkMaxRetries, checkMaxRetryAfter, checkMs, type ResolvedOptions } from './options.js';
import type { PreparedBody } from './request-body.js';
import { chooseParseAs } from './request-parts.js';
import { isSecretName } from './request-secrets.js';
import { chooseCredentials } from './scheme-credentials.js';
import type { CallOptions } from './types.js';
import { UploadBody } from './upload/upload-body.js';

/** A typed call's second argument once its types are gone. */
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
  /** Told of each wait before an attempt, in milliseconds, as it begins. Not for callers. */
  readonly onWait?: ((ms: number) => void) | undefined;
  /** Told when a request leaves. Not for callers. */
  readonly onSend?: (() => void) | undefined;
  readonly [field: string]: unknown;
}

/** Time for a whole call without an idle timeout, in milliseconds. */
const DEFAULT_TOTAL_TIMEOUT_MS = 60_000;
/** Of nearly all clients. */
const NO_SCHEMES: readonly SchemeCredential[] = [];
const PARSE_MODES: ReadonlySet<string> = new Set(['json', 'text', 'blob', 'arrayBuffer', 'stream']);
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/**
 * Fills in the facts of one call from its own options and the client's.
 *
 * @throws {InvalidArgumentError} For an option that cannot work.
 */
export function describeCall(
  {
    method,
    path,
    operation,
    operationId,
  }: Pick<CallContext, 'method' | 'path' | 'operation' | 'operationId'>,
  init: UntypedInit,
  options: ResolvedOptions,
  sent: PreparedBody,
): CallContext {
  const { signal, timeout, maxRetries, maxRetryAfterMs, bearerToken, body } = init;
  const parseAs = chooseParseAs(init, operation);
  const hasIdleTimeout = sent.isBytes || (parseAs !== 'json' && parseAs !== 'text');
  const bearer =
    bearerToken === undefined ? options.credential : createCredential('bearerToken', bearerToken);
  const isKeyed = init.idempotencyKey !== undefined;
  const fetchOptions = { ...options.fetchOptions, ...checkFetchOptions(init.fetchOptions) };
  const setsCache = fetchOptions.cache !== undefined || fetchOptions.next !== undefined;
  return {
    method,
    path,
    operation,
    operationId,
    fetchOptions,
    parseAs,
    signal,
    hasIdleTimeout,
    repeatable: IDEMPOTENT_METHODS.has(method) || (operation?.safeToRepeat ?? false) || isKeyed,
    timeoutMs: timeout === undefined ? options.timeoutMs : checkMs('timeout', timeout),
    totalTimeout: totalTimeoutOf(init.totalTimeout, hasIdleTimeout, path, options),
    maxRetryAfterMs:
      maxRetryAfterMs === undefined ? options.maxRetryAfterMs : checkMaxRetryAfter(maxRetryAfterMs),
    noStore: !setsCache && carriesCredential(init, options),
    maxBodyBytes: options.maxBodyBytes,
    // A stream gives its bytes once.
    maxRetries: sent.isOneShot ? 0 : checkMaxRetries(maxRetries ?? options.maxRetries),
    attempt: 1,
    ...(options.credentials.size === 0
      ? { credential: bearer, schemes: NO_SCHEMES }
      : chooseCredentials(operation, bearer, options, options.credentials)),
    secrets: new Secrets(),
    timer: undefined,
    onWait: init.onWait,
    onSend: init.onSend,
    openBody: body instanceof UploadBody ? (onChunk) => body.open(onChunk) : undefined,
  };
}

/** @throws {InvalidArgumentError} For a value that is not a table, and for a table of another version of the package. */
export function checkTable(table: OperationTable): OperationTable {
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

/** @throws {InvalidArgumentError} When the table has no such operation. */
export function findOperation({ operations }: OperationTable, operationId: string): OperationInfo {
  const isKnown = typeof operationId === 'string' && Object.hasOwn(operations, operationId);
  const info = isKnown ? operations[operationId] : undefined;
  if (info !== undefined) return info;
  const name = String(operationId);
  const nearest = nearestName(name, Object.keys(operations));
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  throw new InvalidArgumentError(
    'operationId',
    `names no operation of this client's document: ${JSON.stringify(name).slice(0, 80)}${hint}`,
  );
}

/**
 * Checks what a call was given before anything is made of it.
 *
 * @throws {InvalidArgumentError}
 */
export function checkCallOptions(method: string, init: UntypedInit): void {
  if (!isRecord(init)) throw new InvalidArgumentError('init', `must be an object, got ${describeKind(init)}`);
  const { parseAs = 'json', signal, idempotencyKey, responseCache, params, body } = init;
  if (params !== undefined && !isRecord(params))
    throw new InvalidArgumentError('params', `must be an object, got ${describeKind(params)}`);
  for (const place of ['path', 'query'] as const)
    if (params?.[place] !== undefined && !isRecord(params[place]))
      throw new InvalidArgumentError(
        `params.${place}`,
        `must be an object, got ${describeKind(params[place])}`,
      );
  if (body !== undefined && body !== null && (method === 'GET' || method === 'HEAD'))
    throw new InvalidArgumentError('body', `must be left out: a ${method} has none (RFC 9110 section 9.3.1)`);
  if (responseCache !== undefined && responseCache !== false) {
    throw new InvalidArgumentError(
      'responseCache',
      'can only be false on a call; it is set up on the client',
    );
  }
  if (!PARSE_MODES.has(parseAs)) {
    throw new InvalidArgumentError('parseAs', `must be one of ${[...PARSE_MODES].join(', ')}`);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidArgumentError('signal', 'must be an AbortSignal');
  }
  if (
    idempotencyKey !== undefined &&
    (typeof idempotencyKey !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey))
  ) {
    throw new InvalidArgumentError(
      'idempotencyKey',
      `must be 1 to 255 visible ASCII characters, got ${describeKind(idempotencyKey)}`,
    );
  }
}

function totalTimeoutOf(
  own: number | undefined,
  hasIdleTimeout: boolean,
  path: string,
  options: ResolvedOptions,
): TotalTimeout {
  const given = own === undefined ? options.totalTimeoutMs : checkMs('totalTimeout', own);
  const ms = given ?? (hasIdleTimeout ? Number.POSITIVE_INFINITY : DEFAULT_TOTAL_TIMEOUT_MS);
  return new TotalTimeout(ms, options.countsServerWaits(path));
}

/** Whether a request says who sends it: in its bearer, or in a header that is named like a secret. */
function carriesCredential({ bearerToken, headers, params }: UntypedInit, options: ResolvedOptions): boolean {
  if (bearerToken !== undefined || options.credential !== undefined || options.credentials.size > 0)
    return true;
  const names = [options.headers, headers, params?.header].flatMap((own) =>
    own instanceof Headers ? [...own.keys()] : Object.keys(own ?? {}),
  );
  return names.some(isSecretName);
}
