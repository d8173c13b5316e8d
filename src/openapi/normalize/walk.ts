import { isRecord } from '../../util/is-record.js';
import type { JsonObject, OpenApiDocument } from '../document.js';
import type { NodePath } from './node-path.js';

/** The kind of an object of a document, which decides what its keys mean. */
export type Shape =
  | 'document'
  | 'components'
  | 'pathItem'
  | 'operation'
  | 'parameter'
  | 'body'
  | 'response'
  | 'media'
  | 'schema';

/** The objects below a keyword: one, a list of them, or a map whose keys are names. */
export type Holder<S = Shape> = readonly ['one' | 'list' | 'map', S];

/** The HTTP methods of a path item, in the order in which operations are listed. */
export const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace'] as const;

/** An operation and where it stands. */
export interface PlacedOperation {
  readonly path: string;
  readonly method: (typeof METHODS)[number];
  readonly operation: JsonObject;
}

/** Lists the operations of `paths` in document order. */
export function operationsIn(paths: Readonly<Record<string, unknown>>): PlacedOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method): PlacedOperation[] => {
      const operation = isRecord(item) ? item[method] : undefined;
      return isRecord(operation) ? [{ path, method, operation }] : [];
    }),
  );
}

const ONE_SCHEMA: Holder = ['one', 'schema'];
const SCHEMA_LIST: Holder = ['list', 'schema'];
const SCHEMA_MAP: Holder = ['map', 'schema'];
const CONTENT: Holder = ['map', 'media'];

// Maps and not objects: a keyword of a document may be called "constructor". Callbacks, links and examples are left out:
// nothing is generated from them.
export const KEYWORDS: Readonly<Record<Shape, ReadonlyMap<string, Holder>>> = {
  document: new Map<string, Holder>([
    ['paths', ['map', 'pathItem']],
    ['webhooks', ['map', 'pathItem']],
    ['components', ['one', 'components']],
  ]),
  components: new Map<string, Holder>([
    ['schemas', SCHEMA_MAP],
    ['parameters', ['map', 'parameter']],
    ['headers', ['map', 'parameter']],
    ['requestBodies', ['map', 'body']],
    ['responses', ['map', 'response']],
    ['pathItems', ['map', 'pathItem']],
  ]),
  pathItem: new Map<string, Holder>([
    ['parameters', ['list', 'parameter']],
    ...METHODS.map((method): [string, Holder] => [method, ['one', 'operation']]),
  ]),
  operation: new Map<string, Holder>([
    ['parameters', ['list', 'parameter']],
    ['requestBody', ['one', 'body']],
    ['responses', ['map', 'response']],
  ]),
  parameter: new Map<string, Holder>([
    ['schema', ONE_SCHEMA],
    ['content', CONTENT],
  ]),
  body: new Map<string, Holder>([['content', CONTENT]]),
  response: new Map<string, Holder>([
    ['content', CONTENT],
    ['headers', ['map', 'parameter']],
  ]),
  media: new Map<string, Holder>([['schema', ONE_SCHEMA]]),
  schema: new Map<string, Holder>([
    ...['properties', 'patternProperties', '$defs', 'dependentSchemas'].map((key): [string, Holder] => [
      key,
      SCHEMA_MAP,
    ]),
    ...['oneOf', 'anyOf', 'allOf', 'prefixItems'].map((key): [string, Holder] => [key, SCHEMA_LIST]),
    ...[
      'items',
      'additionalProperties',
      'not',
      'if',
      'then',
      'else',
      'contains',
      'propertyNames',
      'unevaluatedItems',
      'unevaluatedProperties',
    ].map((key): [string, Holder] => [key, ONE_SCHEMA]),
  ]),
};

/** Visits each object of a document. The returned object takes its place. */
export interface Visitor {
  /** Called before the objects below. The walk goes on in the returned object. */
  readonly enter?: (shape: Shape, node: JsonObject, path: NodePath | undefined) => JsonObject;
  /** Called after the objects below. */
  readonly leave?: (shape: Shape, node: JsonObject, path: NodePath | undefined) => JsonObject;
}

/**
 * Passes each object of a document through a visitor and returns the document that comes out.
 *
 * Nothing is mutated: an object is copied when something below it changed, and shared with the input otherwise.
 */
export function rewrite(document: OpenApiDocument, visitor: Visitor): OpenApiDocument {
  // A visitor returns a node of the same shape.
  return rewriteNode('document', document, undefined, visitor) as OpenApiDocument;
}

/** Passes one schema and the schemas below it through a visitor. */
export function rewriteSchema(schema: JsonObject, visitor: Visitor): JsonObject {
  return rewriteNode('schema', schema, undefined, visitor);
}

function rewriteNode(
  shape: Shape,
  node: JsonObject,
  path: NodePath | undefined,
  visitor: Visitor,
): JsonObject {
  const entered = visitor.enter?.(shape, node, path) ?? node;
  const left = rewriteBelow(entered, KEYWORDS[shape], (inner, value, keyword, step) =>
    isRecord(value) ? rewriteNode(inner, value, { parent: path, keyword, step }, visitor) : value,
  );
  return visitor.leave?.(shape, left, path) ?? left;
}

/** Rewrites the objects below the keywords of an object. It is copied where one of them changed, and shared otherwise. */
export function rewriteBelow<S>(
  node: JsonObject,
  holders: { readonly get: (keyword: string) => Holder<S> | undefined },
  visit: (shape: S, value: unknown, keyword: string, step: string | undefined) => unknown,
): JsonObject {
  return mapValues(node, (value, keyword) => {
    const [many, shape] = holders.get(keyword) ?? [];
    if (shape === undefined) return value;
    if (many === 'one') return visit(shape, value, keyword, undefined);
    const isHeld = many === 'list' ? Array.isArray(value) : isRecord(value);
    return isHeld ? mapValues(Object(value), (held, step) => visit(shape, held, keyword, step)) : value;
  });
}

/** Maps the values of an object, or the items of an array. It is copied where one of them changed, and shared otherwise. */
export function mapValues<T extends object>(held: T, map: (value: unknown, key: string) => unknown): T {
  let copy: T | undefined;
  for (const key of Object.keys(held)) {
    const before: unknown = Reflect.get(held, key);
    const after = map(before, key);
    if (after === before) continue;
    // The copy has the keys that the original has.
    copy ??= (Array.isArray(held) ? [...held] : { ...held }) as T;
    Reflect.set(copy, key, after);
  }
  return copy ?? held;
}
