import { nearestName } from '../../client/option-names.js';
import type { Contract, JsonSchema } from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { isRecord, listOf, recordOf } from '../../util/is-record.js';
import { type Assert, assertKeywords } from './assertions.js';
import { chooseBranch } from './choose-branch.js';
import { discriminatedBranch } from './discriminator.js';
import { EXACT_FORMATS, FORMATS, type Formats } from './formats.js';
import { mayBeMissing } from './one-way-properties.js';
import { type SchemaSource, type Scope, sourceOf, toSchema } from './schema-source.js';
import { readSchemaTypes, type SchemaTypes } from './schema-types.js';

/**
 * The reading of `oneOf`: `any`, at least one branch holds, or `one`, exactly one does.
 *
 * JSON Schema says the latter. Documents that are made from types say `oneOf` for a union, whose branches overlap.
 */
export type OneOfReading = 'any' | 'one';

/** The direction of a value: `readOnly` properties may be missing in a request, and `writeOnly` ones in a response. */
export type Direction = 'request' | 'response';

/** One keyword of a schema that a value breaks. */
export interface KeywordError {
  /** JSON pointer (RFC 6901) from the value that was checked to the one that breaks the keyword. */
  readonly instancePath: string;
  /** The keyword of JSON Schema, or `false schema` where nothing is allowed. */
  readonly keyword: string;
  /** Details of the keyword, e.g. the name of the property that is missing. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The value that breaks the keyword. */
  readonly value: unknown;
}

/** Settings of a validation. */
export interface Reading {
  readonly oneOf: OneOfReading;
  /** Default: `readOnly` and `writeOnly` have no effect. */
  readonly direction?: Direction | undefined;
  /** Default {@link FORMATS}. */
  readonly formats?: Formats | undefined;
}

/** The schemas of a document as checks, which return an empty list for a valid value. */
export interface Schemas {
  readonly source: SchemaSource;
  /** Validates a value that a client sends. */
  inRequest(schema: JsonSchema, value: unknown): readonly KeywordError[];
  /** Validates a value of a response. @param oneOf - Default: the reading of these schemas. */
  inResponse(schema: JsonSchema, value: unknown, oneOf?: OneOfReading): readonly KeywordError[];
  /** Finds the texts of a valid value that differ from the exact form of their format. */
  looseFormats(schema: JsonSchema, value: unknown): readonly KeywordError[];
  /** Follows `$ref` to a schema without one; siblings of a `$ref` are ignored. */
  resolve(schema: JsonSchema): JsonSchema;
  /** Returns the types that a schema allows, collected once. */
  typesOf(schema: JsonSchema): SchemaTypes;
}

/** Prepares the schemas of a document for checking. */
export function createSchemas(
  contract: Contract,
  { oneOf = 'any' }: { readonly oneOf?: OneOfReading | undefined } = {},
): Schemas {
  const source = sourceOf(contract);
  // Weak: some schemas are made for one request.
  const types = new WeakMap<object, SchemaTypes>();
  return {
    source,
    resolve: (schema) => source.resolve(schema),
    typesOf(schema) {
      const known = typeof schema === 'object' ? types.get(schema) : undefined;
      if (known !== undefined) return known;
      const found = readSchemaTypes(schema, source);
      if (typeof schema === 'object') types.set(schema, found);
      return found;
    },
    looseFormats: (schema, value) =>
      validate(source, schema, value, {
        oneOf: 'any',
        direction: 'response',
        formats: EXACT_FORMATS,
      }).filter(({ keyword }) => keyword === 'format'),
    inRequest: (schema, value) => validate(source, schema, value, { oneOf, direction: 'request' }),
    inResponse: (schema, value, reading = oneOf) =>
      validate(source, schema, value, { oneOf: reading, direction: 'response' }),
  };
}

/** Errors that are kept of one schema and one value; further ones are about other items. */
const MAX_ERRORS = 50;
/** Values in values. Deeper ones are refused, before the call stack ends. */
const MAX_DEPTH = 400;

/**
 * Validates a value.
 *
 * The work grows with the size of value times schema: a schema is read for a value once, however many branches of unions
 * lead to it. Nothing is compiled, and no code is made from text.
 */
export function validate(
  source: SchemaSource,
  schema: JsonSchema,
  value: unknown,
  reading: Reading,
): readonly KeywordError[] {
  return new Validation(source, reading).check(schema, value, {
    depth: 0,
    outermost: schema,
    collects: false,
    scope: source.scopeOf(schema, undefined),
  }).errors;
}

/** The errors of a value, and its members that were evaluated, for `unevaluated...`. */
interface Outcome {
  readonly errors: readonly KeywordError[];
  /** Names of properties and indexes of items; kept only where a schema asks for them. */
  readonly evaluated?: ReadonlySet<string | number>;
}

interface Position {
  readonly depth: number;
  /** The outermost schema that applies to the same value. */
  readonly outermost: JsonSchema;
  /** Whether a schema around this one needs the evaluated members. */
  readonly collects: boolean;
  /** The schema resources that led here (JSON Schema core, section 7.1). */
  readonly scope: Scope | undefined;
}

type Keywords = JsonSchema & object;

/** One schema and one value, while they are checked. */
interface Check {
  readonly schema: Keywords;
  readonly value: unknown;
  readonly at: Position;
  readonly errors: KeywordError[];
  readonly evaluated: Set<string | number>;
}

/** By schema, then by value: the outcome, or {@link VALID} until it is known. */
type Outcomes = Map<Keywords, Map<unknown, Outcome>>;

const VALID: Outcome = { errors: [] };

/** Keywords that apply other schemas to the same value or to its members. */
const APPLICATORS: ReadonlySet<string> = new Set([
  ...['$ref', '$dynamicRef', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'dependentSchemas', 'dependencies'],
  ...['properties', 'patternProperties', 'additionalProperties', 'propertyNames', 'unevaluatedProperties'],
  ...['prefixItems', 'items', 'contains', 'unevaluatedItems'],
]);

class Validation {
  /** By scope and by whether members are collected. */
  readonly #known = new Map<Scope | undefined, Readonly<Record<'collected' | 'plain', Outcomes>>>();

  constructor(
    readonly source: SchemaSource,
    readonly reading: Reading,
  ) {}

  check(schema: JsonSchema, value: unknown, at: Position): Outcome {
    if (schema === true) return VALID;
    if (schema === false)
      return { errors: [{ instancePath: '', keyword: 'false schema', params: {}, value }] };
    let isLeaf = true;
    for (const keyword in schema) if (APPLICATORS.has(keyword)) isLeaf = false;
    if (isLeaf) return this.#read(schema, value, at);
    const kinds = this.#known.get(at.scope) ?? { collected: new Map(), plain: new Map() };
    this.#known.set(at.scope, kinds);
    const schemas: Outcomes = at.collects ? kinds.collected : kinds.plain;
    const outcomes = schemas.get(schema) ?? new Map<unknown, Outcome>();
    schemas.set(schema, outcomes);
    const known = outcomes.get(value);
    if (known !== undefined) return known;
    // A schema that leads back to itself for the same value adds nothing.
    outcomes.set(value, VALID);
    const outcome = this.#read(schema, value, at);
    outcomes.set(value, outcome);
    return outcome;
  }

  #read(schema: Keywords, value: unknown, at: Position): Outcome {
    const collects =
      at.collects || schema.unevaluatedProperties !== undefined || schema.unevaluatedItems !== undefined;
    const inside = collects === at.collects ? at : { ...at, collects };
    const check: Check = { schema, value, at: inside, errors: [], evaluated: new Set() };
    const { direction, formats = FORMATS } = this.reading;
    const assert: Assert = (keyword, params = {}) => {
      const isOneWay =
        keyword === 'required' &&
        direction !== undefined &&
        mayBeMissing(this.source, at.outermost, String(params.missingProperty), direction);
      if (!isOneWay) check.errors.push({ instancePath: '', keyword, params, value });
    };
    assertKeywords(this.source, schema, value, formats, assert);
    this.#inPlace(check);
    if (isRecord(value)) this.#properties(check, value);
    else if (Array.isArray(value)) this.#items(check, value);
    if (check.errors.length === 0 && !at.collects) return VALID;
    return at.collects ? { errors: check.errors, evaluated: check.evaluated } : { errors: check.errors };
  }

  /** Applies the schemas that a schema has for the same value. */
  #inPlace(check: Check): void {
    const { schema, value, at } = check;
    for (const keyword of ['$ref', '$dynamicRef'] as const) {
      if (typeof schema[keyword] !== 'string') continue;
      const { target, scope } = this.source.follow(schema, keyword, at.scope);
      this.#take(check, this.check(target, value, { ...at, scope }));
    }
    for (const part of listOf(schema.allOf)) this.#take(check, this.#sub(check, part));
    if (schema.anyOf !== undefined) this.#union(check, 'anyOf');
    if (schema.oneOf !== undefined) this.#union(check, 'oneOf');
    if (schema.not !== undefined && this.#sub(check, schema.not).errors.length === 0)
      check.errors.push({ instancePath: '', keyword: 'not', params: {}, value });
    if (schema.if === undefined) return;
    const condition = this.#sub(check, schema.if);
    const isMet = condition.errors.length === 0;
    if (isMet) this.#take(check, condition);
    this.#take(check, this.#sub(check, isMet ? schema.then : schema.else));
  }

  #sub({ value, at }: Check, node: unknown): Outcome {
    const schema = toSchema(node);
    return this.check(schema, value, { ...at, scope: this.source.scopeOf(schema, at.scope) });
  }

  #take(check: Check, { errors, evaluated }: Outcome): void {
    addErrors(check.errors, errors, '');
    if (errors.length === 0 && evaluated !== undefined)
      for (const member of evaluated) check.evaluated.add(member);
  }

  #below({ errors, evaluated, at }: Check, node: unknown, inner: unknown, step: string | number): void {
    evaluated.add(step);
    const schema = toSchema(node);
    if (schema === true) return;
    if (at.depth >= MAX_DEPTH) {
      errors.push({ instancePath: toPointer([String(step)]), keyword: 'depth', params: {}, value: inner });
      return;
    }
    const { errors: found } = this.#member(at, schema, inner);
    if (found.length > 0) addErrors(errors, found, toPointer([String(step)]));
  }

  /** Checks a member, whose errors and members are not those of the value around it. */
  #member({ depth, scope }: Position, node: unknown, inner: unknown): Outcome {
    const schema = toSchema(node);
    return this.check(schema, inner, {
      depth: depth + 1,
      outermost: schema,
      collects: false,
      scope: this.source.scopeOf(schema, scope),
    });
  }

  #union(check: Check, keyword: 'anyOf' | 'oneOf'): void {
    const { schema, value } = check;
    const branches = listOf(schema[keyword]).map(toSchema);
    const isExact = keyword === 'oneOf' && this.reading.oneOf === 'one';
    const meant = discriminatedBranch(this.source, schema, branches, value);
    if (meant !== undefined && 'error' in meant) {
      check.errors.push(meant.error);
      return;
    }
    const named = meant && this.#sub(check, meant.branch);
    if (named?.errors.length === 0 && !isExact) {
      this.#take(check, named);
      return;
    }
    const { outcomes, passing } = this.#branches(check, branches, isExact);
    if (passing.length === 1 || (passing.length > 1 && !isExact)) {
      for (const index of passing) this.#take(check, outcomes[index] ?? VALID);
      return;
    }
    if (passing.length === 0)
      addErrors(check.errors, named?.errors ?? chooseBranch(outcomes.map(({ errors }) => errors)), '');
    const params = { passingSchemas: passing.length === 0 ? null : passing };
    check.errors.push({ instancePath: '', keyword, params, value });
  }

  /** Checks branches until it is known whether enough of them hold, and not too many. */
  #branches(check: Check, branches: readonly JsonSchema[], isExact: boolean) {
    const outcomes: Outcome[] = [];
    const passing: number[] = [];
    for (const [index, branch] of branches.entries()) {
      const outcome = this.#sub(check, branch);
      outcomes.push(outcome);
      if (outcome.errors.length === 0) passing.push(index);
      // Each branch that holds evaluates members of its own.
      if (!check.at.collects && passing.length > (isExact ? 1 : 0)) break;
    }
    return { outcomes, passing };
  }

  #properties(check: Check, object: Readonly<Record<string, unknown>>): void {
    const { schema, evaluated } = check;
    if (schema.dependentSchemas !== undefined) this.#dependents(check, schema.dependentSchemas, object);
    if (schema.dependencies !== undefined) this.#dependents(check, schema.dependencies, object);
    const members = Object.entries(object);
    for (const [name, inner] of members) if (inner !== undefined) this.#property(check, name, inner);
    if (schema.unevaluatedProperties === undefined) return;
    for (const [name, inner] of members)
      if (inner !== undefined && !evaluated.has(name))
        this.#further(check, 'unevaluatedProperties', name, inner);
  }

  #dependents(check: Check, dependents: unknown, object: object): void {
    for (const [name, dependent] of Object.entries(recordOf(dependents)))
      if (Object.hasOwn(object, name) && !Array.isArray(dependent))
        this.#take(check, this.#sub(check, dependent));
  }

  /** Applies the schemas of a property and of its name. */
  #property(check: Check, name: string, inner: unknown): void {
    const { schema, at, errors, value } = check;
    const { properties, patternProperties, propertyNames } = schema;
    let isDeclared = isRecord(properties) && Object.hasOwn(properties, name);
    if (isDeclared) this.#below(check, Object(properties)[name], inner, name);
    for (const [pattern, matching] of patternProperties === undefined
      ? []
      : Object.entries(recordOf(patternProperties))) {
      if (!this.source.expression(pattern).test(name)) continue;
      isDeclared = true;
      this.#below(check, matching, inner, name);
    }
    if (!isDeclared && schema.additionalProperties !== undefined)
      this.#further(check, 'additionalProperties', name, inner);
    if (propertyNames !== undefined && this.#member(at, propertyNames, name).errors.length > 0)
      errors.push({ instancePath: '', keyword: 'propertyNames', params: { propertyName: name }, value });
  }

  /** Applies the schema of the remaining properties. */
  #further(
    check: Check,
    keyword: 'additionalProperties' | 'unevaluatedProperties',
    name: string,
    inner: unknown,
  ): void {
    const { schema, errors, evaluated, value } = check;
    if (schema[keyword] !== false) {
      this.#below(check, schema[keyword], inner, name);
      return;
    }
    evaluated.add(name);
    const param = keyword === 'additionalProperties' ? 'additionalProperty' : 'unevaluatedProperty';
    if (errors.length >= MAX_ERRORS) return;
    const allowed = Object.keys(recordOf(schema.properties));
    const params = { [param]: name, nearest: nearestName(name, allowed), allowed };
    errors.push({ instancePath: '', keyword, params, value });
  }

  #items(check: Check, items: readonly unknown[]): void {
    const { schema, errors, evaluated, at, value } = check;
    const first = listOf(schema.prefixItems);
    for (const [index, item] of items.slice(0, first.length).entries())
      this.#below(check, first[index], item, index);
    if (schema.items !== undefined) this.#rest(check, 'items', items, (index) => index >= first.length);
    if (schema.contains !== undefined) {
      const { minContains = 1, maxContains = Number.POSITIVE_INFINITY } = schema;
      let count = 0;
      for (const [index, item] of items.entries()) {
        if (this.#member(at, schema.contains, item).errors.length > 0) continue;
        count += 1;
        evaluated.add(index);
      }
      if (count < Number(minContains) || count > Number(maxContains))
        errors.push({ instancePath: '', keyword: 'contains', params: { minContains, maxContains }, value });
    }
    if (schema.unevaluatedItems === undefined || errors.length >= MAX_ERRORS) return;
    this.#rest(check, 'unevaluatedItems', items, (index) => !evaluated.has(index));
  }

  #rest(
    check: Check,
    keyword: 'items' | 'unevaluatedItems',
    items: readonly unknown[],
    isMeant: (index: number) => boolean,
  ): void {
    const { schema, errors, evaluated, value } = check;
    const meant = [...items.keys()].filter(isMeant);
    if (schema[keyword] !== false || meant.length === 0) {
      for (const index of meant) this.#below(check, schema[keyword], items[index], index);
      return;
    }
    for (const index of meant) evaluated.add(index);
    errors.push({ instancePath: '', keyword, params: { limit: meant[0] }, value });
  }
}

/** Adds the errors of a part, whose paths begin at that part. */
function addErrors(errors: KeywordError[], found: readonly KeywordError[], step: string): void {
  for (const error of found) {
    if (errors.length >= MAX_ERRORS) return;
    // Two parts of an `allOf` may lead to the same schema.
    if (step !== '') errors.push({ ...error, instancePath: step + error.instancePath });
    else if (!errors.includes(error)) errors.push(error);
  }
}
