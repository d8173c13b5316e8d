import { type OutgoingRequest, PlainRequest } from '../transport/plain-request.js';
import { isRecord } from '../util/is-record.js';
import { EVERYTHING, type Secret } from '../util/secrets.js';

/** Names under which a secret is sent, whether of a header, a query parameter or a field of a body. */
const SECRET_NAME =
  /token|secret|passw|passphrase|pwd|assertion|authorization|cookie|credential|verifier|signature|session|(?:key|code|auth|pem|jwt|otp|^pin|^value)$/i;
/** Everything in an object or array of such a name is secret. */
const SECRET_GROUP = /^(?:credentials?|secrets?|auth|tokens?|cookies?|keys)$/i;
/** Values of a body that are looked at. A body of more is one of which no error shows what the server says. */
const MAX_NODES = 1_000_000;

/** Whether a name says that its value is secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * Finds what a request sends that must not be shown if the server, a proxy or a failing `fetch` echoes it: values of
 * headers, query parameters, path parameters and body fields whose name says that they are secret. Read only when a call
 * fails, from what was sent. Bytes are never looked at. The bearer is known to the auth middleware.
 *
 * @param pathValues - The call's `params.path`.
 * @param body - The call's `body`, for what is not sent as a text.
 */
export function* secretsOf(
  request: OutgoingRequest,
  pathValues: Readonly<Record<string, unknown>>,
  body: unknown,
): Iterable<Secret> {
  for (const [name, value] of request.headers) if (isSecretName(name)) yield* partsOf(value);
  for (const [name, value] of new URL(request.url).searchParams) if (isSecretName(name)) yield value;
  yield* secretsIn(pathValues);
  const text = request instanceof PlainRequest ? request.text : typeof body === 'string' ? body : null;
  if (text !== null) yield* secretsInText(text);
  else if (isEntries(body)) for (const [name, value] of body) if (isSecretName(name)) yield String(value);
}

/** A header whole, without its scheme, and of a cookie the values. */
function* partsOf(value: string): Iterable<string> {
  yield value;
  for (const part of value.split(/[;,\s]+/)) {
    yield part;
    const at = part.indexOf('=');
    if (at > 0) yield part.slice(at + 1);
  }
}

function secretsInText(text: string): Iterable<Secret> {
  try {
    return secretsIn(JSON.parse(text));
  } catch {
    return [...new URLSearchParams(text)].filter(([name]) => isSecretName(name)).map(([, value]) => value);
  }
}

/** A `FormData` or `URLSearchParams` of this runtime or of another implementation. */
function isEntries(body: unknown): body is Iterable<[string, unknown]> {
  return body instanceof FormData || body instanceof URLSearchParams;
}

/** What of a value is secret: nothing, the texts that it is or lists, or everything in it. */
type Secrecy = 'nothing' | 'texts' | 'everything';

/** The secrets in a value of JSON, at any depth. */
function* secretsIn(root: unknown): Iterable<Secret> {
  const pending: { readonly value: unknown; readonly secrecy: Secrecy }[] = [
    { value: root, secrecy: 'nothing' },
  ];
  for (let nodes = 0; pending.length > 0; nodes++) {
    const { value, secrecy } = pending.pop() ?? { value: undefined, secrecy: 'nothing' };
    if (nodes >= MAX_NODES) return yield EVERYTHING;
    if (Array.isArray(value)) for (const item of value) pending.push({ value: item, secrecy });
    else if (isRecord(value))
      for (const [name, field] of Object.entries(value))
        pending.push({ value: field, secrecy: secrecy === 'everything' ? secrecy : secrecyOf(name) });
    else if (secrecy !== 'nothing' && (typeof value === 'string' || typeof value === 'number'))
      yield String(value);
  }
}

function secrecyOf(name: string): Secrecy {
  if (SECRET_GROUP.test(name)) return 'everything';
  return isSecretName(name) ? 'texts' : 'nothing';
}
