import { isSafeOrigin } from '../../http/base-url.js';
import { PullError, quote } from './pull-error.js';

/** The URL at which Vercel publishes its OpenAPI document. */
export const DEFAULT_SOURCE = 'https://openapi.vercel.sh/';

/**
 * Checks where a document is to come from.
 *
 * @returns The URL as `URL` writes it; `undefined` for any other text, for a URL that is neither https nor http to this
 *   machine, and for one with a user name or password, which would end up in the lock.
 */
export function checkSourceUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  url.hash = '';
  return isSafeOrigin(url) && url.username === '' && url.password === '' ? url.href : undefined;
}

/**
 * Describes a redirect that the transport did not follow: it follows those within the origin, three at most.
 *
 * @param from - The URL that was asked for.
 * @param location - The header of the response.
 */
export function redirectError(from: string, location: string | null): PullError {
  if (location === null || !URL.canParse(location, from))
    return new PullError('the server sent a redirect that leads nowhere', ADVICE);
  const source = new URL(from);
  const target = new URL(location, from);
  if (target.origin === source.origin && target.username === '' && target.password === '')
    return new PullError('the server redirected more than 3 times', 'Check --url.');
  const fault = target.host === source.host ? 'away from https' : 'to another host';
  return new PullError(
    `refused a redirect ${fault}: ${quote(`${target.protocol}//${target.host}${target.pathname}`)}`,
    ADVICE,
  );
}

const ADVICE =
  'Open the URL in a browser; if the document has moved for good, pass its new place with --url <url>.';
