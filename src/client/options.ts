import { checkArgument, InvalidArgumentError } from '../errors/index.js';
import { checkBaseUrl, DEFAULT_BASE_URL } from '../http/base-url.js';
import { checkOwnFields } from '../http/json-copy.js';
import type { OperationTable } from '../openapi/operation-info.js';
import { type BearerToken, type Credential, createCredential } from '../transport/auth/credentials.js';
import type { ResponseCacheOptions } from '../transport/cache/response-cache.js';
import { FETCH_OPTION_NAMES, type FetchOptions } from '../transport/fetch-options.js';
import type { Fetch } from '../transport/fetch-send.js';
import { HOOK_NAMES, type Hooks } from '../transport/hooks.js';
import type { Logger } from '../transport/log.js';
import type { EventListener, TransportEvent } from '../util/emitter.js';
import { isRecord } from '../util/is-record.js';
import { describeKind, describeValue } from '../util/redact.js';
import { userAgentOf } from '../util/user-agent.js';
import { checkOptionNames } from './option-names.js';
import {
  type CredentialsByScheme,
  resolveCredentials,
  type SchemeCredentials,
} from './scheme-credentials.js';

/** Options of {@link createClient}. */
export interface ClientOptions {
  /**
   * URL of the API: https, or http on loopback. Default: the first server of the document that `operations` was made from, which
   * is `https://api.vercel.com` for Vercel's.
   */
  readonly baseUrl?: string | undefined;
  /**
   * The bearer token, or a function that returns the current one (called once per attempt, and once more after a 401).
   * Default: none, and no `Authorization` header is sent.
   */
  readonly bearerToken?: BearerToken | undefined;
  /**
   * Credentials by the names of the security schemes in the document: API keys, HTTP basic, and tokens beside `bearerToken`.
   * Each call sends those that its operation requires. A function is called as that of `bearerToken` is. A call whose operation
   * takes other schemes rejects before it is sent, unless its headers or parameters satisfy one of them. Default: none.
   *
   * @example
   * createClient({ credentials: { api_key: process.env.PET_KEY, admin: { username: 'a', password: 'b' } } });
   */
  readonly credentials?: SchemeCredentials | undefined;
  /** Team id, added to every operation that takes `teamId`. At most one of `teamId` and `slug`. */
  readonly teamId?: string | undefined;
  /** Team slug, added to every operation that takes `slug`. */
  readonly slug?: string | undefined;
  /**
   * The table that `vercel-rest generate` writes: which operations take a team, which may be repeated, which bodies they
   * take and return. Default: that of the document in this package. The generated `createClient` passes its own.
   */
  readonly operations?: OperationTable | undefined;
  /**
   * Sends a request; called like the global `fetch`, with a URL and an init. Default: the global one, looked up at each call.
   *
   * @example
   * fetch: (url, init) => undici.fetch(url, { ...init, dispatcher })
   */
  readonly fetch?: Fetch | undefined;
  /** Passed to `fetch` with every request, e.g. `{ dispatcher: new ProxyAgent('http://proxy.acme.example:3128') }`. */
  readonly fetchOptions?: FetchOptions | undefined;
  /** Sent with every request. */
  readonly headers?: Headers | Readonly<Record<string, string>> | undefined;
  /** Names your program in the `User-Agent`, before this package, e.g. `acme-deploys/2.1`. Not sent in browsers. */
  readonly userAgent?: string | undefined;
  /** Time for each attempt in milliseconds, its body included. Default 10 000. */
  readonly timeout?: number | undefined;
  /**
   * Time for the whole call in milliseconds, further attempts included, without waits that the server asked for. A wait
   * after which too little time is left for an attempt (the smaller of `timeout` and 2 s) is not begun. Default 60 000. For `parseAs` `stream`, `blob` and `arrayBuffer` and for uploads it holds only where it is given.
   */
  readonly totalTimeout?: number | undefined;
  /** Longest parsed body, in bytes after decompression. Default 10 000 000. */
  readonly maxBodyBytes?: number | undefined;
  /** Further attempts after the first, where repeating is safe. Default 3: four attempts. */
  readonly maxRetries?: number | undefined;
  /**
   * The longest wait that the call obeys when the server asks for it, in milliseconds; a longer one ends the call at once with
   * its error. Default 65 000: Vercel's windows are 60 s and round up.
   */
  readonly maxRetryAfterMs?: number | undefined;
  /** Receives a line for each attempt: `console` or a pino logger. Default: none. */
  readonly logger?: Logger | undefined;
  /** Called around each attempt; of a list, each in its order. Default: none. */
  readonly hooks?: Hooks | readonly Hooks[] | undefined;
  /** Called for requests, responses, further attempts, calls given up, and calls held by a rate limit. Default: none. */
  readonly onEvent?: EventListener<TransportEvent> | undefined;
  /**
   * Keeps responses of GETs for parsed data in memory, apart by credential, and lets equal GETs in flight share one request.
   * A write through this client drops the entries at its path and below. Default: off.
   */
  readonly responseCache?: ResponseCacheOptions | undefined;
}

/** {@link ClientOptions} checked, with every default filled in. */
export interface ResolvedOptions {
  readonly baseUrl: string;
  /** Base URLs of the document. */
  readonly servers: readonly string[];
  readonly credential: Credential | undefined;
  /** Those of other security schemes. */
  readonly credentials: CredentialsByScheme;
  /** Of the table. */
  readonly securitySchemes: NonNullable<OperationTable['securitySchemes']>;
  /** The team parameter to add, by name. */
  readonly team: { readonly name: 'teamId' | 'slug'; readonly value: string } | undefined;
  /** `undefined` for the global one. */
  readonly fetch: Fetch | undefined;
  readonly fetchOptions: FetchOptions;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** `undefined` for the default, which not every call has. */
  readonly totalTimeoutMs: number | undefined;
  readonly maxBodyBytes: number;
  readonly maxRetries: number;
  readonly maxRetryAfterMs: number;
  readonly logger: Logger | undefined;
  readonly hooks: readonly Hooks[];
  readonly onEvent: EventListener<TransportEvent> | undefined;
  /** `undefined` for off. */
  readonly responseCache: ResponseCacheOptions | undefined;
}

const CLIENT_OPTIONS: ReadonlySet<string> = new Set([
  ...[
    'baseUrl',
    'bearerToken',
    'credentials',
    'teamId',
    'slug',
    'operations',
    'fetch',
    'fetchOptions',
    'headers',
    'userAgent',
    'hooks',
    'timeout',
    'totalTimeout',
  ],
  ...['maxBodyBytes', 'maxRetries', 'maxRetryAfterMs', 'logger', 'onEvent', 'responseCache'],
]);
/** Options of earlier versions, and their replacements. */
export const RENAMED_OPTIONS: Readonly<Record<string, string>> = {
  deadline: 'is named totalTimeout now; give totalTimeout',
};

/** Sent unless the client, the call or the document says otherwise. */
export const DEFAULT_ACCEPT = 'application/json';
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BODY_BYTES = 10_000_000;
const DEFAULT_MAX_RETRIES = 3;
const DEFAULT_MAX_RETRY_AFTER_MS = 65_000;
const MAX_CACHED_RESPONSES = 1_000_000;
/** The longest delay that `setTimeout` takes; a longer one would fire at once. */
export const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Checks the options of a client once, and fills in the defaults.
 *
 * @throws {InvalidArgumentError} Naming the option and the rule that it breaks.
 */
export function resolveOptions(
  options: ClientOptions,
  table: Pick<OperationTable, 'securitySchemes' | 'servers'> = {},
): ResolvedOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new InvalidArgumentError('options', `must be an object, got ${describeValue(options)}`);
  const { fetch, bearerToken, logger, onEvent, maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = options;
  const { servers = [DEFAULT_BASE_URL] } = table;
  checkOptionNames(options, CLIENT_OPTIONS, { instead: RENAMED_OPTIONS });
  checkFunction('fetch', fetch);
  checkFunction('onEvent', onEvent);
  if (logger !== undefined && typeof logger?.debug !== 'function') {
    throw new InvalidArgumentError('logger', 'must have a debug function; console has one');
  }
  const isSize = Number.isInteger(maxBodyBytes) && maxBodyBytes > 0;
  checkArgument(isSize, 'maxBodyBytes', 'must be a whole number of bytes', maxBodyBytes);
  return {
    baseUrl: checkBaseUrl(options.baseUrl ?? defaultServer(servers)),
    servers,
    credential: bearerToken === undefined ? undefined : createCredential('bearerToken', bearerToken),
    credentials: resolveCredentials(options.credentials, table),
    securitySchemes: table.securitySchemes ?? {},
    team: resolveTeam(options),
    fetch,
    fetchOptions: checkFetchOptions(options.fetchOptions),
    headers: resolveHeaders(options),
    timeoutMs: checkMs('timeout', options.timeout ?? DEFAULT_TIMEOUT_MS),
    totalTimeoutMs:
      options.totalTimeout === undefined ? undefined : checkMs('totalTimeout', options.totalTimeout),
    maxBodyBytes,
    maxRetries: checkMaxRetries(options.maxRetries ?? DEFAULT_MAX_RETRIES),
    maxRetryAfterMs: checkMaxRetryAfter(options.maxRetryAfterMs ?? DEFAULT_MAX_RETRY_AFTER_MS),
    logger,
    hooks: resolveHooks(options.hooks),
    onEvent,
    responseCache: resolveResponseCache(options.responseCache),
  };
}

/** @throws {InvalidArgumentError} For a document of which no server has a host. */
function defaultServer([first]: readonly string[]): string {
  if (first !== undefined) return first;
  throw new InvalidArgumentError(
    'baseUrl',
    'is needed, because the document names no server: say where the API is',
  );
}

function checkFunction(name: string, value: unknown): void {
  checkArgument(value === undefined || typeof value === 'function', name, 'must be a function', value);
}

/** @throws {InvalidArgumentError} For a value that is not a number of milliseconds to wait. */
export function checkMs(name: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value <= MAX_TIMEOUT_MS) return value;
  const rule = `must be a number of milliseconds from 1 to ${MAX_TIMEOUT_MS}`;
  throw new InvalidArgumentError(name, `${rule}, got ${describeValue(value)}`);
}

/** @throws {InvalidArgumentError} For a value that is not a number of milliseconds; 0 obeys no wait. */
export function checkMaxRetryAfter(value: unknown): number {
  return value === 0 ? 0 : checkMs('maxRetryAfterMs', value);
}

/** @throws {InvalidArgumentError} For a value that is not a number of retries. */
export function checkMaxRetries(value: number): number {
  const isCount = Number.isInteger(value) && value >= 0 && value <= 100;
  checkArgument(isCount, 'maxRetries', 'must be a whole number from 0 to 100', value);
  return value;
}

function resolveResponseCache(given: unknown): ResponseCacheOptions | undefined {
  if (given === undefined) return undefined;
  checkArgument(isRecord(given), 'responseCache', 'must be an object with max and ttlMs', given);
  const { max, ttlMs } = given;
  const isCount = typeof max === 'number' && Number.isInteger(max) && max >= 1 && max <= MAX_CACHED_RESPONSES;
  checkArgument(
    isCount,
    'responseCache.max',
    `must be a whole number from 1 to ${MAX_CACHED_RESPONSES}`,
    max,
  );
  const isTime = typeof ttlMs === 'number' && Number.isFinite(ttlMs) && ttlMs > 0;
  checkArgument(isTime, 'responseCache.ttlMs', 'must be a number of milliseconds above 0', ttlMs);
  return { max, ttlMs };
}

function resolveTeam({ teamId, slug }: ClientOptions): ResolvedOptions['team'] {
  if (teamId !== undefined && slug !== undefined)
    throw new InvalidArgumentError('teamId', 'give teamId or slug, not both: they name the same team');
  const name = teamId === undefined ? 'slug' : 'teamId';
  const value: unknown = teamId === undefined ? slug : teamId;
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '') return { name, value };
  throw new InvalidArgumentError(name, `must be a non-empty string, got ${describeValue(value)}`);
}

function resolveHeaders({ headers: own, userAgent }: ClientOptions): ResolvedOptions['headers'] {
  // Products and comments of RFC 9110 section 10.1.5.
  checkArgument(
    userAgent === undefined ||
      (typeof userAgent === 'string' && /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(userAgent)),
    'userAgent',
    'must be visible ASCII such as acme-deploys/2.1',
    userAgent,
  );
  const headers = new Headers({ accept: DEFAULT_ACCEPT });
  const product = userAgentOf(userAgent);
  if (product !== undefined) headers.set('user-agent', product);
  setHeaders(headers, own);
  for (const name of ['content-length', 'transfer-encoding'])
    checkArgument(!headers.has(name), `headers.${name}`, 'must be left out: each request has its own body');
  return Object.fromEntries(headers);
}

function resolveHooks(given: unknown): readonly Hooks[] {
  if (given === undefined) return [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  for (const hooks of list) {
    if (!isRecord(hooks))
      throw new InvalidArgumentError(
        'hooks',
        `must be an object with ${HOOK_NAMES.join(', ')}, or a list of such, got ${describeValue(hooks)}`,
      );
    checkOptionNames(hooks, new Set(HOOK_NAMES), { prefix: 'hooks.' });
    for (const name of HOOK_NAMES) checkFunction(`hooks.${name}`, hooks[name]);
  }
  return list as readonly Hooks[]; // Each was just checked.
}

const SET_ELSEWHERE: Readonly<Record<string, string>> = {
  ...{ method: 'is that of the operation', body: 'give body on the call', headers: 'give headers' },
  ...{ signal: 'give signal on the call', redirect: 'is decided by the client' },
};

/** @throws {InvalidArgumentError} For what `fetch` does not take, and for what is set elsewhere. */
export function checkFetchOptions(given: unknown): FetchOptions {
  if (given === undefined) return {};
  checkArgument(isRecord(given), 'fetchOptions', 'must be an object', given, describeKind);
  checkOwnFields(given, 'fetchOptions');
  checkOptionNames(given, FETCH_OPTION_NAMES, { prefix: 'fetchOptions.', instead: SET_ELSEWHERE });
  try {
    new Request('https://localhost/', given as RequestInit); // It checks what it knows, and ignores the rest.
  } catch (cause) {
    throw new InvalidArgumentError('fetchOptions', 'has a value that fetch does not take', { cause });
  }
  return given;
}

/**
 * Sets headers over existing ones; `null` removes a header, `undefined` is absent.
 *
 * @param target - Changed in place.
 * @param own - A `Headers`, or a record.
 * @throws {InvalidArgumentError} Naming the header, never its value.
 */
export function setHeaders(target: Headers, own: unknown): void {
  const isHeaders = own === undefined || own === null || own instanceof Headers || isRecord(own);
  checkArgument(isHeaders, 'headers', 'must be a Headers or a record of texts', own, describeKind);
  // A `Headers` of this runtime or of another implementation, or a record.
  const isIterable = isRecord(own) && Symbol.iterator in own;
  if (isRecord(own) && !isIterable) checkOwnFields(own, 'headers');
  const entries = isIterable ? (own as unknown as Iterable<[string, unknown]>) : Object.entries(own ?? {});
  for (const [name, value] of entries) {
    try {
      if (value === null) target.delete(name);
      else if (value !== undefined) target.set(name, String(value));
    } catch {
      // The runtime's own error quotes the value, which may be a secret.
      throw new InvalidArgumentError(
        `headers.${name}`,
        'is not a valid header name or value (RFC 9110 section 5)',
      );
    }
  }
}
