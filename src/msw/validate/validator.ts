import { nearestName } from '../../client/option-names.js';
import type { JsonSchema } from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { isRecord } from '../../util/is-record.js';
import { type Assert, assertKeywords } from './assertions.js';
import { chooseBranch } from './choose-branch.js';
import type { SchemaSource, Scope } from './components.js';
import { discriminatedBranch } from './discriminator.js';
import { FORMATS, type Formats } from './formats.js';
import { mayBeMissing } from './one-way-properties.js';
import { listOf } from './schema-parts.js';

/**
 * How `oneOf` is read: `any`, at least one branch holds, or `one`, exactly one does.
 *
 * JSON Schema says the latter. Documents that are made from types say `oneOf` for a union, whose branches overlap.
 */
export type OneOfReading = 'any' | 'one';

/** Which way a value goes: in a request what is `readOnly` may be missing, in a response what is `writeOnly`. */
export type Direction = 'request' | 'response';

/** One rule of a schema that a value breaks. */
export interface KeywordError {
  /** JSON pointer (RFC 6901) from the value that was checked to the one that is wrong. */
  readonly instancePath: string;
  /** The keyword of JSON Schema, or `false schema` where nothing is allowed. */
  readonly keyword: string;
  /** What the keyword says, e.g. the name of the property that is missing. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The value that is wrong. */
  readonly value: unknown;
}

/** How a schema is read. */
export interface Reading {
  readonly oneOf: OneOfReading;
  /** Default: `readOnly` and `writeOnly` say nothing. */
  readonly direction?: Direction | undefined;
  /** Default {@link FORMATS}. */
  readonly formats?: Formats | undefined;
}

/** Errors that are kept of one schema and one value; the rest says the same of other items. */
const MAX_ERRORS = 50;
/** Values in values. Deeper ones are refused, before the call stack ends. */
const MAX_DEPTH = 400;

/**
 * Finds what is wrong with a value.
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

/** What a schema says of a value: what is wrong, and which of its members were looked at, for `unevaluated...`. */
interface Outcome {
  readonly errors: readonly KeywordError[];
  /** Names of properties and indexes of items; kept only where a schema asks for them. */
  readonly evaluated?: ReadonlySet<string | number>;
}

/** Where a check is. */
interface At {
  readonly depth: number;
  /** The schema that nothing else says anything of the same value around. */
  readonly outermost: JsonSchema;
  /** Whether some schema around asks which members were looked at. */
  readonly collects: boolean;
  /** The schema resources that led here (JSON Schema core, section 7.1). */
  readonly scope: Scope | undefined;
}

type Keywords = JsonSchema & object;

/** One schema and one value, while they are checked. */
interface Check {
  readonly schema: Keywords;
  readonly value: unknown;
  readonly at: At;
  readonly errors: KeywordError[];
  readonly evaluated: Set<string | number>;
}

/** By schema, then by value: the outcome, or {@link HOLDS} while it is worked out. */
type Outcomes = Map<Keywords, Map<unknown, Outcome>>;

const HOLDS: Outcome = { errors: [] };

/** What a keyword holds is a schema wherever this is used. */
const asSchema = (node: unknown): JsonSchema => (isRecord(node) || node === false ? node : true);

/** Keywords that apply other schemas to the same value or to its members. */
const APPLICATORS = [
  '$ref',
  '$dynamicRef',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'dependentSchemas',
  'dependencies',
  'properties',
  'patternProperties',
  'additionalProperties',
  'propertyNames',
  'unevaluatedProperties',
  'prefixItems',
  'items',
  'contains',
  'unevaluatedItems',
] as const;

class Validation {
  /** By scope and by whether members are collected. */
  readonly #known = new Map<Scope | undefined, Readonly<Record<'collected' | 'plain', Outcomes>>>();

  constructor(
    readonly source: SchemaSource,
    readonly reading: Reading,
  ) {}

  check(schema: JsonSchema, value: unknown, at: At): Outcome {
    if (schema === true) return HOLDS;
    if (schema === false)
      return { errors: [{ instancePath: '', keyword: 'false schema', params: {}, value }] };
    if (!APPLICATORS.some((keyword) => schema[keyword] !== undefined)) return this.#read(schema, value, at);
    const values = this.#outcomesOf(schema, at);
    const known = values.get(value);
    if (known !== undefined) return known;
    // A schema that leads back to itself for the same value says nothing more.
    values.set(value, HOLDS);
    const outcome = this.#read(schema, value, at);
    values.set(value, outcome);
    return outcome;
  }

  #outcomesOf(schema: Keywords, { collects, scope }: At): Map<unknown, Outcome> {
    const kinds = this.#known.get(scope) ?? { collected: new Map(), plain: new Map() };
    this.#known.set(scope, kinds);
    const schemas: Outcomes = collects ? kinds.collected : kinds.plain;
    const values = schemas.get(schema) ?? new Map<unknown, Outcome>();
    schemas.set(schema, values);
    return values;
  }

  #read(schema: Keywords, value: unknown, at: At): Outcome {
    const asks = schema.unevaluatedProperties !== undefined || schema.unevaluatedItems !== undefined;
    const inside = asks && !at.collects ? { ...at, collects: true } : at;
    const check: Check = { schema, value, at: inside, errors: [], evaluated: new Set() };
    const assert: Assert = (keyword, params = {}) => {
      if (keyword === 'required' && this.#mayBeMissing(String(params.missingProperty), at)) return;
      check.errors.push({ instancePath: '', keyword, params, value });
    };
    assertKeywords(this.source, schema, value, this.reading.formats ?? FORMATS, assert);
    this.#inPlace(check);
    if (isRecord(value)) this.#members(check, value);
    else if (Array.isArray(value)) this.#items(check, value);
    if (check.errors.length === 0 && !at.collects) return HOLDS;
    return at.collects ? { errors: check.errors, evaluated: check.evaluated } : { errors: check.errors };
  }

  #mayBeMissing(name: string, { outermost }: At): boolean {
    const { direction } = this.reading;
    return direction !== undefined && mayBeMissing(this.source, outermost, name, direction);
  }

  /** Applies a schema to the same value; what it finds wrong is wrong. */
  #apply(check: Check, schema: JsonSchema): void {
    this.#take(check, this.#sub(check, schema));
  }

  #sub({ value, at }: Check, schema: JsonSchema): Outcome {
    return this.check(schema, value, { ...at, scope: this.source.scopeOf(schema, at.scope) });
  }

  #take(check: Check, outcome: Outcome): void {
    addErrors(check.errors, outcome.errors, '');
    if (outcome.errors.length === 0)
      for (const member of outcome.evaluated ?? []) check.evaluated.add(member);
  }

  /** Applies a schema to a member. */
  #below({ errors, evaluated, at }: Check, schema: JsonSchema, inner: unknown, step: string | number): void {
    evaluated.add(step);
    if (schema === true) return;
    if (at.depth >= MAX_DEPTH) {
      errors.push({ instancePath: toPointer([String(step)]), keyword: 'depth', params: {}, value: inner });
      return;
    }
    const { errors: found } = this.check(schema, inner, this.#atMember(at, schema));
    if (found.length > 0) addErrors(errors, found, toPointer([String(step)]));
  }

  #atMember({ depth, scope }: At, schema: JsonSchema): At {
    const inner = this.source.scopeOf(schema, scope);
    return { depth: depth + 1, outermost: schema, collects: false, scope: inner };
  }

  #inPlace(check: Check): void {
    const { schema, at } = check;
    for (const keyword of ['$ref', '$dynamicRef'] as const) {
      if (typeof schema[keyword] !== 'string') continue;
      const { target, scope } = this.source.follow(schema, keyword, at.scope);
      this.#take(check, this.check(target, check.value, { ...at, scope }));
    }
    for (const part of listOf(schema.allOf)) this.#apply(check, asSchema(part));
    this.#union(check, 'anyOf');
    this.#union(check, 'oneOf');
    this.#conditions(check);
  }

  #union(check: Check, keyword: 'anyOf' | 'oneOf'): void {
    const { schema, value } = check;
    if (schema[keyword] === undefined) return;
    const branches = listOf(schema[keyword]).map(asSchema);
    const meant = discriminatedBranch(this.source, schema, branches, value);
    const isExact = keyword === 'oneOf' && this.reading.oneOf === 'one';
    if (meant !== undefined && 'error' in meant) {
      check.errors.push(meant.error);
      return;
    }
    const named = meant === undefined ? undefined : this.#sub(check, meant.branch);
    if (named?.errors.length === 0 && !isExact) {
      this.#take(check, named);
      return;
    }
    const outcomes = this.#branches(check, branches, isExact);
    const passing = outcomes.filter(({ errors }) => errors.length === 0);
    if (passing.length === 1 || (passing.length > 1 && !isExact)) {
      for (const outcome of passing) this.#take(check, outcome);
      return;
    }
    const passingSchemas = outcomes.flatMap(({ errors }, index) => (errors.length === 0 ? [index] : []));
    if (passing.length === 0)
      addErrors(check.errors, named?.errors ?? chooseBranch(outcomes.map(({ errors }) => errors)), '');
    const params = { passingSchemas: passing.length === 0 ? null : passingSchemas };
    check.errors.push({ instancePath: '', keyword, params, value });
  }

  /** Goes on until it is known whether enough branches hold, and not too many. */
  #branches(check: Check, branches: readonly JsonSchema[], isExact: boolean): Outcome[] {
    const outcomes: Outcome[] = [];
    let passing = 0;
    for (const branch of branches) {
      const outcome = this.#sub(check, branch);
      outcomes.push(outcome);
      if (outcome.errors.length === 0) passing += 1;
      // Each branch that holds looks at members of its own.
      if (!check.at.collects && passing > (isExact ? 1 : 0)) break;
    }
    return outcomes;
  }

  #conditions(check: Check): void {
    const { schema, value } = check;
    if (schema.not !== undefined && this.#sub(check, asSchema(schema.not)).errors.length === 0)
      check.errors.push({ instancePath: '', keyword: 'not', params: {}, value });
    if (schema.if !== undefined) {
      const condition = this.#sub(check, asSchema(schema.if));
      const holds = condition.errors.length === 0;
      if (holds) this.#take(check, condition);
      this.#apply(check, asSchema(holds ? schema.then : schema.else));
    }
    if (!isRecord(value)) return;
    for (const keyword of ['dependentSchemas', 'dependencies'] as const) {
      for (const [name, dependent] of entriesOf(schema[keyword]))
        if (Object.hasOwn(value, name) && !Array.isArray(dependent)) this.#apply(check, asSchema(dependent));
    }
  }

  #members(check: Check, object: Readonly<Record<string, unknown>>): void {
    const { schema } = check;
    const members = Object.entries(object).filter(([, inner]) => inner !== undefined);
    for (const [name, inner] of members) {
      const isDeclared = this.#declared(check, name, inner);
      if (!isDeclared && schema.additionalProperties !== undefined)
        this.#further(check, 'additionalProperties', name, inner);
      if (schema.propertyNames !== undefined) this.#name(check, name);
    }
    if (schema.unevaluatedProperties === undefined) return;
    const others = members.filter(([name]) => !check.evaluated.has(name));
    for (const [name, inner] of others) this.#further(check, 'unevaluatedProperties', name, inner);
  }

  /** Applies what a schema says of a property by its name, and tells whether it does. */
  #declared(check: Check, name: string, inner: unknown): boolean {
    const { properties, patternProperties } = check.schema;
    let isDeclared = isRecord(properties) && Object.hasOwn(properties, name);
    if (isDeclared) this.#below(check, asSchema(Object(properties)[name]), inner, name);
    for (const [pattern, matching] of entriesOf(patternProperties)) {
      if (!this.source.expression(pattern).test(name)) continue;
      isDeclared = true;
      this.#below(check, asSchema(matching), inner, name);
    }
    return isDeclared;
  }

  #name({ schema, errors, at, value }: Check, propertyName: string): void {
    const names = asSchema(schema.propertyNames);
    if (this.check(names, propertyName, this.#atMember(at, names)).errors.length === 0) return;
    errors.push({ instancePath: '', keyword: 'propertyNames', params: { propertyName }, value });
  }

  /** A property that nothing else speaks of. */
  #further(
    check: Check,
    keyword: 'additionalProperties' | 'unevaluatedProperties',
    name: string,
    inner: unknown,
  ): void {
    const { schema, errors, evaluated, value } = check;
    if (schema[keyword] !== false) {
      this.#below(check, asSchema(schema[keyword]), inner, name);
      return;
    }
    evaluated.add(name);
    const param = keyword === 'additionalProperties' ? 'additionalProperty' : 'unevaluatedProperty';
    if (errors.length >= MAX_ERRORS) return;
    const nearest = nearestName(name, Object.keys(isRecord(schema.properties) ? schema.properties : {}));
    const params = { [param]: name, ...(nearest === undefined ? {} : { nearest }) };
    errors.push({ instancePath: '', keyword, params, value });
  }

  #items(check: Check, items: readonly unknown[]): void {
    const { schema, errors, evaluated } = check;
    const first = listOf(schema.prefixItems);
    for (const [index, item] of items.slice(0, first.length).entries())
      this.#below(check, asSchema(first[index]), item, index);
    if (schema.items !== undefined) this.#rest(check, 'items', items, (index) => index >= first.length);
    if (schema.contains !== undefined) this.#contains(check, items);
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
    const rest = asSchema(schema[keyword]);
    const meant = [...items.keys()].filter(isMeant);
    if (rest === false && meant.length > 0) {
      const limit = meant[0];
      for (const index of meant) evaluated.add(index);
      errors.push({ instancePath: '', keyword, params: { limit }, value });
      return;
    }
    for (const index of meant) this.#below(check, rest, items[index], index);
  }

  #contains(check: Check, items: readonly unknown[]): void {
    const { schema, errors, evaluated, at, value } = check;
    const { minContains = 1, maxContains = Number.POSITIVE_INFINITY } = schema;
    const contains = asSchema(schema.contains);
    const inner = this.#atMember(at, contains);
    let count = 0;
    for (const [index, item] of items.entries()) {
      if (this.check(contains, item, inner).errors.length > 0) continue;
      count += 1;
      evaluated.add(index);
    }
    if (count < Number(minContains) || count > Number(maxContains))
      errors.push({ instancePath: '', keyword: 'contains', params: { minContains, maxContains }, value });
  }
}

function entriesOf(node: unknown): [string, unknown][] {
  return isRecord(node) ? Object.entries(node) : [];
}

/** Adds errors of a part, whose places are told from that part. */
function addErrors(errors: KeywordError[], found: readonly KeywordError[], step: string): void {
  for (const error of found) {
    if (errors.length >= MAX_ERRORS) return;
    // Two parts of an `allOf` may lead to the same schema.
    if (step !== '') errors.push({ ...error, instancePath: step + error.instancePath });
    else if (!errors.includes(error)) errors.push(error);
  }
}
