import { InvalidArgumentError } from '../errors/index.js';
import type { OperationInfo } from '../openapi/operation-info.js';
import { type Outgoing, PASSED_FIELDS, PlainRequest } from '../transport/plain-request.js';
import { isUpload, type UntypedInit } from './call.js';
import { checkOptionNames } from './option-names.js';
import { RENAMED_OPTIONS, type ResolvedOptions, setHeaders } from './options.js';
import { UploadBody } from './upload/upload-body.js';

// What a call may not change: where the bearer goes, and what the transport itself decides.
const CLIENT_ONLY = [
  ...['baseUrl', 'fetch', 'Request', 'middleware', 'pathSerializer', 'method', 'redirect'],
  ...['teamId', 'slug', 'logger', 'onEvent', 'maxBodyBytes'],
];
// What is handled before a `Request` is made.
const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...['params', 'body', 'headers', 'querySerializer', 'bodySerializer', 'parseAs'],
  ...['signal', 'timeout', 'totalTimeout', 'maxRetries', 'maxRetryAfterMs', 'bearerToken'],
  ...['idempotencyKey', 'responseCache'],
  ...['onWait', 'onSend'],
]);
const CALL_OPTIONS: ReadonlySet<string> = new Set([...OWN_FIELDS, ...PASSED_FIELDS, 'duplex']);

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
  base: Readonly<Record<string, string>>,
  init: UntypedInit,
  method: string,
): Readonly<Record<string, string>> {
  const { body, idempotencyKey } = init;
  const isBodiless = body === undefined && ['POST', 'PUT', 'PATCH'].includes(method);
  const defaults = isBodiless ? { ...base, 'content-type': 'application/json' } : base;
  // Most calls add nothing, and a `Headers` made to be read once costs more than the rest of this function.
  const addsNothing = init.headers === undefined && init.params?.header === undefined;
  if (addsNothing && idempotencyKey === undefined && !isUpload(body)) return defaults;
  const merged = new Headers(defaults);
  if (isUpload(body)) merged.set('content-type', 'application/octet-stream');
  if (idempotencyKey !== undefined) merged.set('idempotency-key', idempotencyKey);
  for (const headers of [init.headers, init.params?.header]) {
    setHeaders(merged, Array.isArray(headers) ? Object.fromEntries(headers) : headers);
  }
  return Object.fromEntries(merged);
}

/**
 * The fields of a call that go to `Request` as they are, e.g. `cache`.
 *
 * @throws {InvalidArgumentError} For a field that only the client may set, and for one that does not exist.
 */
export function requestInit(init: UntypedInit): Record<string, unknown> {
  const passed: Record<string, unknown> = init.body instanceof ReadableStream ? { duplex: 'half' } : {};
  for (const field of Object.keys(init)) {
    if (OWN_FIELDS.has(field)) continue;
    if (CLIENT_ONLY.includes(field) && init[field] !== undefined) {
      throw new InvalidArgumentError(field, 'is set on the client, not on a call');
    }
    passed[field] = init[field];
  }
  checkOptionNames(passed, CALL_OPTIONS, { instead: RENAMED_OPTIONS });
  return passed;
}

/** Bytes go out as they are; JSON is the default of everything else. */
export function bodySerializerOf(init: UntypedInit): unknown {
  if (init.body instanceof UploadBody) return () => undefined; // It is opened where the request leaves.
  return init.bodySerializer ?? (isUpload(init.body) ? (body: unknown) => body : undefined);
}

/**
 * Checks headers that say how long a body is: the runtime refuses a wrong one, or waits for bytes that never come.
 *
 * @throws {InvalidArgumentError}
 */
export function checkBodyHeaders(request: Outgoing): void {
  if (request.headers.has('transfer-encoding'))
    throw new InvalidArgumentError(
      'headers.transfer-encoding',
      'must be left out: it is set where the request leaves',
    );
  const length = request.headers.get('content-length');
  if (length === null || !(request instanceof PlainRequest) || request.size === undefined) return;
  if (length !== String(request.size))
    throw new InvalidArgumentError(
      'headers.content-length',
      `must be the length of the body, ${request.size}, or left out`,
    );
}
