import { isFrameworkError } from '../util/framework-error.js';

/**
 * Calls the global `fetch` so that no framework stores the response.
 *
 * In Next.js a segment with `fetchCache = 'force-cache'` overrides `cache: 'no-store'`: every POST then gets its response from
 * the cache, and a token lies on disk. Only `next.internal` passes that cache. It also passes the check that ends a
 * prerender at a request that cannot be cached, so an empty request with `no-store` goes through that check first.
 *
 * @throws What Next.js throws to end the prerender, as it is.
 *
 * @see https://nextjs.org/docs/app/api-reference/file-conventions/route-segment-config
 */
export async function uncachedFetch(url: string, init: RequestInit): Promise<Response> {
  // The `fetch` of Next.js itself, and not a wrapper of it that does not know `next.internal`.
  const isPatchedByNext = Reflect.get(globalThis.fetch, '__nextPatched') === true;
  if (!isPatchedByNext) return globalThis.fetch(url, init);
  try {
    await globalThis.fetch('data:,', { cache: 'no-store', signal: init.signal ?? null } as RequestInit);
  } catch (error) {
    if (isFrameworkError(error)) throw error;
    // An edge runtime without data URLs, or a segment that allows only cached requests: the request itself shows it.
    return globalThis.fetch(url, init);
  }
  return globalThis.fetch(url, { ...init, next: { internal: true } } as RequestInit);
}
