import { checkBaseUrl } from '../../http/base-url.js';
import { toBase64Url } from '../../util/bytes.js';
import { isRecord } from '../../util/is-record.js';
import { checkVerifierOptions, checkVerifyOptions } from './check-options.js';
import { checkClaims, type Expected, resolveExpectations } from './claims.js';
import {
  checkMaxBodyBytes,
  checkRequest,
  type IncomingRequest,
  readHeader,
  readRawBody,
} from './incoming.js';
import { createKeySet, type Jose, type KeySet, loadJose } from './keys.js';
import type { TriggerEvent, TriggerVerifierOptions, VerifyTriggerOptions } from './types.js';
import { VerificationError } from './verification-error.js';

const JWKS_URL = 'https://oidc.vercel.com/.well-known/jwks';
/** The one algorithm of Vercel's tokens: a list of one leaves nothing to confuse. */
const ALGORITHM = 'RS256';
const MAX_TOKEN_LENGTH = 16_384;
/** Header fields by which a token would bring its own key, or ask for rules that are not known here. */
const REFUSED_FIELDS = ['jwk', 'jku', 'x5c', 'x5u', 'crit', 'b64', 'zip'];

/** Checks forwarded events, with keys of its own. */
export interface TriggerVerifier {
  /** See {@link verifyTrigger}. */
  verify(request: IncomingRequest, options?: VerifyTriggerOptions): Promise<TriggerEvent>;
}

/**
 * Makes a verifier that keeps the issuer's keys.
 *
 * @throws {InvalidArgumentError} For a `jwksUrl` that is neither https nor on this machine, and for an option that does not
 *   exist.
 *
 * @example
 * const verifier = createTriggerVerifier({ jwksUrl: `${emulator.url}/.well-known/jwks` });
 * const event = await verifier.verify(request, { projectId: 'prj_1', environment: 'production' });
 */
export function createTriggerVerifier(options: TriggerVerifierOptions = {}): TriggerVerifier {
  checkVerifierOptions(options);
  const keys = createKeySet({
    url: checkBaseUrl(options.jwksUrl ?? JWKS_URL),
    fetch: options.fetch,
    jose: loadJose,
    now: () => performance.now(),
  });
  return { verify: (request, own) => verify(keys, request, own) };
}

async function verify(
  keys: KeySet,
  request: IncomingRequest,
  options: VerifyTriggerOptions = {},
): Promise<TriggerEvent> {
  checkRequest(request);
  checkVerifyOptions(options);
  const maxBytes = checkMaxBodyBytes(options.maxBodyBytes);
  const expected = resolveExpectations(options);
  // Never the token of `x-vercel-oidc-token`: the platform puts the receiver's own there, on every request.
  const header = readHeader(request, 'authorization') ?? '';
  const token = header.length > MAX_TOKEN_LENGTH ? undefined : /^bearer\s+(\S.*)$/i.exec(header.trim())?.[1];
  if (token === undefined) throw new VerificationError('missing_token', 'Missing Authorization bearer token');
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token))
    throw new VerificationError('malformed_token', 'The bearer is not a signed token with three parts');
  const jose = await loadJose();
  checkHeader(jose, token);
  const claims = await checkSignature(jose, keys, token);
  const connector = checkClaims(claims, expected, Date.now());
  const body = await readRawBody(request, options.body, maxBytes);
  const release = await claim(token, body, claims, expected, options);
  // Checked with the expectations.
  const { project_id: projectId, environment } = claims as { project_id: string; environment: string };
  return {
    connector,
    projectId,
    environment,
    ownerId: typeof claims.owner_id === 'string' ? claims.owner_id : undefined,
    claims,
    body,
    text: () => new TextDecoder().decode(body),
    json: () => JSON.parse(new TextDecoder().decode(body)),
    release,
  };
}

// Before a key is looked for, so that a token that could never be good causes no request.
function checkHeader(jose: Jose, token: string): void {
  let header: Record<string, unknown>;
  try {
    header = { ...jose.decodeProtectedHeader(token) };
  } catch (cause) {
    throw new VerificationError('malformed_token', 'The header of the token cannot be read', { cause });
  }
  if (header.alg !== ALGORITHM)
    throw new VerificationError('wrong_algorithm', `The token is not signed with ${ALGORITHM}`);
  const foreign = REFUSED_FIELDS.find((field) => field in header);
  if (foreign !== undefined)
    throw new VerificationError('malformed_token', `The header of the token has a field "${foreign}"`);
  if (typeof header.kid !== 'string' || header.kid === '')
    throw new VerificationError('unknown_key', 'The header of the token names no key');
}

async function checkSignature(jose: Jose, keys: KeySet, token: string): Promise<Record<string, unknown>> {
  try {
    // The times are checked with the other claims, in milliseconds and with one tolerance.
    const { payload } = await jose.jwtVerify(token, keys.keyFor, {
      algorithms: [ALGORITHM],
      clockTolerance: Number.MAX_SAFE_INTEGER,
    });
    if (isRecord(payload)) return payload;
    throw new VerificationError('malformed_token', 'The token holds no claims');
  } catch (cause) {
    if (cause instanceof VerificationError) throw cause;
    if (
      cause instanceof jose.errors.JWKSNoMatchingKey ||
      cause instanceof jose.errors.JWKSMultipleMatchingKeys
    )
      throw new VerificationError('unknown_key', 'The issuer does not have the key that the token names');
    if (cause instanceof jose.errors.JWSSignatureVerificationFailed)
      throw new VerificationError('wrong_signature', 'The signature of the token is wrong');
    // Neither the message nor the cause of the library is shown: both may quote the token.
    throw new VerificationError('malformed_token', 'The token cannot be read');
  }
}

async function claim(
  token: string,
  body: Uint8Array,
  { jti }: Readonly<Record<string, unknown>>,
  { maxAgeMs, toleranceMs }: Expected,
  { replay, replayPer = 'token' }: VerifyTriggerOptions,
): Promise<() => Promise<void>> {
  if (replay === undefined) return async () => undefined;
  // Without the signature, which can be spelt in several ways: the last of its characters has bits that mean nothing.
  const signed = token.slice(0, token.lastIndexOf('.'));
  const name = typeof jti === 'string' && jti !== '' ? jti : await digest(new TextEncoder().encode(signed));
  const id = replayPer === 'body' ? `${name}:${await digest(body)}` : name;
  // After that its age refuses the token: it may be issued one tolerance from now, and is accepted one after its age.
  const until = Date.now() + maxAgeMs + 2 * toleranceMs;
  let isNew: boolean;
  try {
    isNew = await replay.claim(id, until);
  } catch (cause) {
    // Refuses everything while the store is unreachable: the event may have been received before.
    throw new VerificationError('replay_unavailable', 'The replay store failed', { cause });
  }
  if (!isNew) throw new VerificationError('replayed', 'This was received before');
  return async () => replay.release(id);
}

async function digest(bytes: Uint8Array): Promise<string> {
  // A view of plain memory, which is what every body here is.
  const hash = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return toBase64Url(new Uint8Array(hash));
}
