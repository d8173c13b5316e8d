import type { OutgoingRequest } from '../transport/middleware.js';
import { isRecord } from '../util/is-record.js';
import { parseJson } from '../util/parse-json.js';
import { EVERYTHING, type Secret } from '../util/secrets.js';

/** Names of secrets, whether of a header, a query parameter or a field of a body. */
const SECRET_NAME =
  /token|secret|passw|passphrase|pwd|assertion|authorization|cookie|credential|verifier|signature|session|(?:key|code|auth|pem|jwt|otp|^pin|^value)$/i;
/**
 * The last word of a name that describes a secret and holds none, such as `credential_type`. An address, a hint and an id may hold
 * one: `password_reset_url`, `password_hint`, `session_id`.
 */
const DESCRIPTION =
  /[-_.](?:type(?:[-_.]hint)?|kind|format|method|algorithm|alg|scheme|status|name|version|endpoint|ttl|lifetime|expiry|expires(?:[-_.](?:at|in|on))?)$/i;
/** Everything in an object or array of such a name is secret. */
const SECRET_GROUP = /^(?:credentials?|secrets?|auth|tokens?|cookies?|keys)$/i;
/** Most values of a body that are searched. For a longer body no error shows text of the server. */
const MAX_NODES = 1_000_000;

/** Returns whether a name says that its value is secret. */
export function isSecretName(name: string): boolean {
  if (!SECRET_NAME.test(name)) return false;
  const words = name.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, '_');
  return !DESCRIPTION.test(words);
}

/**
 * Finds the secrets of a request, to mask them if the server, a proxy or a failing `fetch` echoes them: values of headers,
 * query parameters, path parameters and body fields whose name says that they are secret. Read only when a call fails, from
 * the request that was sent. Bytes are never searched. The auth middleware adds the bearer.
 *
 * @param pathValues - The call's `params.path`.
 * @param body - The call's `body`, for a form.
 */
export function* secretsOf(
  request: OutgoingRequest,
  pathValues: Readonly<Record<string, unknown>>,
  body: unknown,
): Iterable<Secret> {
  for (const [name, value] of Object.entries(request.headers)) {
    if (!isSecretName(name)) continue;
    yield value;
    // A header without its scheme, and the values of a cookie.
    for (const part of value.split(/[;,\s]+/)) yield* [part, part.slice(part.indexOf('=') + 1)];
  }
  yield* secretEntries(new URL(request.url).searchParams);
  yield* secretsIn(pathValues);
  if (typeof request.body === 'string') {
    const json = parseJson(request.body);
    yield* json ? secretsIn(json.value) : secretEntries(new URLSearchParams(request.body));
  } else if (body instanceof FormData) yield* secretEntries(body);
}

function* secretEntries(entries: Iterable<[string, unknown]>): Iterable<string> {
  for (const [name, value] of entries) if (isSecretName(name)) yield String(value);
}

/** The secret part of a value: nothing, the texts that it is or lists, or everything in it. */
type Secrecy = 'nothing' | 'texts' | 'everything';

/** Finds the secrets in a value of JSON, at any depth. */
function* secretsIn(root: unknown): Iterable<Secret> {
  const pending: [value: unknown, secrecy: Secrecy][] = [[root, 'nothing']];
  for (let nodes = 0; ; nodes++) {
    const next = pending.pop();
    if (next === undefined) return;
    if (nodes >= MAX_NODES) return yield EVERYTHING;
    const [value, secrecy] = next;
    for (const child of childrenOf(value, secrecy)) pending.push(child);
    const isLeaf = typeof value === 'string' || typeof value === 'number';
    if (isLeaf && secrecy !== 'nothing') yield String(value);
  }
}

function childrenOf(value: unknown, secrecy: Secrecy): [unknown, Secrecy][] {
  if (Array.isArray(value)) return value.map((item) => [item, secrecy]);
  if (!isRecord(value)) return [];
  return Object.entries(value).map(([name, field]) => {
    if (secrecy === 'everything' || SECRET_GROUP.test(name)) return [field, 'everything'];
    return [field, isSecretName(name) ? 'texts' : 'nothing'];
  });
}
