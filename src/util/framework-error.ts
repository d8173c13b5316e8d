/**
 * Returns whether a framework steers its rendering with an error: the error has a string `digest`.
 *
 * Next.js throws such errors out of `fetch` (`DYNAMIC_SERVER_USAGE`, `HANGING_PROMISE_REJECTION`) and recognises them by
 * identity. Rethrow it as it is: wrapping or retrying it breaks the build.
 */
export function isFrameworkError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && typeof Reflect.get(error, 'digest') === 'string';
}
