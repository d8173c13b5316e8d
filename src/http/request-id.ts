import { safeText } from '../util/redact.js';

/**
 * The id that Vercel gives a request, to be named to its support: the `x-vercel-id` of an answer, masked like any text that
 * comes from outside.
 */
export function readRequestId({ headers }: Response, secrets?: readonly string[]): string | undefined {
  const id = headers.get('x-vercel-id');
  return id === null || id === '' ? undefined : safeText(id, secrets);
}
