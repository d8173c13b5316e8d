import { type APIError, type CallFacts, createAPIError } from '../errors/index.js';
import { readRequestId } from '../http/request-id.js';
import { serverDelayMs } from '../http/retry-after.js';
import { isRecord, listOf } from '../util/is-record.js';
import { MAX_MESSAGE_LENGTH, safeText } from '../util/redact.js';
import type { Secrets } from '../util/secrets.js';
import { REDIRECTS } from './fetch-send.js';

interface FailedCall extends CallFacts {
  /** Names the operation in the message; `undefined` for a path outside the document. */
  readonly operationId?: string | undefined;
  /** Values to mask. */
  readonly secrets?: Secrets;
}

/**
 * Makes the typed error of a response outside 2xx: `404 getProject: Not found (request iad1::x)`.
 *
 * @param response - The response, its body already read.
 * @param body - The parsed body.
 */
export function toAPIError(response: Response, body: unknown, call: FailedCall): APIError {
  const { method, path, secrets } = call;
  const { status } = response;
  // A `fetch` that a test plays may leave it out.
  const statusText = safeText(String(response.statusText ?? ''), secrets);
  const { code, message } = readServerError(body, secrets);
  const requestId = readRequestId(response, secrets);
  const what = `${status} ${call.operationId ?? `${method} ${path}`}`;
  const fallback = REDIRECTS.has(status)
    ? 'the server answered with a redirect, which is not followed'
    : (code ?? (statusText || 'the server gave no reason'));
  const said = message ?? fallback;
  const request = requestId === undefined ? '' : ` (request ${requestId})`;
  // A long message must not push out the id that a support case needs.
  const room = Math.max(0, MAX_MESSAGE_LENGTH - what.length - request.length - 3);
  const kept = said.length > room ? `${said.slice(0, room).replace(/[\ud800-\udbff]$/, '')}…` : said;
  return createAPIError(`${what}: ${kept}${request}`, {
    ...{ status, statusText, code, serverMessage: message },
    ...{ requestId, method, path, retryAfterMs: serverDelayMs(response, Date.now(), body), response, body },
  });
}

/** Fields that APIs have for the text of an error, those that say most first. */
const TEXT_FIELDS = [
  'message',
  'error_description',
  'detail',
  'description',
  'error_message',
  'reason',
  'msg',
  'title',
];

/**
 * Finds code and message in the shapes that the Vercel API and others have for an error.
 *
 * It reads `{ error: { code, message } }`, the same under `err` or `fault`, and flat `{ code, message }`. It also reads OAuth's
 * `{ error: 'code', error_description }` (RFC 6749 section 5.2), and the `detail` and `title` of problem details (RFC 9457). Where
 * none of them has a text, the first of a list of `errors` counts, as GraphQL and JSON:API have it.
 */
export function readServerError(
  body: unknown,
  secrets?: Secrets,
): { code: string | undefined; message: string | undefined } {
  if (!isRecord(body)) return { code: undefined, message: undefined };
  const nested = [body.error, body.err, body.fault].find(isRecord);
  const holder = nested ?? body;
  const code = nonEmptyText(nested ? nested.code : (body.code ?? body.error ?? body.err), secrets);
  const message = textOf(holder, secrets);
  const [first] = listOf(nested ? undefined : body.errors);
  if (message !== undefined || first === undefined) return { code, message };
  if (!isRecord(first)) return { code, message: nonEmptyText(first, secrets) };
  return { code: code ?? nonEmptyText(first.code, secrets), message: textOf(first, secrets) };
}

function textOf(holder: Readonly<Record<string, unknown>>, secrets?: Secrets): string | undefined {
  for (const name of TEXT_FIELDS) {
    const text = nonEmptyText(holder[name], secrets);
    if (text !== undefined) return text;
  }
  return undefined;
}

function nonEmptyText(value: unknown, secrets?: Secrets): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = safeText(value, secrets);
  return text === '' ? undefined : text;
}
