import type { ContractOperation } from '../../openapi/contract-types.js';
import {
  absoluteUrls,
  bySpecificity,
  everythingAt,
  fixedQueryOf,
  type MockOrigin,
  placeOf,
  urlPattern,
} from './match-path.js';

/** Finds out which operation a request is for. */
export interface Router {
  /** `undefined` for none; the literal path wins over the parameter that would also match it. */
  match(request: Request): ContractOperation | undefined;
  /** Whether a request goes to where the operations are. */
  isHere(request: Request): boolean;
}

interface Route {
  readonly operation: ContractOperation;
  readonly pattern: RegExp;
  /** What its path says of the query. */
  readonly fixed: readonly (readonly [name: string, value: string])[];
}

/**
 * Makes a router over operations.
 *
 * Each handler asks it whether a request is its own, so an answer is kept for as long as the request lives: with two
 * hundred handlers the path is still looked up once.
 *
 * @param onArrival - Told of each request to here when the first handler asks: msw takes the longer the further down its
 *   list a handler stands, so by the time that they answer two requests could have swapped places.
 */
export function createRouter(
  place: MockOrigin,
  operations: readonly ContractOperation[],
  onArrival?: (request: Request) => void,
): Router {
  const places = new Map([[place.source, everythingAt(place)]]);
  const routes = new Map<string, Route[]>();
  const add = (operation: ContractOperation, at: MockOrigin) => {
    const [path = ''] = operation.path.split('?', 1);
    const fixed = [...new URLSearchParams(fixedQueryOf(operation.path))];
    const route = { operation, pattern: urlPattern(at, operation.path), fixed };
    for (const depth of new Set(at.prefixes.map((prefix) => depthOf(prefix + path)))) {
      const key = `${operation.method} ${depth}`;
      routes.set(key, [...(routes.get(key) ?? []), route]);
    }
  };
  for (const operation of bySpecificity(operations)) {
    add(operation, place);
    for (const url of absoluteUrls(operation.servers ?? [])) {
      const own = placeOf([url]);
      places.set(own.source, everythingAt(own));
      add(operation, own);
    }
  }
  const everywhere = [...places.values()];
  const isHere = (url: string) => everywhere.some((one) => one.test(url));
  const found = new WeakMap<Request, ContractOperation | false>();
  return {
    match(request) {
      const known = found.get(request);
      if (known !== undefined) return known || undefined;
      if (isHere(request.url)) onArrival?.(request);
      const { origin, pathname, searchParams } = new URL(request.url);
      const candidates = routes.get(`${request.method} ${depthOf(pathname)}`) ?? [];
      const matching = candidates.filter(({ pattern }) => pattern.test(origin + pathname));
      const operation = (
        matching.find(({ fixed }) => fixed.length > 0 && hasAll(searchParams, fixed)) ??
        matching.find(({ fixed }) => fixed.length === 0)
      )?.operation;
      found.set(request, operation ?? false);
      return operation;
    },
    isHere: (request) => isHere(request.url),
  };
}

function hasAll(query: URLSearchParams, fixed: Route['fixed']): boolean {
  return fixed.every(([name, value]) => query.getAll(name).includes(value));
}

function depthOf(path: string): number {
  return path.split('/').length;
}
