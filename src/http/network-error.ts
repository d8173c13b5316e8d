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
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_NO_PROTOCOLS_AVAILABLE',
  'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_TLSV1_UNRECOGNIZED_NAME',
]);

// An open connection ended: most often a proxy or load balancer that is restarted.
const RESET: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

// The client refused to send the request as it is, and would refuse it again.
const REFUSED_BY_CLIENT: ReadonlySet<string> = new Set([
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
]);

// The server did not speak TLS: https to a port that speaks http.
const NOT_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
]);

/** Matches the names of error codes. Any other text could reach a message. */
const CODE = /^[A-Z][A-Z\d_]{0,63}$/;

/**
 * The system's code for a network failure (`ECONNREFUSED`, `UND_ERR_SOCKET`...), found along the chain of causes.
 *
 * `fetch` throws a bare `TypeError('fetch failed')`; what happened stands in its `cause`, and for a host with several
 * addresses in the errors of an `AggregateError` there.
 */
export function networkErrorCode(error: unknown): string | undefined {
  return networkCause(error)?.code;
}

/** The first error of the chain that has a code, and what the system was doing. */
function networkCause(error: unknown, depth = 0): { code: string; syscall: unknown } | undefined {
  if (!(error instanceof Error) || depth > 8) return undefined;
  if ('code' in error && typeof error.code === 'string' && CODE.test(error.code)) {
    return { code: error.code, syscall: Reflect.get(error, 'syscall') };
  }
  const [first] = error instanceof AggregateError ? error.errors : [];
  return networkCause(first ?? error.cause, depth + 1);
}

/** Whether a failure proves that the server saw nothing of the request. */
export function neverLeft(error: unknown): boolean {
  const cause = networkCause(error);
  // An unreachable host is also what a connection in use can end with.
  return (
    cause !== undefined &&
    BEFORE_SENDING.has(cause.code) &&
    cause.syscall !== 'read' &&
    cause.syscall !== 'write'
  );
}

/** Returns whether an open connection ended before the response did. */
export function isReset(error: unknown): boolean {
  return RESET.has(networkErrorCode(error) ?? '');
}

/** Errors that the request itself causes, so that no further attempt can succeed. */
type CallerMistake = 'request' | 'tls';

/**
 * Tells a mistake of the caller from a failure of the network: `request` for one that the HTTP client refuses to send (a
 * wrong `content-length`, a `transfer-encoding` header), `tls` for https to a port that speaks http.
 */
export function callerMistake(error: unknown): CallerMistake | undefined {
  const code = networkErrorCode(error) ?? '';
  if (REFUSED_BY_CLIENT.has(code)) return 'request';
  return NOT_TLS.has(code) ? 'tls' : undefined;
}
