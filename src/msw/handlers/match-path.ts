import { InvalidArgumentError } from '../../errors/index.js';
import { withoutTrailingSlashes } from '../../http/base-url.js';
import type { Contract, ContractOperation } from '../../openapi/contract-types.js';
import { describeValue } from '../../util/redact.js';

const VERCEL = 'https://api.vercel.com';
// The API itself and its regions; the same region names that `vercel-rest/connect` accepts.
const API_HOSTS = 'https://api(?:-[a-z]{3}\\d{1,2})?\\.vercel\\.com';

/** Whether a contract is that of another API than Vercel's. */
export function isForeign({ baseUrl }: Contract): boolean {
  return baseUrl !== '' && !/^https:\/\/api\.vercel\.com(?:\/|$)/.test(baseUrl);
}

/** Where handlers listen: an expression for the start of a URL, without groups that capture. */
export interface MockOrigin {
  readonly source: string;
  /** The paths of the base URLs, the longest first; `''` for none. */
  readonly prefixes: readonly string[];
}

/**
 * Where handlers listen: at a base URL, or else at the servers of the document.
 *
 * @throws {InvalidArgumentError} For a base URL that is none, and for none where the document names no host.
 */
export function placeFor(baseUrl: string | undefined, contract: Contract): MockOrigin {
  return placeOf(baseUrl === undefined ? serversOf(contract) : [checkMockUrl(baseUrl)]);
}

/** Where handlers listen for URLs; `https://api.vercel.com` stands for its regions too. */
export function placeOf(urls: readonly string[]): MockOrigin {
  const sources = urls.map((url) => (url === VERCEL ? API_HOSTS : escapeRegExp(url)));
  const prefixes = urls.map((url) => new URL(url).pathname.replace(/\/$/, ''));
  return {
    source: sources.length === 1 ? String(sources[0]) : `(?:${sources.join('|')})`,
    prefixes: [...new Set(prefixes)].sort((a, b) => b.length - a.length),
  };
}

/** Where handlers listen for one base URL. Default: the Vercel API. @throws {InvalidArgumentError} */
export function placeAt(baseUrl: string = VERCEL): MockOrigin {
  return placeOf([checkMockUrl(baseUrl)]);
}

/** A place, and the paths of the servers that operations have of their own. */
export function withServersOf(place: MockOrigin, operations: readonly ContractOperation[]): MockOrigin {
  const urls = operations.flatMap(({ servers = [] }) => absoluteUrls(servers));
  if (urls.length === 0) return place;
  const own = placeOf(urls).prefixes;
  return {
    ...place,
    prefixes: [...place.prefixes, ...own.filter((prefix) => !place.prefixes.includes(prefix))],
  };
}

/**
 * The base URLs of a document's servers, without slashes at their ends.
 *
 * @throws {InvalidArgumentError} Asking for `baseUrl`, where no server has a host.
 */
export function serversOf(contract: Contract): readonly string[] {
  const servers = contract.servers ?? [contract.baseUrl || VERCEL];
  const absolute = absoluteUrls(servers);
  if (absolute.length > 0) return absolute;
  const said =
    servers.length === 0
      ? 'names no server'
      : `names its server ${JSON.stringify(servers[0])}, without a host`;
  throw new InvalidArgumentError(
    'baseUrl',
    `is needed, because the document ${said}: say where the API is, e.g. ${JSON.stringify(exampleUrl(servers[0]))}`,
  );
}

/** The URL that a server of a mock stands for: the document's own, or one on this machine with its path. */
export function servedUrl(contract: Contract): string {
  const servers = contract.servers ?? [contract.baseUrl || VERCEL];
  return absoluteUrls(servers)[0] ?? exampleUrl(servers[0]);
}

/** Those of some URLs that have a host, without slashes at their ends. */
export function absoluteUrls(urls: readonly string[]): string[] {
  const usable = urls.filter((url) => /^https?:\/\//i.test(url) && URL.canParse(url));
  return usable.map((url) => withoutTrailingSlashes(new URL(url).origin + new URL(url).pathname));
}

function exampleUrl(relative = ''): string {
  const base = 'http://localhost';
  return URL.canParse(relative, base) ? withoutTrailingSlashes(new URL(relative, base).href) : base;
}

/**
 * Checks where a mock is, and returns it without a trailing slash. Nothing is sent there, so `http` will do.
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
 * The expression that the URLs of one path template match.
 *
 * A parameter is one segment as it was sent, so an encoded slash (`%2F`) stays inside it. There is no group that
 * captures: msw would decode what it holds, and throw for a malformed escape.
 */
export function urlPattern(place: MockOrigin, template: string): RegExp {
  return new RegExp(`^${place.source}${templateSource(template, '[^/]+')}$`);
}

/** The expression that everything at a place matches. */
export function everythingAt(place: MockOrigin): RegExp {
  return new RegExp(`^${place.source}(?:/|$)`);
}

/**
 * The values of a template's parameters as they were sent, not decoded.
 *
 * @param pathname - As `URL` gives it, the path of the base URL included.
 */
export function readPathParameters(
  place: MockOrigin,
  template: string,
  pathname: string,
): Record<string, string> {
  const { names, expression } = readTemplate(template);
  if (names.length === 0) return {};
  const paths = place.prefixes.map((prefix) => pathIn({ prefixes: [prefix] }, pathname));
  const sent = paths.map((path) => expression.exec(path)).find((match) => match !== null);
  return Object.fromEntries(names.map((name, index) => [name, sent?.[index + 1] ?? '']));
}

/** A path without that of the base URL. */
function pathIn({ prefixes }: Pick<MockOrigin, 'prefixes'>, pathname: string): string {
  const prefix =
    prefixes.find((one) => one === '' || pathname === one || pathname.startsWith(`${one}/`)) ?? '';
  return pathname.slice(prefix.length);
}

interface Template {
  readonly names: readonly string[];
  readonly expression: RegExp;
}

const templates = new Map<string, Template>();
/** Kept compiled; more than a document has paths. */
const MAX_TEMPLATES = 2_000;

function readTemplate(template: string): Template {
  const known = templates.get(template);
  if (known !== undefined) return known;
  if (templates.size >= MAX_TEMPLATES) templates.clear();
  const read: Template = {
    names: [...template.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name),
    expression: new RegExp(`^${templateSource(template, '([^/]+)')}$`),
  };
  templates.set(template, read);
  return read;
}

/** Operations with the literal path before the one whose parameter would also match it. */
export function bySpecificity(operations: readonly ContractOperation[]): ContractOperation[] {
  const ranked = operations.map((operation) => ({ operation, rank: rankOf(operation.path) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
  return ranked.map(({ operation }) => operation);
}

function rankOf(path: string): string {
  return segmentsOf(path)
    .map((segment) => (isParameter(segment) ? '2' : segment.includes('{') ? '1' : '0'))
    .join('');
}

/**
 * Operations that a request without one may have meant: the same path with another method, or under another version.
 *
 * @returns E.g. `GET /v2/connect/connectors (listConnectors)`.
 */
export function findNearMisses(
  place: MockOrigin,
  operations: readonly ContractOperation[],
  pathname: string,
): string[] {
  const path = pathIn(place, pathname).replace(/\/+$/, '');
  const unversioned = withoutVersion(path);
  const samePath: MockOrigin = { source: '', prefixes: [''] };
  return bySpecificity(operations)
    .filter((operation) => urlPattern(samePath, withoutVersion(operation.path)).test(unversioned))
    .map(({ method, path: template, operationId }) => `${method} ${template} (${operationId})`);
}

function withoutVersion(path: string): string {
  return path.replace(/^\/v\d+(?=\/)/, '');
}

/** A template as an expression; a segment may hold more than its parameter, as in `/{id}.json`. */
function templateSource(template: string, parameter: string): string {
  const [path = ''] = template.split('?', 1);
  return path
    .split(/(\{[^{}]+\})/)
    .map((part) => (isParameter(part) ? parameter : escapeRegExp(encodeLiteral(part))))
    .join('');
}

/** A literal part of a path as URL parsers write it (WHATWG URL, path percent-encode set). */
function encodeLiteral(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]+|["<>^`{}]/gu, encodeURIComponent);
}

/** The query that a template begins with, as in `/things?api-version=2024`; empty for nearly all. */
export function fixedQueryOf(template: string): string {
  return template.split('?', 2)[1] ?? '';
}

function segmentsOf(path: string): string[] {
  return path.split('/').slice(1);
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{') && segment.endsWith('}');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
