import { isSafeOrigin } from '../../http/base-url.js';
import { PullError, quote } from './pull-error.js';

/** Where Vercel publishes its OpenAPI document. */
export const DEFAULT_SOURCE = 'https://openapi.vercel.sh/';

/**
 * Checks where a document is to come from.
 *
 * @returns The URL as `URL` writes it; `undefined` when it is none, neither https nor http to this machine, or carries a
 *   user name or password, which would end up in the lock.
 */
export function checkSourceUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  url.hash = '';
  return isSafeOrigin(url) && url.username === '' && url.password === '' ? url.href : undefined;
}

/**
 * Where a redirect leads, if that may be followed: the same host, over https. A server on this machine that was asked
 * over http may answer from http too.
 *
 * @throws {PullError} When it may not.
 */
export function redirectTarget(from: string, location: string | null): string {
  if (location === null || !URL.canParse(location, from)) {
    throw new PullError('the server sent a redirect that leads nowhere', ADVICE);
  }
  const source = new URL(from);
  const target = new URL(location, from);
  const isDowngrade = source.protocol === 'https:' && target.protocol !== 'https:';
  const isSameHost = target.host === source.host && target.username === '' && target.password === '';
  if (isSameHost && !isDowngrade && isSafeOrigin(target)) {
    target.hash = '';
    return target.href;
  }
  const fault = isSameHost ? 'away from https' : 'to another host';
  throw new PullError(
    `refused a redirect ${fault}: ${quote(`${target.protocol}//${target.host}${target.pathname}`)}`,
    ADVICE,
  );
}

const ADVICE =
  'Open the URL in a browser; if the document has moved for good, pass its new place with --url <url>.';
