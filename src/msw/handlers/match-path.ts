import { checkBaseUrl } from '../../http/base-url.js';
import type { ContractOperation } from '../../openapi/contract-types.js';

// The API itself and its regions; the same region names that `vercel-rest/connect` accepts.
const API_HOSTS = 'https://api(?:-[a-z]{3}\\d{1,2})?\\.vercel\\.com';

/** Where handlers listen: an expression for the start of a URL, without groups that capture. */
export interface Place {
  readonly source: string;
  /** The path of the base URL, `''` for none. */
  readonly prefix: string;
}

/**
 * Where handlers listen for a base URL.
 *
 * @param baseUrl - Default: `https://api.vercel.com` and its regions.
 * @throws {InvalidArgumentError} When it is no base URL that a client accepts.
 */
export function placeOf(baseUrl: string | undefined): Place {
  if (baseUrl === undefined) return { source: API_HOSTS, prefix: '' };
  const checked = checkBaseUrl(baseUrl);
  return { source: escapeRegExp(checked), prefix: new URL(checked).pathname.replace(/\/$/, '') };
}

/**
 * The expression that the URLs of one path template match.
 *
 * A parameter is one segment as it was sent, so an encoded slash (`%2F`) stays inside it. There is no group that
 * captures: msw would decode what it holds, and throw for a malformed escape.
 */
export function urlPattern(place: Place, template: string): RegExp {
  return new RegExp(`^${place.source}${templateSource(template, '[^/]+')}$`);
}

/** The expression that everything at a place matches. */
export function everythingAt(place: Place): RegExp {
  return new RegExp(`^${place.source}(?:/|$)`);
}

/**
 * The values of a template's parameters as they were sent, not decoded.
 *
 * @param pathname - As `URL` gives it, the place's prefix included.
 */
export function readPathParameters(place: Place, template: string, pathname: string): Record<string, string> {
  const { names, expression } = readTemplate(template);
  if (names.length === 0) return {};
  const sent = expression.exec(pathname.slice(place.prefix.length));
  return Object.fromEntries(names.map((name, index) => [name, sent?.[index + 1] ?? '']));
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
  place: Place,
  operations: readonly ContractOperation[],
  pathname: string,
): string[] {
  const path = pathname.slice(place.prefix.length).replace(/\/+$/, '');
  const unversioned = withoutVersion(path);
  const samePath: Place = { source: '', prefix: '' };
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
