import { parseBase64Json } from './bytes.js';
import { isRecord } from './is-record.js';

/** Reads the claims of a JWT (RFC 7519) without a check of its signature; `undefined` for any other text. */
export function jwtClaims(token: string): Readonly<Record<string, unknown>> | undefined {
  const parts = token.split('.');
  const claims = parts.length === 3 ? parseBase64Json(parts[1] ?? '') : undefined;
  return isRecord(claims) ? claims : undefined;
}
