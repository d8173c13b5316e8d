/**
 * Whether an error is a framework's way of steering its own rendering: it carries a `digest` in text.
 *
 * Next.js throws such errors out of `fetch` (`DYNAMIC_SERVER_USAGE`, `HANGING_PROMISE_REJECTION`) and recognises them by
 * identity. Whoever catches one must rethrow it: wrapped or retried, it breaks the build.
 */
export function isFrameworkError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && typeof Reflect.get(error, 'digest') === 'string';
}
