import type { Contract } from '../../openapi/contract-types.js';
import { withoutVersion } from '../handlers/match-path.js';

/** The effect of an operation on the resources at a path. */
export type Action = 'create' | 'list' | 'read' | 'update' | 'remove';

/** An operation on a resource. */
export interface ResourceOperation {
  readonly action: Action;
  /** The path parameter that identifies a resource; `undefined` for the collection. */
  readonly parameter: string | undefined;
}

const ON_ITEM: Readonly<Record<string, Action>> = {
  GET: 'read',
  PATCH: 'update',
  PUT: 'update',
  DELETE: 'remove',
};
const ON_COLLECTION: Readonly<Record<string, Action>> = { POST: 'create', GET: 'list' };

/**
 * Finds the resources of a document: paths with a POST, and a further path with one more parameter.
 *
 * `POST /v11/projects` and `GET /v9/projects/{idOrName}` belong to one resource: versions of paths do not matter.
 */
export function findResources(contract: Contract): ReadonlyMap<string, ResourceOperation> {
  const all = Object.values(contract.operations);
  const creations = all.filter(({ method, path }) => method === 'POST' && !path.endsWith('}'));
  const created = new Set(creations.map(({ path }) => pathShapeOf(path)));
  const named = new Set(
    all.filter(({ path }) => path.endsWith('}')).map(({ path }) => pathShapeOf(parentOf(path))),
  );
  const found = all.flatMap((operation): [string, ResourceOperation][] => {
    const { operationId, method, path } = operation;
    const parameter = /\/\{([^{}]+)\}$/.exec(path)?.[1];
    const collection = pathShapeOf(parameter === undefined ? path : parentOf(path));
    const action = (parameter === undefined ? ON_COLLECTION : ON_ITEM)[method];
    if (action === undefined || !created.has(collection) || !named.has(collection)) return [];
    return [[operationId, { action, parameter }]];
  });
  return new Map(found);
}

/** Returns the path of the collection of a request, without its version. */
export function collectionOf(pathname: string, isItem: boolean): string {
  return withoutVersion(isItem ? parentOf(pathname) : pathname);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** Returns a path without its version and the names of its parameters. */
export function pathShapeOf(path: string): string {
  return withoutVersion(path).replaceAll(/\{[^{}]*\}/g, '{}');
}
