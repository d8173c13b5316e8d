import { InvalidArgumentError } from '../errors/index.js';
import { bodySize } from '../transport/fetch-send.js';
import type { OutgoingRequest, RequestBody } from '../transport/middleware.js';
import type { CallTarget, UntypedInit } from './call.js';
import { serializeCookies, serializeHeaders } from './call-parameters.js';
import { setHeaders } from './options.js';

/** Headers by lower-case name. */
type HeaderRecord = OutgoingRequest['headers'];

/**
 * Returns the defaults of a call with its own headers over them.
 *
 * @throws {InvalidArgumentError} Naming the header, never its value.
 */
export function mergeHeaders(
  defaults: HeaderRecord,
  { headers, params, idempotencyKey, body }: UntypedInit,
  { operation }: CallTarget,
): HeaderRecord {
  const merged = new Headers(defaults);
  if (idempotencyKey !== undefined) merged.set('idempotency-key', idempotencyKey);
  for (const own of [headers, serializeHeaders(params?.header, operation)])
    setHeaders(merged, Array.isArray(own) ? Object.fromEntries(own) : own);
  const cookie = serializeCookies(params?.cookie, operation);
  const ownCookie = merged.get('cookie');
  if (cookie !== '') setHeaders(merged, { cookie: ownCookie === null ? cookie : `${ownCookie}; ${cookie}` });
  // Only `fetch` knows the boundary between the parts of a form.
  if (body instanceof FormData) merged.delete('content-type');
  return Object.fromEntries(merged);
}

/**
 * Checks headers that say how long a body is: the runtime refuses a wrong one, or waits for bytes that never come.
 *
 * @throws {InvalidArgumentError}
 */
export function checkBodyHeaders(headers: HeaderRecord, body: RequestBody): void {
  if (headers['transfer-encoding'] !== undefined)
    throw new InvalidArgumentError(
      'headers.transfer-encoding',
      'must be left out: it is set where the request leaves',
    );
  const size = bodySize(body);
  const length = headers['content-length'];
  if (length !== undefined && size !== undefined && length !== String(size))
    throw new InvalidArgumentError(
      'headers.content-length',
      `must be the length of the body, ${size}, or left out`,
    );
}
