import { APIError } from '../../../errors/index.js';
import { isSafeOrigin } from '../../../http/base-url.js';
import { isRecord } from '../../../util/is-record.js';

/**
 * Where a browser finishes what the API could not do alone: `registerUrl` of `registration_required`.
 *
 * @returns `undefined` for any other error, and for what is no web page.
 */
export function registrationUrl(error: unknown): string | undefined {
  if (!(error instanceof APIError) || error.code !== 'registration_required') return undefined;
  const detail = isRecord(error.body) ? error.body.error : undefined;
  const url = isRecord(detail) ? detail.registerUrl : undefined;
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  return isSafeOrigin(new URL(url)) ? new URL(url).href : undefined;
}
