import { type APIError, type CallFacts, createAPIError } from '../errors/index.js';
import { readRequestId } from '../http/request-id.js';
import { serverDelayMs } from '../http/retry-after.js';
import { isRecord } from '../util/is-record.js';
import { safeText } from '../util/redact.js';
import type { Secrets } from '../util/secrets.js';
import { REDIRECTS } from './redirect.js';

/**
 * Makes the typed error of an answer that is no success.
 *
 * @param response - The answer, its body already read.
 * @param body - The parsed body.
 * @param call - Method, path template, and what must not be shown.
 */
export function toAPIError(
  response: Response,
  body: unknown,
  call: CallFacts & { readonly secrets?: Secrets },
): APIError {
  const { code, message } = readServerError(body, call.secrets);
  return createAPIError(message ?? fallbackMessage(response, code, call), {
    status: response.status,
    statusText: safeText(response.statusText, call.secrets),
    code,
    requestId: readRequestId(response, call.secrets),
    method: call.method,
    path: call.path,
    retryAfterMs: serverDelayMs(response, Date.now(), body),
    response,
    body,
  });
}

/**
 * Finds code and message in the bodies that the API is known to send.
 *
 * `{ error: { code, message } }`, the same under `err`, flat `{ code, message }`, OAuth's
 * `{ error: 'code', error_description }` (RFC 6749 section 5.2), and the `detail` and `title` of problem details (RFC 9457).
 * Anything else gives neither.
 */
export function readServerError(
  body: unknown,
  secrets?: Secrets,
): { code: string | undefined; message: string | undefined } {
  if (!isRecord(body)) return { code: undefined, message: undefined };
  const nested = [body.error, body.err].find(isRecord);
  const code = nested ? nested.code : (body.code ?? body.error);
  const message = nested
    ? nested.message
    : (body.message ?? body.error_description ?? body.detail ?? body.title);
  return { code: nonEmptyText(code, secrets), message: nonEmptyText(message, secrets) };
}

function nonEmptyText(value: unknown, secrets?: Secrets): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = safeText(value, secrets);
  return text === '' ? undefined : text;
}

function fallbackMessage(
  response: Response,
  code: string | undefined,
  call: CallFacts & { readonly secrets?: Secrets },
): string {
  if (REDIRECTS.has(response.status)) {
    return `${call.method} ${call.path} answered with a redirect (${response.status}), which is not followed`;
  }
  const status = [response.status, safeText(response.statusText, call.secrets), code && `- ${code}`]
    .filter(Boolean)
    .join(' ');
  return `${call.method} ${call.path} failed: ${status}`;
}
