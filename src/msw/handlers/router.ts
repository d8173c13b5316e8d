import type { ContractOperation } from '../../openapi/contract-types.js';
import { absoluteUrls } from '../../openapi/servers.js';
import {
  bySpecificity,
  everythingAt,
  fixedQueryOf,
  type MockOrigin,
  originOf,
  parameterNamesOf,
  urlPattern,
} from './match-path.js';

/** The operation of a request, and its path parameters as they were sent, not decoded. */
export interface RouteMatch {
  readonly operation: ContractOperation;
  readonly path: Readonly<Record<string, string>>;
}

/** Finds the operation of a request. */
export interface Router {
  /**
   * Returns `null` for a request that no operation takes, and `undefined` for one that goes elsewhere. A literal path wins over
   * one whose parameter would also match.
   */
  match(request: Request): RouteMatch | null | undefined;
}

interface Route {
  readonly operation: ContractOperation;
  readonly origin: MockOrigin;
  /** Each parameter is a group. Made at the first use: a test uses few of a document's hundreds of operations. */
  pattern: RegExp | undefined;
  readonly parameters: readonly string[];
  /** The pairs of the query that are a part of the path template. */
  readonly fixed: readonly (readonly [name: string, value: string])[];
}

/**
 * Makes a router over operations.
 *
 * Every handler asks it whether a request is its own, so a match is kept for as long as the request lives: with two hundred
 * handlers the path is still looked up once.
 *
 * @param onArrival - Called for each request to these operations when the first handler asks. msw takes longer the further down
 *   its list a handler is, so two requests could have swapped places before their handlers run.
 */
export function createRouter(
  origin: MockOrigin,
  operations: readonly ContractOperation[],
  onArrival?: (request: Request) => void,
): Router {
  const sources = new Set([origin.source]);
  // By method and number of segments.
  const routes = new Map<string, Route[]>();
  const add = (operation: ContractOperation, at: MockOrigin) => {
    const [path = ''] = operation.path.split('?', 1);
    const route: Route = {
      operation,
      origin: at,
      pattern: undefined,
      parameters: parameterNamesOf(path),
      fixed: [...new URLSearchParams(fixedQueryOf(operation.path))],
    };
    for (const depth of new Set(at.prefixes.map((prefix) => (prefix + path).split('/').length))) {
      const key = `${operation.method} ${depth}`;
      const others = routes.get(key);
      if (others === undefined) routes.set(key, [route]);
      else others.push(route);
    }
  };
  for (const operation of bySpecificity(operations)) {
    add(operation, origin);
    for (const url of absoluteUrls(operation.servers ?? [])) {
      const own = originOf([url]);
      sources.add(own.source);
      add(operation, own);
    }
  }
  // A template with a query is more specific than one without.
  for (const list of routes.values())
    list.sort((a, b) => Number(b.fixed.length > 0) - Number(a.fixed.length > 0));
  const hosts = everythingAt({ source: `(?:${[...sources].join('|')})` });
  const found = new WeakMap<Request, RouteMatch | null>();
  return {
    match(request) {
      const known = found.get(request);
      if (known !== undefined) return known;
      if (!hosts.test(request.url)) return undefined;
      onArrival?.(request);
      const { origin: base, pathname, searchParams } = new URL(request.url);
      let match: RouteMatch | null = null;
      for (const route of routes.get(`${request.method} ${pathname.split('/').length}`) ?? []) {
        route.pattern ??= urlPattern(route.origin, route.operation.path, '([^/]+)');
        const sent = route.pattern.exec(base + pathname);
        if (sent === null || !route.fixed.every(([name, value]) => searchParams.getAll(name).includes(value)))
          continue;
        const path: Record<string, string> = {};
        for (const [index, name] of route.parameters.entries()) path[name] = sent[index + 1] ?? '';
        match = { operation: route.operation, path };
        break;
      }
      found.set(request, match);
      return match;
    },
  };
}
