import { isRecord, listOf, recordOf } from '../util/is-record.js';
import { type Language, toOneDialect } from './dialects.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { fromFragment, toPointer, valueAt } from './json-pointer.js';
import { type Keys, keysBelow } from './keywords.js';
import { type Holder, KEYWORDS, mapValues, rewriteBelow, type Shape } from './normalize/walk.js';
import { componentAt, componentNameOf, referenceTo } from './references.js';
import { refuseUnreadParts } from './unread-parts.js';

/** The origin of a document, for its references to other files. */
interface BundleOptions {
  /** The file that the document was read from. Default: none, and a reference to another file is refused. */
  readonly file?: URL | undefined;
  /** Reads and parses another file. */
  readonly read?: ((file: URL) => unknown) | undefined;
}

/** Nesting of objects and arrays. Real documents have some 40 levels; a walk over brackets alone would exhaust the stack. */
const MAX_DEPTH = 256;

/**
 * Brings all references of a document into one form, `#/components/<section>/<name>`, and its schemas into one dialect.
 *
 * A reference may name any place of the document, an `$anchor` or `$id`, or a file below the folder of the document. Its
 * target becomes a component; a path item replaces the reference to it. A `$dynamicRef` becomes a `$ref` where it has one target. A
 * document whose references have that form already, as nearly all do, is returned as it is. Nothing is mutated. Examples and
 * extensions are data without references.
 *
 * @throws {Error} Naming the place: for a reference that leads nowhere, to itself or out of the folder, for a `$dynamicRef` with several
 *   targets, for a key `__proto__`, and for more than 256 levels of nesting. Naming the dialect: for one that is not read.
 */
export function bundleDocument(given: OpenApiDocument, options: BundleOptions = {}): OpenApiDocument {
  const language = { openapi: given.openapi, dialect: given.jsonSchemaDialect };
  const { root: document, forms } = readForms(given, language);
  const isForeign = forms.hasNames || [...forms.references].some((one) => !isComponent(document, one));
  const bundled = withoutBooleans(
    isForeign ? new Bundler(document, forms, { ...options, language }).bundle() : document,
  );
  refuseCircles(bundled);
  refuseUnreadParts(bundled);
  return bundled;
}

/** The forms in which a document refers to its parts. */
interface Forms {
  readonly references: ReadonlySet<string>;
  /** Whether schemas have names of their own, `$id` or an anchor. */
  readonly hasNames: boolean;
}

/** Reads the forms of references in a file, and its schemas in one dialect; refuses nesting and keys that no walk survives. */
function readForms<T extends object>(
  root: T,
  language: Language,
): { readonly root: T; readonly forms: Forms } {
  const [references, names, dialects] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const texts = new Map([
    ['$ref', references],
    ['$schema', dialects],
  ]);
  for (const keyword of ['$id', '$anchor', '$dynamicAnchor', '$dynamicRef']) texts.set(keyword, names);
  const seen = { texts, hasSiblings: false, hasLists: false };
  collectForms(root, 'keywords', seen, []);
  // Beside `openapi` it is for editors, and says nothing of the schemas.
  const { openapi, $schema } = recordOf(root);
  if (openapi !== undefined) dialects.delete(String($schema));
  return {
    root: toOneDialect(root, language, { ...seen, dialects }),
    forms: { references, hasNames: names.size > 0 },
  };
}

/** Sections of components that replace the references to them. */
const INLINED: ReadonlySet<string> = new Set(['pathItems', 'mediaTypes']);

/** Returns whether a reference has the form of one to a component, and the component exists. */
function isComponent(document: OpenApiDocument, reference: string): boolean {
  const name = componentNameOf(reference);
  if (name === undefined || INLINED.has(name.section)) return false;
  const isThere = valueAt(document.components, [name.section, name.name]) !== undefined;
  return isThere && referenceTo(name.section, name.name) === reference;
}

// `__@proto__@1` would become `__proto__` without its number.
const PROTOTYPE_KEY = /^__(?:proto__|@proto__@\d+)$/;
const DOLLAR = '$'.charCodeAt(0);

/** The findings of a walk over a file. */
interface Seen {
  /** The texts of some keywords, by keyword. */
  readonly texts: ReadonlyMap<string, Set<string>>;
  /** Whether keywords stand beside a `$ref`. */
  hasSiblings: boolean;
  /** Whether `items` is a list. */
  hasLists: boolean;
}

/**
 * Collects the texts of some keywords that begin with a dollar.
 *
 * Written for speed: it reads each of a million keys before anything else is done with a document.
 *
 * @param steps - Shared by the whole walk, since it is read only where something is refused.
 */
function collectForms(node: object, keys: Keys, seen: Seen, steps: string[]): void {
  if (steps.length > MAX_DEPTH) refuse(steps, `nested more than ${MAX_DEPTH} levels deep`);
  for (const key in node) {
    if (key.startsWith('__')) refusePrototypeKey(key, steps);
    // Any object can be read by its own keys.
    const value = (node as JsonObject)[key];
    if (typeof value === 'string') {
      if (keys === 'keywords' && key.charCodeAt(0) === DOLLAR) noteText(seen, node, key, value, steps);
    } else if (typeof value === 'object' && value !== null) {
      seen.hasLists ||= key === 'items' && Array.isArray(value);
      steps.push(key);
      collectForms(value, below(node, keys, key, value), seen, steps);
      steps.pop();
    }
  }
}

function refusePrototypeKey(key: string, steps: readonly string[]): void {
  if (PROTOTYPE_KEY.test(key)) refuse([...steps, key], 'the key __proto__ is not allowed');
}

function noteText(seen: Seen, node: object, key: string, value: string, steps: readonly string[]): void {
  seen.texts.get(key)?.add(value);
  if (key === '$ref' && !seen.hasSiblings) seen.hasSiblings = Object.keys(node).length > 1;
  if (key === '$recursiveRef') refuse(steps, 'the keyword $recursiveRef is not read: write a $ref');
}

/** Returns the meaning of the keys of a value in an object or array. */
function below(holder: object, keys: Keys, key: string, value: unknown): Keys {
  return Array.isArray(holder) ? keys : keysBelow(key, value, keys);
}

/** Writes the component schemas `true` and `false` as objects, so that each reference leads to one. */
function withoutBooleans(document: OpenApiDocument): OpenApiDocument {
  const schemas = recordOf(document.components?.schemas);
  if (!Object.values(schemas).some((schema) => typeof schema === 'boolean')) return document;
  const written = mapValues(schemas, (schema) =>
    schema === true ? {} : schema === false ? { not: {} } : schema,
  );
  // Each of them is an object now.
  return { ...document, components: { ...document.components, schemas: written } } as OpenApiDocument;
}

/** Refuses components that are nothing but references to each other. */
function refuseCircles(document: OpenApiDocument): void {
  for (const [section, named] of Object.entries(document.components ?? {})) {
    for (const [name, component] of Object.entries(recordOf(named))) {
      const seen = new Set<unknown>();
      let current: unknown = component;
      while (isRecord(current) && typeof current.$ref === 'string') {
        if (seen.has(current))
          refuse(['components', section, name], `the reference ${current.$ref} leads to itself`);
        seen.add(current);
        current = componentAt(document, current.$ref);
      }
    }
  }
}

function refuse(steps: readonly string[], why: string): never {
  throw new Error(`${why}, at ${toPointer(steps) || 'the top'}`);
}

/** Shapes that a reference may lead to: those that are normalised, and more. */
type AnyShape = Shape | 'example' | 'link' | 'callback' | 'securityScheme' | 'encoding';

type Holders = ReadonlyMap<string, Holder<AnyShape>>;

/** The keywords of each shape. */
const HOLDERS: { readonly [S in AnyShape]?: Holders } = {
  ...KEYWORDS,
  components: new Map<string, Holder<AnyShape>>([
    ...KEYWORDS.components,
    ['examples', ['map', 'example']],
    ['links', ['map', 'link']],
    ['callbacks', ['map', 'callback']],
    ['securitySchemes', ['map', 'securityScheme']],
  ]),
  operation: new Map<string, Holder<AnyShape>>([...KEYWORDS.operation, ['callbacks', ['map', 'callback']]]),
  response: new Map<string, Holder<AnyShape>>([...KEYWORDS.response, ['links', ['map', 'link']]]),
  parameter: new Map<string, Holder<AnyShape>>([...KEYWORDS.parameter, ['examples', ['map', 'example']]]),
  media: new Map<string, Holder<AnyShape>>([
    ...KEYWORDS.media,
    ['examples', ['map', 'example']],
    ['encoding', ['map', 'encoding']],
  ]),
  encoding: new Map<string, Holder<AnyShape>>([['headers', ['map', 'parameter']]]),
  schema: new Map<string, Holder<AnyShape>>([
    ...KEYWORDS.schema,
    ['definitions', ['map', 'schema']],
    ['contentSchema', ['one', 'schema']],
  ]),
};

/** Every key of a callback is an expression, but for a reference and extensions. */
const EXPRESSIONS = {
  get: (key: string): Holder<AnyShape> | undefined =>
    key === '$ref' || key.startsWith('x-') ? undefined : ['one', 'pathItem'],
};

/** The section of `components` for a shape; a shape without one cannot be referred to. */
const SECTIONS: { readonly [S in AnyShape]?: string } = {
  schema: 'schemas',
  parameter: 'parameters',
  body: 'requestBodies',
  response: 'responses',
  example: 'examples',
  link: 'links',
  callback: 'callbacks',
  securityScheme: 'securitySchemes',
};

/** The base of references (JSON Schema, section 4.3.5): a file, or a schema with an `$id`. */
interface Resource {
  /** Without a fragment. */
  readonly base: string;
  readonly root: unknown;
}

/** The target of a reference. */
interface Target {
  readonly resource: Resource;
  readonly steps: readonly string[];
  readonly node: unknown;
}

/** A part of a document that becomes a component. */
interface Hoisted extends Target {
  readonly shape: AnyShape;
  readonly section: string;
  readonly name: string;
}

// Steps of the structure of a document, which say nothing about the target.
const STRUCTURE =
  /^(?:\d+|paths|components|schemas?|parameters|headers|responses|requestBod(?:y|ies)|content|properties|items|allOf|anyOf|oneOf|\$defs|definitions|additionalProperties|[\w.+*-]+\/.*)$/;

class Bundler {
  readonly #document: OpenApiDocument;
  readonly #options: BundleOptions & { readonly language: Language };
  readonly #own: Resource;
  /** By their URI, without a fragment. */
  readonly #resources = new Map<string, Resource>();
  /** By URI and fragment. */
  readonly #anchors = new Map<string, Target>();
  /** References by section and place. */
  readonly #hoisted = new Map<string, string>();
  /** References that were resolved before, by section, base and text. */
  readonly #referred = new Map<string, string>();
  readonly #queue: Hoisted[] = [];
  readonly #components: Record<string, Record<string, unknown>> = {};
  readonly #inlined = new Set<unknown>();
  /** The number of schemas that have a `$dynamicAnchor`, by its name. */
  readonly #dynamicAnchors = new Map<string, number>();
  readonly #dynamic: { readonly reference: string; readonly anchor: string; readonly steps: string[] }[] = [];

  constructor(
    document: OpenApiDocument,
    forms: Forms,
    options: BundleOptions & { readonly language: Language },
  ) {
    this.#document = document;
    this.#options = options;
    this.#own = this.#addResource(options.file?.href ?? 'file:///document', document, forms);
    for (const [section, named] of Object.entries(document.components ?? {}))
      if (isRecord(named)) this.#components[section] = { ...named };
  }

  bundle(): OpenApiDocument {
    // A visited node keeps its shape.
    const { components, ...rest } = this.#visit('document', this.#document, this.#own, []) as OpenApiDocument;
    const added: Record<string, Record<string, unknown>> = {};
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const { section, name, shape, node, resource, steps } = next;
      const named = added[section] ?? {};
      added[section] = named;
      named[name] = this.#visit(shape, node, resource, [...steps]);
    }
    // Files that were read last may have further targets.
    for (const { reference, anchor, steps } of this.#dynamic)
      if (Number(this.#dynamicAnchors.get(anchor)) > 1)
        refuse(
          steps,
          `the $dynamicRef ${reference} can lead to several schemas, which is not read: write a $ref to one`,
        );
    const sections: Record<string, unknown> = { ...components };
    for (const [section, named] of Object.entries(added))
      sections[section] = { ...Object(sections[section]), ...named };
    return { ...rest, components: sections } as OpenApiDocument;
  }

  #addResource(base: string, root: unknown, { hasNames }: Forms): Resource {
    const resource: Resource = { base, root };
    this.#resources.set(base, resource);
    if (hasNames) this.#index(root, resource, [], 'keywords');
    return resource;
  }

  /**
   * Finds the schemas that have an `$id` or an `$anchor`.
   *
   * @param steps - Shared by the walk below one resource, and copied where a schema is found.
   */
  #index(node: unknown, around: Resource, steps: string[], keys: Keys): void {
    if (typeof node !== 'object' || node === null || keys === 'data') return;
    let resource = around;
    let own = steps;
    if (isRecord(node) && keys === 'keywords' && steps.length > 0) {
      if (typeof node.$id === 'string' && !node.$id.startsWith('#')) {
        resource = { base: this.#resolve(node.$id, around.base, steps).href, root: node };
        this.#resources.set(resource.base, resource);
        own = [];
      }
      this.#indexAnchors(node, resource, own);
    }
    for (const [key, value] of Object.entries(node)) {
      own.push(key);
      this.#index(value, resource, own, below(node, keys, key, value));
      own.pop();
    }
  }

  #indexAnchors(node: JsonObject, resource: Resource, steps: readonly string[]): void {
    const { $anchor, $dynamicAnchor } = node;
    for (const anchor of [$anchor, $dynamicAnchor])
      if (typeof anchor === 'string')
        this.#anchors.set(`${resource.base}#${anchor}`, { resource, steps: [...steps], node });
    if (typeof $dynamicAnchor === 'string')
      this.#dynamicAnchors.set($dynamicAnchor, 1 + (this.#dynamicAnchors.get($dynamicAnchor) ?? 0));
  }

  /** @param steps - Shared by the walk: it is copied where a target keeps it. */
  #visit(shape: AnyShape, node: unknown, around: Resource, steps: string[]): unknown {
    if (!isRecord(node)) return node;
    const section = steps.at(-2) === 'headers' ? 'headers' : SECTIONS[shape];
    if ((shape === 'pathItem' || shape === 'media') && typeof node.$ref === 'string')
      return this.#inline(shape, node, around, steps);
    const resource = this.#resourceAt(shape, node, around);
    let result = shape === 'schema' ? this.#withoutDynamicRef(node, resource, steps) : node;
    if (section !== undefined && typeof result.$ref === 'string') {
      const $ref = this.#refer(shape, section, result.$ref, resource, steps);
      if ($ref !== result.$ref) result = { ...result, $ref };
    }
    if (shape === 'schema') result = this.#withoutIdentity(result, resource, steps);
    return this.#visitBelow(shape, result, resource, steps);
  }

  #visitBelow(shape: AnyShape, node: JsonObject, resource: Resource, steps: string[]): JsonObject {
    const holders = shape === 'callback' ? EXPRESSIONS : HOLDERS[shape];
    if (holders === undefined) return node;
    return rewriteBelow(node, holders, (inner, value, keyword, step) => {
      const way = step === undefined ? [keyword] : [keyword, step];
      steps.push(...way);
      const after = this.#visit(inner, value, resource, steps);
      steps.length -= way.length;
      return after;
    });
  }

  #resourceAt(shape: AnyShape, node: JsonObject, around: Resource): Resource {
    if (shape !== 'schema' || typeof node.$id !== 'string' || node.$id.startsWith('#')) return around;
    return this.#resources.get(new URL(node.$id, around.base).href) ?? around;
  }

  /** Writes a `$dynamicRef` as the `$ref` that it is where it has one target, which is examined in the end. */
  #withoutDynamicRef(schema: JsonObject, resource: Resource, steps: readonly string[]): JsonObject {
    const { $dynamicRef: reference, ...rest } = schema;
    if (typeof reference !== 'string') return schema;
    const anchor = decodeURIComponent(this.#resolve(reference, resource.base, steps).hash.slice(1));
    this.#dynamic.push({ reference, anchor, steps: [...steps] });
    if (rest.$ref === undefined) return { ...rest, $ref: reference };
    return { ...rest, allOf: [...listOf(rest.allOf), { $ref: reference }] };
  }

  /** Removes the names of a schema that references no longer use, and writes full references in its mapping. */
  #withoutIdentity(schema: JsonObject, resource: Resource, steps: readonly string[]): JsonObject {
    const { $id, $anchor, $dynamicAnchor, ...rest } = schema;
    const isNamed = [$id, $anchor, $dynamicAnchor].some((name) => typeof name === 'string');
    const plain = isNamed ? rest : schema;
    const { discriminator } = plain;
    if (!isRecord(discriminator) || !isRecord(discriminator.mapping)) return plain;
    const mapping = Object.entries(discriminator.mapping).map(([value, to]) =>
      // A mapping holds the name of a component, or a reference.
      typeof to === 'string' && /[#/.]/.test(to) && !this.#isComponent('schemas', to)
        ? [
            value,
            this.#refer('schema', 'schemas', to, resource, [...steps, 'discriminator', 'mapping', value]),
          ]
        : [value, to],
    );
    return { ...plain, discriminator: { ...discriminator, mapping: Object.fromEntries(mapping) } };
  }

  /** Returns the reference to the component of a target, and makes the component where none exists. */
  #refer(
    shape: AnyShape,
    section: string,
    reference: string,
    from: Resource,
    steps: readonly string[],
  ): string {
    const asked = `${section} ${from.base} ${reference}`;
    const before = this.#referred.get(asked);
    if (before !== undefined) return before;
    const target = this.#find(reference, from, steps);
    const [root, ofSection = '', name = '', ...rest] = target.steps;
    const isComponent = target.resource === this.#own && root === 'components' && name !== '';
    const isSame = ofSection === section || (section === 'headers' && ofSection === 'parameters');
    // A response that is declared as a body of requests has the form of one; nothing else has that of a schema.
    const isMistaken = isComponent && !isSame && rest.length === 0;
    if (isMistaken && [section, ofSection].includes('schemas'))
      refuse(steps, `the reference ${reference} leads to one of components.${ofSection}, not of ${section}`);
    const result =
      isComponent && isSame && rest.length === 0
        ? referenceTo(ofSection, name)
        : this.#hoist(target, shape, section);
    this.#referred.set(asked, result);
    return result;
  }

  /** Makes a component of a target, once, and returns the reference to it. */
  #hoist(target: Target, shape: AnyShape, section: string): string {
    const place = `${section} ${target.resource.base}#${toPointer(target.steps)}`;
    const known = this.#hoisted.get(place);
    if (known !== undefined) return known;
    const name = this.#nameFor(section, target);
    const named = this.#components[section] ?? {};
    this.#components[section] = named;
    named[name] = target.node;
    this.#hoisted.set(place, referenceTo(section, name));
    this.#queue.push({ ...target, shape, section, name });
    return referenceTo(section, name);
  }

  #find(reference: string, from: Resource, steps: readonly string[]): Target {
    const url = this.#resolve(reference, from.base, steps);
    const fragment = url.hash;
    url.hash = '';
    const resource = this.#resources.get(url.href) ?? this.#load(url, reference, steps);
    if (fragment !== '' && !fragment.startsWith('#/')) {
      const anchored = this.#anchors.get(`${resource.base}${fragment}`);
      return anchored ?? this.#lost(reference, steps);
    }
    const start: Target = { resource, steps: [], node: resource.root };
    const way = fragment === '' ? [] : fromFragment(fragment);
    return this.#follow(start, way, steps) ?? this.#lost(reference, steps);
  }

  /** Follows steps from a target. A schema with an `$id` on the way is a resource of its own. */
  #follow(start: Target, way: readonly string[], steps: readonly string[], depth = 0): Target | undefined {
    let at = start;
    for (const [index, step] of way.entries()) {
      const node = valueAt(at.node, [step]);
      if (node === undefined) {
        // Bundled documents name targets behind a reference too.
        if (depth > MAX_DEPTH || !isRecord(at.node) || typeof at.node.$ref !== 'string') return undefined;
        const target = this.#find(at.node.$ref, at.resource, steps);
        return this.#follow(target, way.slice(index), steps, depth + 1);
      }
      const inner = isRecord(node) && typeof node.$id === 'string' ? this.#rootedAt(node) : undefined;
      at = { resource: inner ?? at.resource, steps: inner ? [] : [...at.steps, step], node };
    }
    return at;
  }

  #rootedAt(node: JsonObject): Resource | undefined {
    return [...this.#resources.values()].find(({ root }) => root === node);
  }

  #resolve(reference: string, base: string, steps: readonly string[]): URL {
    try {
      return new URL(reference, base);
    } catch {
      return this.#lost(reference, steps);
    }
  }

  #load(url: URL, reference: string, steps: readonly string[]): Resource {
    const { file, read } = this.#options;
    const folder = file === undefined ? undefined : new URL('.', file).href;
    if (read === undefined || folder === undefined || !url.href.startsWith(folder))
      refuse(
        steps,
        `the reference ${JSON.stringify(reference)} leads out of the document${folder === undefined ? '' : ' and its folder'}: ` +
          'bundle it with `npx @redocly/cli bundle <file> -o bundled.json` first',
      );
    const { root, forms } = readForms(Object(read(url)), this.#options.language);
    return this.#addResource(url.href, root, forms);
  }

  #lost(reference: string, steps: readonly string[]): never {
    return refuse(steps, `the reference ${reference} leads nowhere`);
  }

  /** Replaces a reference to a path item, or to a media type, with its target. Keywords beside the reference stay. */
  #inline(shape: 'pathItem' | 'media', item: JsonObject, around: Resource, steps: string[]): unknown {
    const { $ref, ...rest } = item;
    if (this.#inlined.has(item)) refuse(steps, `the reference ${String($ref)} leads to itself`);
    this.#inlined.add(item);
    const target = this.#find(String($ref), around, steps);
    const inlined = this.#visit(shape, target.node, target.resource, [...target.steps]);
    this.#inlined.delete(item);
    return { ...Object(inlined), ...this.#visitBelow(shape, rest, around, steps) };
  }

  #isComponent(section: string, name: string): boolean {
    return Object.hasOwn(this.#components[section] ?? {}, name);
  }

  /** Names a component after its target: `Team` of `team.yaml#/components/schemas/Team`, `TeamOwner` of a property. */
  #nameFor(section: string, { resource, steps }: Target): string {
    const words = steps
      .filter((step) => !STRUCTURE.test(step))
      .flatMap((step) => step.split(/[^A-Za-z0-9_]+/))
      .filter((word) => word !== '');
    const [first, ...others] = words;
    const file = decodeURIComponent(resource.base).split('/').at(-1) ?? '';
    const wanted =
      first === undefined
        ? file.replace(/\.\w+$/, '').replaceAll(/[^A-Za-z0-9_.-]+/g, '_') || 'Shared'
        : first + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
    let name = wanted;
    for (let count = 2; this.#isComponent(section, name); count++) name = `${wanted}_${count}`;
    return name;
  }
}
