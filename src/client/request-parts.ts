import { InvalidArgumentError } from '../errors/index.js';
import { mediaKindOf } from '../openapi/media-types.js';
import type { OperationInfo } from '../openapi/operation-info.js';
import { FETCH_OPTION_NAMES } from '../transport/fetch-options.js';
import type { CallContext, ParseAs } from '../transport/middleware.js';
import { type OutgoingRequest, PlainRequest } from '../transport/plain-request.js';
import type { UntypedInit } from './call.js';
import { serializeCookies, serializeHeaders } from './call-parameters.js';

import { checkOptionNames } from './option-names.js';
import { DEFAULT_ACCEPT, RENAMED_OPTIONS, type ResolvedOptions, setHeaders } from './options.js';
import type { PreparedBody } from './request-body.js';

// What a call may not change: where the bearer goes, and what the transport itself decides.
const CLIENT_ONLY = [
  ...['baseUrl', 'fetch', 'Request', 'middleware', 'pathSerializer', 'method', 'redirect'],
  ...['teamId', 'slug', 'logger', 'onEvent', 'hooks', 'userAgent', 'maxBodyBytes'],
];
// What is handled before a `Request` is made.
const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...['params', 'body', 'headers', 'querySerializer', 'bodySerializer', 'parseAs'],
  ...['signal', 'timeout', 'totalTimeout', 'maxRetries', 'maxRetryAfterMs', 'bearerToken'],
  ...['idempotencyKey', 'responseCache', 'fetchOptions'],
  ...['onWait', 'onSend'],
]);
const CALL_OPTIONS: ReadonlySet<string> = new Set([...OWN_FIELDS, 'duplex']);
const INSTEAD: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...FETCH_OPTION_NAMES].map((name) => [name, `give fetchOptions: { ${name} }`])),
  ...RENAMED_OPTIONS,
};

/**
 * The query with the client's team in it, where the operation takes one and the caller named none.
 *
 * @throws {InvalidArgumentError} For an operation that the client does not know: sent without its team, the call would act
 *   on the personal account.
 */
export function withTeam(
  query: Readonly<Record<string, unknown>> | undefined,
  { operation, method, path }: Pick<CallContext, 'operation' | 'method' | 'path'>,
  team: ResolvedOptions['team'],
  nearPath: () => string | undefined = () => undefined,
): Readonly<Record<string, unknown>> {
  if (team === undefined) return query ?? {};
  if (query?.teamId !== undefined || query?.slug !== undefined) return query;
  const nearest = operation === undefined ? nearPath() : undefined;
  const hint = nearest === undefined ? '' : `did you mean ${nearest}? Else `;
  if (operation === undefined)
    throw new InvalidArgumentError(
      'path',
      `is not in this client's table of operations, so that ${team.name} cannot be applied to ${method} ${path}: ` +
        `${hint}pass \`operations\` of a generated folder to createClient, or the team in params.query`,
    );
  if (!operation.team.includes(team.name)) return query ?? {};
  return { ...query, [team.name]: team.value };
}

/**
 * The client's headers with the call's own over them.
 *
 * A POST, PUT or PATCH without a body says JSON all the same: two token endpoints of the API answer 415 otherwise.
 *
 * @param accept - The media types of the answer, where they are not JSON alone.
 * @throws {InvalidArgumentError} Naming the header, never its value.
 */
export function mergeHeaders(
  base: Readonly<Record<string, string>>,
  init: UntypedInit,
  { method, operation }: Pick<CallContext, 'method' | 'operation'>,
  body: PreparedBody,
  accept: string | undefined,
): Readonly<Record<string, string>> {
  const { idempotencyKey } = init;
  const isBodiless = init.body === undefined && ['POST', 'PUT', 'PATCH'].includes(method);
  const contentType = isBodiless ? 'application/json' : body.contentType;
  const defaults = {
    ...base,
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(accept !== undefined && base.accept === DEFAULT_ACCEPT ? { accept } : {}),
  };
  // Most calls add nothing, and a `Headers` made to be read once costs more than the rest of this function.
  const cookie = serializeCookies(init.params?.cookie, operation);
  const addsNothing = init.headers === undefined && init.params?.header === undefined && cookie === '';
  if (addsNothing && idempotencyKey === undefined && init.body instanceof FormData === false) return defaults;
  const merged = new Headers(defaults);
  if (idempotencyKey !== undefined) merged.set('idempotency-key', idempotencyKey);
  for (const headers of [init.headers, serializeHeaders(init.params?.header, operation)]) {
    setHeaders(merged, Array.isArray(headers) ? Object.fromEntries(headers) : headers);
  }
  if (cookie !== '') {
    const own = merged.get('cookie');
    setHeaders(merged, { cookie: own === null ? cookie : `${own}; ${cookie}` });
  }
  // Only `fetch` knows the boundary between the parts of a form.
  if (init.body instanceof FormData) merged.delete('content-type');
  return Object.fromEntries(merged);
}

/**
 * Chooses how a call gives its body where it does not say so itself: by the media types that the document names.
 *
 * @throws {InvalidArgumentError} For an answer that comes bit by bit, which is for `stream()` to read.
 */
export function chooseParseAs(init: UntypedInit, operation: OperationInfo | undefined): ParseAs {
  if (init.parseAs !== undefined) return init.parseAs;
  if (operation === undefined || operation.method === 'HEAD') return 'json';
  const types = Object.values(operation.success).flat();
  const kinds = new Set(types.map(mediaKindOf));
  if (kinds.has('stream')) {
    const type = types.find((one) => mediaKindOf(one) === 'stream');
    throw new InvalidArgumentError(
      'parseAs',
      `must be given, since ${operation.method} ${operation.path} can answer ${type}: read it with stream(client, ...), or pass parseAs`,
    );
  }
  if (kinds.size === 0 || kinds.has('json')) return 'json';
  return kinds.has('bytes') || kinds.has('multipart') ? 'blob' : 'text';
}

/** The `Accept` header of an operation that answers anything but JSON; `undefined` for the default. */
export function acceptOf(operation: OperationInfo | undefined, init: UntypedInit): string | undefined {
  const types = operation === undefined ? [] : [...new Set(Object.values(operation.success).flat())];
  const others = types.filter((type) => mediaKindOf(type) !== 'json');
  if (others.length === 0) return undefined;
  // What is parsed as JSON asks for JSON.
  return others.length < types.length && (init.parseAs ?? 'json') === 'json' ? undefined : types.join(', ');
}

/**
 * The fields of a call that go to `Request` as they are: `duplex` alone.
 *
 * @throws {InvalidArgumentError} For a field that only the client may set, and for one that does not exist.
 */
export function requestInit(init: UntypedInit, body: PreparedBody): Record<string, unknown> {
  const passed: Record<string, unknown> = body.value instanceof ReadableStream ? { duplex: 'half' } : {};
  for (const field of Object.keys(init)) {
    if (OWN_FIELDS.has(field)) continue;
    if (CLIENT_ONLY.includes(field) && init[field] !== undefined) {
      throw new InvalidArgumentError(field, 'is set on the client, not on a call');
    }
    passed[field] = init[field];
  }
  checkOptionNames(passed, CALL_OPTIONS, { instead: INSTEAD });
  return passed;
}

/**
 * Checks headers that say how long a body is: the runtime refuses a wrong one, or waits for bytes that never come.
 *
 * @throws {InvalidArgumentError}
 */
export function checkBodyHeaders(request: OutgoingRequest): void {
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
