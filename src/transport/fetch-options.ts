/**
 * Options of `fetch` besides the request itself: the fields of the Fetch standard, and those that undici, Next.js, Bun, Deno
 * and workerd add. Each is passed to `fetch` as it is.
 *
 * @see https://fetch.spec.whatwg.org/#requestinit
 */
export interface FetchOptions {
  /** Mode of the HTTP cache. Default: `no-store` for a request with a credential. */
  readonly cache?:
    | 'default'
    | 'no-store'
    | 'reload'
    | 'no-cache'
    | 'force-cache'
    | 'only-if-cached'
    | undefined;
  readonly credentials?: 'omit' | 'same-origin' | 'include' | undefined;
  readonly integrity?: string | undefined;
  /** In a browser: whether the request outlives its page. */
  readonly keepalive?: boolean | undefined;
  readonly mode?: 'cors' | 'no-cors' | 'same-origin' | undefined;
  readonly priority?: 'high' | 'low' | 'auto' | undefined;
  readonly referrer?: string | undefined;
  readonly referrerPolicy?: string | undefined;
  /** Node.js: a dispatcher of undici, e.g. a `ProxyAgent` or an `Agent` with a CA of your own. */
  readonly dispatcher?: object | undefined;
  /** Next.js: how long its data cache keeps the response, and under which tags. */
  readonly next?:
    | { readonly revalidate?: number | false | undefined; readonly tags?: readonly string[] | undefined }
    | undefined;
  /** Bun: URL of a proxy. */
  readonly proxy?: string | undefined;
  /** Bun: TLS settings. */
  readonly tls?: object | undefined;
  /** Bun: path of a Unix socket. */
  readonly unix?: string | undefined;
  /** Bun: whether it prints the request. */
  readonly verbose?: boolean | string | undefined;
  /** Deno: what `Deno.createHttpClient` returns. */
  readonly client?: object | undefined;
  /** Cloudflare Workers. */
  readonly cf?: object | undefined;
}

/** The names of all fields of {@link FetchOptions}. */
export const FETCH_OPTION_NAMES: ReadonlySet<string> = new Set<keyof FetchOptions>([
  ...(['cache', 'credentials', 'integrity', 'keepalive', 'mode', 'priority', 'referrer'] as const),
  ...(['referrerPolicy', 'dispatcher', 'next', 'proxy', 'tls', 'unix', 'verbose', 'client', 'cf'] as const),
]);
