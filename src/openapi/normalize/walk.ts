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
  const keywords = KEYWORDS[shape];
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(entered)) {
    const holder = keywords.get(key);
    if (holder === undefined) continue;
    const before = entered[key];
    const after = rewriteHeld(holder, before, key, path, visitor);
    if (after === before) continue;
    copy ??= { ...entered };
    copy[key] = after;
  }
  const left = copy ?? entered;
  return visitor.leave?.(shape, left, path) ?? left;
}

function rewriteHeld(
  [many, shape]: Holder,
  value: unknown,
  keyword: string,
  parent: NodePath | undefined,
  visitor: Visitor,
): unknown {
  if (many === 'one')
    return isRecord(value) ? rewriteNode(shape, value, { parent, keyword }, visitor) : value;
  if (many === 'list' ? !Array.isArray(value) : !isRecord(value)) return value;
  // Narrowed by the line above, which TypeScript does not follow.
  const held = value as Record<string, unknown>;
  let copy: Record<string, unknown> | undefined;
  for (const step of Object.keys(held)) {
    const before = held[step];
    if (!isRecord(before)) continue;
    const after = rewriteNode(shape, before, { parent, keyword, step }, visitor);
    if (after === before) continue;
    // An array is indexed by the same steps as a map.
    copy ??= Array.isArray(held) ? ([...held] as unknown as Record<string, unknown>) : { ...held };
    copy[step] = after;
  }
  return copy ?? held;
}
