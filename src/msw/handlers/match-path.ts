import { InvalidArgumentError } from '../../errors/index.js';
import { withoutTrailingSlashes } from '../../http/base-url.js';
import type { Contract, ContractOperation } from '../../openapi/contract-types.js';
import { absoluteUrls } from '../../openapi/servers.js';
import { describeValue } from '../../util/redact.js';

const VERCEL = 'https://api.vercel.com';
// The API itself and its regions; the same region names that `vercel-rest/connect` accepts.
const API_HOSTS = 'https://api(?:-[a-z]{3}\\d{1,2})?\\.vercel\\.com';

/** Returns whether a contract is that of another API than Vercel's. */
export function isForeign({ baseUrl }: Contract): boolean {
  return baseUrl !== '' && !/^https:\/\/api\.vercel\.com(?:\/|$)/.test(baseUrl);
}

/** The base URLs that handlers listen at. */
export interface MockOrigin {
  /** The source of an expression for the start of a URL, without groups that capture. */
  readonly source: string;
  /** The paths of the base URLs, the longest first; `''` for none. */
  readonly prefixes: readonly string[];
}

/**
 * Returns the origin of a base URL, or without one that of the document's servers.
 *
 * @throws {InvalidArgumentError} For an invalid base URL, and without one for a document that names no host.
 */
export function originFor(baseUrl: string | undefined, contract: Contract): MockOrigin {
  return originOf(baseUrl === undefined ? serversOf(contract) : [checkMockUrl(baseUrl)]);
}

/** Returns the origin of base URLs; `https://api.vercel.com` includes its regions. */
export function originOf(urls: readonly string[]): MockOrigin {
  const sources = urls.map((url) => (url === VERCEL ? API_HOSTS : escapeRegExp(url)));
  const prefixes = urls.map((url) => new URL(url).pathname.replace(/\/$/, ''));
  return {
    source: sources.length === 1 ? String(sources[0]) : `(?:${sources.join('|')})`,
    prefixes: [...new Set(prefixes)].sort((a, b) => b.length - a.length),
  };
}

/** Returns the origin of one base URL. Default: the Vercel API. @throws {InvalidArgumentError} */
export function originAt(baseUrl: string = VERCEL): MockOrigin {
  return originOf([checkMockUrl(baseUrl)]);
}

/** Adds the paths of the servers that operations have of their own. */
export function withServersOf(origin: MockOrigin, operations: readonly ContractOperation[]): MockOrigin {
  const urls = operations.flatMap(({ servers = [] }) => absoluteUrls(servers));
  if (urls.length === 0) return origin;
  const own = originOf(urls).prefixes;
  return {
    ...origin,
    prefixes: [...origin.prefixes, ...own.filter((prefix) => !origin.prefixes.includes(prefix))],
  };
}

/**
 * Returns the base URLs of a document's servers, without slashes at their ends.
 *
 * @throws {InvalidArgumentError} Asking for `baseUrl`, if no server has a host.
 */
export function serversOf(contract: Contract): readonly string[] {
  const servers = contract.servers ?? [contract.baseUrl || VERCEL];
  const absolute = absoluteUrls(servers);
  if (absolute.length > 0) return absolute;
  const named =
    servers.length === 0
      ? 'names no server'
      : `names its server ${JSON.stringify(servers[0])}, without a host`;
  throw new InvalidArgumentError(
    'baseUrl',
    `is needed, because the document ${named}: say where the API is, e.g. ${JSON.stringify(exampleUrl(servers[0]))}`,
  );
}

/** Returns the URL that the server of a mock replaces: the document's own, or one on this machine with its path. */
export function servedUrl(contract: Contract): string {
  const servers = contract.servers ?? [contract.baseUrl || VERCEL];
  return absoluteUrls(servers)[0] ?? exampleUrl(servers[0]);
}

function exampleUrl(relative = ''): string {
  const base = 'http://localhost';
  return URL.canParse(relative, base) ? withoutTrailingSlashes(new URL(relative, base).href) : base;
}

/**
 * Checks the base URL of a mock, and returns it without a trailing slash. Nothing is sent there, so `http` is allowed.
 *
 * @throws {InvalidArgumentError}
 */
export function checkMockUrl(value: unknown): string {
  const [url] = typeof value === 'string' ? absoluteUrls([value]) : [];
  if (url !== undefined && typeof value === 'string' && !/[?#]/.test(value) && new URL(value).username === '')
    return url;
  throw new InvalidArgumentError(
    'baseUrl',
    `must be an absolute URL such as ${VERCEL}, without user name, query and fragment, got ${describeValue(value)}`,
  );
}

/**
 * Returns the expression that matches the URLs of a path template.
 *
 * A parameter is one segment as it was sent, so an encoded slash (`%2F`) stays inside it.
 *
 * @param parameter - The source for one parameter. By default it is not a group that captures: msw would decode what that holds,
 *   and throw for a malformed escape.
 */
export function urlPattern(origin: MockOrigin, template: string, parameter = '[^/]+'): RegExp {
  const [path = ''] = template.split('?', 1);
  // A segment may hold more than its parameter, as in `/{id}.json`.
  const parts = path.split(/(\{[^{}]+\})/).map((part) => {
    if (isParameter(part)) return parameter;
    // A literal part as URL parsers write it (WHATWG URL, path percent-encode set).
    return escapeRegExp(part.replaceAll(/[^\x21-\x7e]+|["<>^`{}]/gu, encodeURIComponent));
  });
  return new RegExp(`^${origin.source}${parts.join('')}$`);
}

/** Returns the names of a path template's parameters, in order. */
export function parameterNamesOf(template: string): string[] {
  return [...template.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
}

/** Returns the expression that matches every URL at an origin. */
export function everythingAt(origin: Pick<MockOrigin, 'source'>): RegExp {
  return new RegExp(`^${origin.source}(?:/|$)`);
}

/** Sorts operations so that a literal path comes before one whose parameter would also match it. */
export function bySpecificity(operations: readonly ContractOperation[]): ContractOperation[] {
  const ranked = operations.map((operation) => {
    const segments = operation.path.split('/').slice(1);
    // A parameter alone takes anything. Beside a text, several parameters take more than one: `{name}.{type}`, `{name}.json`.
    const ranks = segments.map((segment) =>
      isParameter(segment) ? 3 : Math.min(parameterNamesOf(segment).length, 2),
    );
    return { operation, rank: ranks.join('') };
  });
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
  return ranked.map(({ operation }) => operation);
}

/** Returns the query of a path template, as in `/things?api-version=2024`; empty for nearly all. */
export function fixedQueryOf(template: string): string {
  return template.split('?', 2)[1] ?? '';
}

/** Returns a path without the version that it begins with, as in `/v2/user`. */
export function withoutVersion(path: string): string {
  return path.replace(/^\/v\d+(?=\/)/, '');
}

/** Whether a segment is one parameter and nothing else; `{base}...{head}` is not. */
function isParameter(segment: string): boolean {
  return /^\{[^{}]+\}$/.test(segment);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
