// Failures before the first byte of the request was sent: name lookup, connecting, the TLS handshake.
const BEFORE_SENDING: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * The system's code for a network failure (`ECONNREFUSED`, `UND_ERR_SOCKET`...), found along the chain of causes.
 *
 * `fetch` throws a bare `TypeError('fetch failed')`; what happened stands in its `cause`, and for a host with several
 * addresses in the errors of an `AggregateError` there.
 */
export function networkErrorCode(error: unknown): string | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    if ('code' in cause && typeof cause.code === 'string' && cause.code !== '') return cause.code;
    if (cause instanceof AggregateError && cause.errors.length > 0) return networkErrorCode(cause.errors[0]);
  }
  return undefined;
}

/** Whether a failure proves that the server saw nothing of the request. */
export function neverLeft(error: unknown): boolean {
  const code = networkErrorCode(error);
  return code !== undefined && (BEFORE_SENDING.has(code) || code.startsWith('ERR_SSL_'));
}
