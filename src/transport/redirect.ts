import type { Middleware, Send } from './middleware.js';
import { type OutgoingRequest, withUrl } from './plain-request.js';

const MAX_REDIRECTS = 3;
/** Statuses that send a client elsewhere (RFC 9110 section 15.4); 300 and 304 do not. */
export const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Follows redirects of GET and HEAD within the origin, at most three; every other redirect stays an answer.
 *
 * `fetch` itself would take custom headers to another origin (it drops `Authorization` alone), so it is told not to
 * follow. An answer that is a redirect becomes an `APIError` further out.
 */
export function redirectMiddleware(): Middleware {
  return (next) =>
    async function followRedirects(request, call) {
      let response = await next(request, call);
      let current = request;
      for (let hops = 0; hops < MAX_REDIRECTS && REDIRECTS.has(response.status); hops++) {
        const target = targetOf(current, response);
        if (target === undefined) break;
        // Not waited for: a body that will not stop must not hold up the call.
        response.body?.cancel().catch(() => undefined);
        current = withUrl(current, target);
        response = await next(...([current, call] satisfies Parameters<Send>));
      }
      return response;
    };
}

function targetOf(request: OutgoingRequest, response: Response): string | undefined {
  const location = response.headers.get('location');
  if (location === null || (request.method !== 'GET' && request.method !== 'HEAD')) return undefined;
  if (!URL.canParse(location, request.url)) return undefined;
  const target = new URL(location, request.url);
  const { origin } = new URL(request.url);
  return target.origin === origin && target.username === '' && target.password === ''
    ? target.href
    : undefined;
}
