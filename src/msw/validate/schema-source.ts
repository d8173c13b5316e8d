import { compilePattern } from '../../openapi/compile-pattern.js';
import type { Contract, JsonSchema } from '../../openapi/contract-types.js';
import { fromFragment, valueAt } from '../../openapi/json-pointer.js';
import { isRecord } from '../../util/is-record.js';

/** A schema of the document cannot be read; the message says why, and not yet where. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/** A longer chain of references is a circle. */
const MAX_HOPS = 32;
/** The URI of a document that names none. */
const NO_URI = 'json-schema:///';

/** The schema resources that a check went through (JSON Schema core, section 7.1), the outermost first. */
export type Scope = readonly [SchemaResource, ...SchemaResource[]];

/** A schema with a URI of its own (`$id`), and the names of schemas in it. */
interface SchemaResource {
  readonly uri: string;
  readonly root: JsonSchema;
  readonly anchors: Map<string, JsonSchema>;
  readonly dynamicAnchors: Map<string, JsonSchema>;
  /** The scope after entering this resource, by the scope before, so that equal paths share one scope. */
  readonly entered: Map<Scope | undefined, Scope>;
}

/** By name of a property, the schemas that it is declared with. */
export type Declarations = ReadonlyMap<string, readonly JsonSchema[]>;

interface Followed {
  readonly target: JsonSchema;
  readonly scope: Scope | undefined;
}

/**
 * The schemas of one document: follows its references and keeps its patterns.
 *
 * `#/...` leads into the document. `$id`, `$anchor` and `$dynamicRef` are looked for when a schema has one of them.
 */
export class SchemaSource {
  readonly #expressions = new Map<string, RegExp>();
  readonly #targets = new Map<string, JsonSchema>();
  readonly #declarations = new WeakMap<object, Declarations>();
  readonly #hash = new WeakMap<readonly unknown[], ReadonlySet<unknown>>();
  #resources: Map<string, SchemaResource> | undefined;

  /**
   * @param root - The document; a schema for one that stands alone.
   * @param checksFormats - Whether `format` is a rule or, as JSON Schema has it by default, a remark.
   * @param others - Documents that references may lead to, by URI.
   */
  constructor(
    readonly root: unknown,
    readonly checksFormats = true,
    readonly others: Readonly<Record<string, JsonSchema>> = {},
  ) {}

  /** Follows `$ref` to a schema without one; siblings of a `$ref` are ignored. */
  resolve(schema: JsonSchema, scope?: Scope): JsonSchema {
    let current = schema;
    for (let hop = 0; hop < MAX_HOPS && typeof current === 'object'; hop++) {
      if (typeof current.$ref !== 'string') return current;
      current = this.follow(current, '$ref', scope).target;
    }
    return current;
  }

  /** @throws {SchemaError} For a reference that leads nowhere. */
  follow(schema: JsonSchema & object, keyword: '$ref' | '$dynamicRef', scope: Scope | undefined): Followed {
    const reference = String(schema[keyword]);
    // Unions of hundreds of branches follow the same reference again and again.
    const known = scope === undefined ? this.#targets.get(reference) : undefined;
    if (known !== undefined) return { target: known, scope };
    const isPlain = scope === undefined && (reference === '#' || reference.startsWith('#/'));
    const followed = isPlain
      ? { target: toTarget(valueAt(this.root, fromFragment(reference))), scope }
      : this.#followUri(reference, keyword, scope);
    if (followed?.target === undefined) throw new SchemaError(`the reference ${reference} leads nowhere`);
    if (isPlain) this.#targets.set(reference, followed.target);
    return { target: followed.target, scope: followed.scope };
  }

  /** Returns the scope inside a schema, which is another one if the schema has a URI of its own. */
  scopeOf(schema: JsonSchema, scope: Scope | undefined): Scope | undefined {
    if (typeof schema === 'boolean' || typeof schema.$id !== 'string') return scope;
    const resource = this.#all().get(absolute(schema.$id, scope?.at(-1)?.uri));
    return resource === undefined || resource === scope?.at(-1) ? scope : enter(resource, scope);
  }

  /** Returns the expression of a pattern, compiled once. */
  expression(pattern: string): RegExp {
    const known = this.#expressions.get(pattern);
    if (known !== undefined) return known;
    try {
      const expression = compilePattern(pattern);
      this.#expressions.set(pattern, expression);
      return expression;
    } catch (cause) {
      throw new SchemaError(`the pattern ${JSON.stringify(pattern)} is not a regular expression`, { cause });
    }
  }

  /** Returns the declarations of a schema's properties, collected once. */
  declarationsIn(schema: JsonSchema, find: () => Declarations): Declarations {
    if (typeof schema === 'boolean') return new Map();
    const known = this.#declarations.get(schema) ?? find();
    this.#declarations.set(schema, known);
    return known;
  }

  /** Returns the values of an `enum` as a set, made once. */
  setOf(values: readonly unknown[]): ReadonlySet<unknown> {
    const known = this.#hash.get(values) ?? new Set(values);
    this.#hash.set(values, known);
    return known;
  }

  #followUri(
    reference: string,
    keyword: '$ref' | '$dynamicRef',
    scope: Scope | undefined,
  ): { readonly target: JsonSchema | undefined; readonly scope: Scope } | undefined {
    const [uri = '', fragment = ''] = absolute(reference, scope?.at(-1)?.uri).split('#');
    const resource = this.#all().get(uri);
    if (resource === undefined) return undefined;
    if (fragment === '' || fragment.startsWith('/')) return this.#descend(resource, fragment, scope);
    const name = decodeURIComponent(fragment);
    const target = resource.anchors.get(name);
    if (keyword === '$ref' || !resource.dynamicAnchors.has(name))
      return { target, scope: enter(resource, scope) };
    const outer = scope?.find(({ dynamicAnchors }) => dynamicAnchors.has(name)) ?? resource;
    return { target: outer.dynamicAnchors.get(name), scope: enter(outer, scope) };
  }

  /** Follows a pointer, which may lead into a resource inside of this one. */
  #descend({ uri, root }: SchemaResource, pointer: string, scope: Scope | undefined) {
    let [node, base]: [unknown, string] = [root, uri];
    for (const step of fromFragment(`#${pointer}`)) {
      node = valueAt(node, [step]);
      if (isRecord(node) && typeof node.$id === 'string') base = absolute(node.$id, base);
    }
    const inner = this.#all().get(base);
    return inner && { target: toTarget(node), scope: enter(inner, scope) };
  }

  #all(): ReadonlyMap<string, SchemaResource> {
    if (this.#resources !== undefined) return this.#resources;
    const found = new Map<string, SchemaResource>();
    this.#resources = found;
    index(toTarget(this.root) ?? true, addResource(found, NO_URI, toTarget(this.root) ?? true), found);
    for (const [uri, root] of Object.entries(this.others)) index(root, addResource(found, uri, root), found);
    return found;
  }
}

/** The schemas of a contract, whose references begin with `#/components/schemas/`. */
export function sourceOf(contract: Contract): SchemaSource {
  return new SchemaSource({
    components: {
      get schemas() {
        return contract.schemas;
      },
    },
  });
}

function addResource(all: Map<string, SchemaResource>, uri: string, root: JsonSchema): SchemaResource {
  const resource = { uri, root, anchors: new Map(), dynamicAnchors: new Map(), entered: new Map() };
  all.set(uri, resource);
  return resource;
}

function enter(resource: SchemaResource, scope: Scope | undefined): Scope {
  if (scope?.at(-1) === resource) return scope;
  const known = resource.entered.get(scope);
  if (known !== undefined) return known;
  // Only the first visit of each resource and the last visit count, so that a circle of resources ends in a scope that is known.
  const visits = [...new Set([...(scope ?? []), resource])];
  if (visits.at(-1) !== resource) visits.push(resource);
  const equal = [...resource.entered.values()].find(
    (other) => other.length === visits.length && other.every((one, index) => one === visits[index]),
  );
  const [first = resource, ...rest] = visits;
  const entered: Scope = equal ?? [first, ...rest];
  resource.entered.set(scope, entered);
  return entered;
}

// Values of these keywords are data and hold no schemas.
const DATA: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'example', 'examples']);
// Keys of these keywords are names.
const NAMES: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'dependentSchemas',
  'definitions',
]);

/** Finds the resources and anchors in a schema. */
function index(
  node: unknown,
  owner: SchemaResource,
  all: Map<string, SchemaResource>,
  areNames = false,
): void {
  if (Array.isArray(node)) for (const item of node) index(item, owner, all);
  if (!isRecord(node)) return;
  let inside = owner;
  if (!areNames && typeof node.$id === 'string')
    inside = addResource(all, absolute(node.$id, owner.uri), node);
  if (!areNames && typeof node.$anchor === 'string') inside.anchors.set(node.$anchor, node);
  if (!areNames && typeof node.$dynamicAnchor === 'string') {
    inside.anchors.set(node.$dynamicAnchor, node);
    inside.dynamicAnchors.set(node.$dynamicAnchor, node);
  }
  for (const [key, value] of Object.entries(node))
    if (areNames || !DATA.has(key)) index(value, inside, all, !areNames && NAMES.has(key));
}

function absolute(reference: string, base = NO_URI): string {
  return URL.canParse(reference, base) ? new URL(reference, base).href.replace(/#$/, '') : reference;
}

/** Returns the target of a reference as a schema; `undefined` for anything else. */
function toTarget(node: unknown): JsonSchema | undefined {
  return isRecord(node) || typeof node === 'boolean' ? node : undefined;
}

/** Returns the value of a keyword that holds a schema; an absent one allows anything. */
export function toSchema(value: unknown): JsonSchema {
  // The value of such a keyword is a schema.
  return value === false || (typeof value === 'object' && value !== null) ? (value as JsonSchema) : true;
}
