import type { CallOptions } from './client-types.js';
import { InvalidArgumentError } from './errors/index.js';
import type { OperationInfo, OperationTable } from './operation-info.js';
import { checkMaxRetries, checkTimeout, type ResolvedOptions, setHeaders } from './options.js';
import type { Call, ParseAs } from './transport/compose.js';
import { createCredential } from './transport/credentials.js';

/** A typed call's second argument once its types are gone. */
export interface UntypedInit extends CallOptions {
  readonly params?: {
    readonly path?: Record<string, unknown>;
    readonly query?: Record<string, unknown>;
    readonly header?: unknown;
  };
  readonly body?: unknown;
  readonly headers?: unknown;
  readonly parseAs?: ParseAs;
  readonly querySerializer?: unknown;
  readonly bodySerializer?: unknown;
  readonly [field: string]: unknown;
}

const PARSE_MODES: ReadonlySet<string> = new Set(['json', 'text', 'blob', 'arrayBuffer', 'stream']);

// What a call may not change: where the bearer goes, and what the transport itself decides.
const CLIENT_ONLY = [
  ...['baseUrl', 'fetch', 'Request', 'middleware', 'pathSerializer', 'method', 'redirect'],
  ...['teamId', 'slug', 'logger'],
];
// What is handled before a `Request` is made.
const OWN_FIELDS = [
  'params',
  'body',
  'headers',
  'querySerializer',
  'bodySerializer',
  'parseAs',
  'signal',
  'timeout',
  'maxRetries',
  'bearerToken',
];

/**
 * Fills in the facts of one call from its own options and the client's.
 *
 * @throws {InvalidArgumentError} For an option that cannot work.
 */
export function describeCall(
  method: string,
  path: string,
  operation: OperationInfo | undefined,
  init: UntypedInit,
  options: ResolvedOptions,
): Call {
  const { parseAs = 'json', signal, timeout, maxRetries, bearerToken } = init;
  if (!PARSE_MODES.has(parseAs))
    throw new InvalidArgumentError('parseAs', `must be one of ${[...PARSE_MODES].join(', ')}`);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new InvalidArgumentError('signal', 'must be an AbortSignal');
  return {
    method,
    path,
    operation,
    parseAs,
    signal,
    secrets: [],
    attempt: 1,
    timeoutMs: timeout === undefined ? options.timeoutMs : checkTimeout(timeout),
    maxRetries: maxRetries === undefined ? options.maxRetries : checkMaxRetries(maxRetries),
    credential: bearerToken === undefined ? options.credential : createCredential('bearerToken', bearerToken),
  };
}

/** @throws {InvalidArgumentError} When the table has no such operation. */
export function findOperation(table: OperationTable, operationId: string): OperationInfo {
  const info =
    typeof operationId === 'string' && Object.hasOwn(table, operationId) ? table[operationId] : undefined;
  if (info !== undefined) return info;
  throw new InvalidArgumentError(
    'operationId',
    `names no operation of this client's document: ${JSON.stringify(String(operationId)).slice(0, 80)}`,
  );
}

/** The query with the client's team in it, where the operation takes one and the caller named none. */
export function withTeam(
  query: Readonly<Record<string, unknown>> | undefined,
  operation: OperationInfo | undefined,
  team: ResolvedOptions['team'],
): Readonly<Record<string, unknown>> {
  if (team === undefined || !operation?.team.includes(team.name)) return query ?? {};
  if (query?.teamId !== undefined || query?.slug !== undefined) return query;
  return { ...query, [team.name]: team.value };
}

/**
 * The client's headers with the call's own over them.
 *
 * A POST, PUT or PATCH without a body says JSON all the same: two token endpoints of the API answer 415 otherwise.
 *
 * @throws {InvalidArgumentError} Naming the header, never its value.
 */
export function mergeHeaders(
  base: Headers,
  own: readonly unknown[],
  method: string,
  body: unknown,
): Record<string, string> {
  const merged = new Headers(base);
  if (body === undefined && ['POST', 'PUT', 'PATCH'].includes(method))
    merged.set('content-type', 'application/json');
  for (const headers of own)
    setHeaders(merged, Array.isArray(headers) ? Object.fromEntries(headers) : headers);
  return Object.fromEntries(merged);
}

/**
 * The fields of a call that go to `Request` as they are, e.g. `duplex`.
 *
 * @throws {InvalidArgumentError} For a field that only the client may set.
 */
export function requestInit(init: UntypedInit): Record<string, unknown> {
  for (const field of CLIENT_ONLY) {
    if (init[field] !== undefined)
      throw new InvalidArgumentError(field, 'is set on the client, not on a call');
  }
  return Object.fromEntries(Object.entries(init).filter(([field]) => !OWN_FIELDS.includes(field)));
}
