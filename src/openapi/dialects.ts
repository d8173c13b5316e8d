import { isRecord } from '../util/is-record.js';
import { type Keys, keysBelow } from './keywords.js';
import { mapValues } from './normalize/walk.js';

/** The language of the schemas in a document. */
export interface Language {
  /** The version of OpenAPI. */
  readonly openapi: unknown;
  /** The `jsonSchemaDialect` of the document; `undefined` for none. */
  readonly dialect: unknown;
}

/** Parts of a file that dialects read differently. */
interface Differences {
  /** The texts of all `$schema`. */
  readonly dialects: ReadonlySet<string>;
  /** Whether keywords stand beside a `$ref`. */
  readonly hasSiblings: boolean;
  /** Whether `items` is a list. */
  readonly hasLists: boolean;
}

const KNOWN =
  /^https:\/\/spec\.openapis\.org\/oas\/3\.|^https?:\/\/json-schema\.org\/(?:schema|draft-0[4-7]\/|draft\/20(?:19-09|20-12)\/)/;
/** In these, a `$ref` stands alone (JSON Schema draft 7, core, section 8.3), as it does in OpenAPI 3.0. */
const IGNORES_SIBLINGS = /^https?:\/\/json-schema\.org\/draft-0/;

/**
 * Writes schemas of older dialects in that of OpenAPI 3.1, which is JSON Schema 2020-12: a list of `items` becomes `prefixItems`, and
 * keywords beside a `$ref` are left out where they have no effect. `nullable` and annotations stay, because they refuse no value.
 *
 * @returns The same object where no schema differs.
 * @throws {Error} Naming the dialect: for one that is not known.
 */
export function toOneDialect<T extends object>(
  root: T,
  { openapi, dialect }: Language,
  { dialects, hasSiblings, hasLists }: Differences,
): T {
  const all = [...(typeof dialect === 'string' ? [dialect] : []), ...dialects];
  const unknown = all.find((one) => !KNOWN.test(one));
  if (unknown !== undefined)
    throw new Error(
      `the JSON Schema dialect ${unknown} is not known: schemas are read by OpenAPI 3.0 and 3.1 and by the drafts 4 to 2020-12`,
    );
  const isAlone = /^3\.0/.test(String(openapi)) || IGNORES_SIBLINGS.test(String(dialect));
  const losesSiblings = hasSiblings && (isAlone || all.some((one) => IGNORES_SIBLINGS.test(one)));
  // The result has the shape of the root.
  return hasLists || losesSiblings ? (rewritten(root, 'keywords', isAlone) as T) : root;
}

/** Keywords that refuse values. */
const ASSERTIONS: ReadonlySet<string> = new Set([
  ...['type', 'enum', 'const', 'format', 'pattern', 'minLength', 'maxLength', 'multipleOf'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minItems', 'maxItems', 'uniqueItems'],
  ...['items', 'prefixItems', 'contains', 'properties', 'patternProperties', 'additionalProperties'],
  ...['propertyNames', 'required', 'minProperties', 'maxProperties', 'dependentRequired', 'dependentSchemas'],
  ...['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'],
  ...['unevaluatedProperties', 'unevaluatedItems'],
]);

function rewritten(node: unknown, keys: Keys, isAlone: boolean): unknown {
  if (Array.isArray(node)) return mapValues(node, (item) => rewritten(item, keys, isAlone));
  if (!isRecord(node) || keys === 'data') return node;
  if (keys === 'names') return mapValues(node, (value) => rewritten(value, 'keywords', isAlone));
  const isOwn = typeof node.$schema === 'string' ? IGNORES_SIBLINGS.test(node.$schema) : isAlone;
  const settled = withPrefixItems(isOwn && typeof node.$ref === 'string' ? withoutAssertions(node) : node);
  return mapValues(settled, (value, key) => rewritten(value, keysBelow(key, value), isOwn));
}

function withoutAssertions(node: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(node).filter(([key]) => !ASSERTIONS.has(key)));
}

function withPrefixItems(node: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { items, additionalItems, ...rest } = node;
  if (!Array.isArray(items)) return node;
  return {
    ...rest,
    prefixItems: items,
    ...(additionalItems === undefined ? {} : { items: additionalItems }),
  };
}
