import { InvalidArgumentError } from '../errors/index.js';
import { describeValue } from '../util/redact.js';

/** The API's default base URL. */
export const DEFAULT_BASE_URL = 'https://api.vercel.com';

/**
 * Checks a base URL, and returns it without a trailing slash.
 *
 * A bearer goes over TLS only; plain http is for servers on this machine (RFC 6750 section 5.3).
 *
 * @throws {InvalidArgumentError} When it is not a URL, not https (nor http on loopback), or carries credentials, a query or
 *   a fragment.
 */
export function checkBaseUrl(value: unknown): string {
  if (typeof value !== 'string' || !URL.canParse(value)) {
    throw new InvalidArgumentError(
      'baseUrl',
      `must be an absolute URL such as ${DEFAULT_BASE_URL}, got ${describeValue(value)}`,
    );
  }
  const url = new URL(value);
  if (!isSafeOrigin(url)) {
    throw new InvalidArgumentError(
      'baseUrl',
      `must be https (http only for localhost, *.localhost, 127.0.0.0/8 or [::1]), got ${url.protocol}//${url.host}`,
    );
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new InvalidArgumentError(
      'baseUrl',
      'must have no user name, password, query or fragment; pass a credential as bearerToken',
    );
  }
  return withoutTrailingSlashes(url.origin + url.pathname);
}

/** A text without the slashes at its end. A pattern (`/\/+$/`) takes quadratic time for slashes that do not end the text. */
export function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x2f) end--;
  return text.slice(0, end);
}

/** Whether a bearer may be sent to this URL: https anywhere, http to this machine alone. */
export function isSafeOrigin(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** Whether a host name, as `URL` writes it, is this machine (RFC 6761 section 6.3, RFC 1122 section 3.2.1.3). */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}
