import type { KnownScheme } from '../../openapi/security-schemes.js';
import { type OutgoingRequest, withUrl } from '../plain-request.js';
import type { Credential } from './credentials.js';

/** A credential and the security scheme that says how it is sent. */
export interface SchemeCredential {
  readonly scheme: KnownScheme;
  readonly credential: Credential;
}

export const BEARER: KnownScheme = { kind: 'bearer' };

/**
 * Writes a credential into a request.
 *
 * @param request - Its headers are changed in place.
 * @param value - Of `basic` the base64 of user name and password.
 * @returns The same request, or for a key in the query one with another URL.
 */
export function applyScheme(request: OutgoingRequest, scheme: KnownScheme, value: string): OutgoingRequest {
  const { headers, url } = request;
  if (scheme.kind === 'bearer') headers.set('authorization', `Bearer ${value}`);
  else if (scheme.kind === 'basic') headers.set('authorization', `Basic ${value}`);
  else if (scheme.in === 'header') headers.set(scheme.name, value);
  else {
    const pair = `${encodeURIComponent(scheme.name)}=${encodeURIComponent(value)}`;
    if (scheme.in === 'query') return withUrl(request, `${url}${url.includes('?') ? '&' : '?'}${pair}`);
    const cookies = headers.get('cookie');
    headers.set('cookie', cookies === null ? pair : `${cookies}; ${pair}`);
  }
  return request;
}
