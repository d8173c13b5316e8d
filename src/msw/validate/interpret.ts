import type { JsonSchema } from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { isRecord } from '../../util/is-record.js';
import { breaksOf, expressionOf } from './assertions.js';
import type { OneOfReading } from './compiler.js';
import { listOf } from './schema-parts.js';

/** One thing that is wrong with a value, as ajv names it, without words. */
export interface Wrong {
  /** JSON pointer (RFC 6901). */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** How a schema is read. */
export interface Reading {
  readonly oneOf: OneOfReading;
  /** Whether the first thing that is wrong is enough. */
  readonly first: boolean;
  /** Follows one `$ref`; `undefined` where it leads nowhere. */
  readonly follow: (reference: string) => JsonSchema | undefined;
}

/** A schema says something that {@link findWrong} does not read. */
export class NotInterpreted extends Error {}

/** Keywords whose meaning hangs on more than the value and the keyword's own. */
const NOT_READ = [
  '$id',
  '$anchor',
  '$dynamicRef',
  '$dynamicAnchor',
  'unevaluatedProperties',
  'unevaluatedItems',
  'nullable',
  'dependencies',
] as const;
/** Deeper than this no value of an API is; a schema that refers to itself without going down is. */
const MAX_DEPTH = 500;

/**
 * Finds what is wrong with a value by reading its schema as it goes, and not by compiling it.
 *
 * Of a schema that describes hundreds of fields a body has twenty, and each schema is used a few times: compiling takes a
 * hundred times longer than the check, and what is compiled stays in memory.
 *
 * @throws {NotInterpreted} For a keyword that asks for a full implementation.
 */
export function findWrong(schema: JsonSchema, value: unknown, reading: Reading): readonly Wrong[] {
  const found: Wrong[] = [];
  check(schema, value, '', { reading, found, depth: 0 });
  return found;
}

interface State {
  readonly reading: Reading;
  /** What is wrong so far. */
  readonly found: Wrong[];
  readonly depth: number;
}

function check(schema: JsonSchema, value: unknown, at: string, state: State): void {
  const { reading, found, depth } = state;
  if (schema === true) return;
  if (schema === false) {
    found.push({ instancePath: at, keyword: 'false schema', params: {} });
    return;
  }
  if (depth > MAX_DEPTH || NOT_READ.some((keyword) => schema[keyword] !== undefined)) {
    throw new NotInterpreted();
  }
  const here = (keyword: string, params: Wrong['params'] = {}) =>
    void found.push({ instancePath: at, keyword, params });
  breaksOf(schema, value, here);
  const below: State = { reading, found, depth: depth + 1 };
  const steps = [checkReference, checkAll, checkUnions, checkConditions];
  if (isRecord(value)) steps.push(checkObject);
  else if (Array.isArray(value)) steps.push(checkArray);
  for (const step of steps) {
    if (reading.first && found.length > 0) return;
    step(schema, value, at, below);
  }
}

type Keywords = JsonSchema & object;

/** What a keyword holds is a schema wherever these functions look. */
const asSchema = (node: unknown): JsonSchema => (isRecord(node) || node === false ? node : true);

function checkReference(schema: Keywords, value: unknown, at: string, state: State): void {
  if (schema.$ref === undefined) return;
  const target = state.reading.follow(String(schema.$ref));
  if (target === undefined) throw new NotInterpreted();
  check(target, value, at, state);
}

function checkAll({ allOf }: Keywords, value: unknown, at: string, state: State): void {
  for (const part of listOf(allOf)) check(asSchema(part), value, at, state);
}

function checkUnions(schema: Keywords, value: unknown, at: string, state: State): void {
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    if (schema[keyword] === undefined) continue;
    const most = keyword === 'oneOf' && state.reading.oneOf === 'one' ? 1 : Number.POSITIVE_INFINITY;
    const { passing, wrong } = tryBranches(listOf(schema[keyword]), value, at, state, most);
    if (passing.length > 0 && passing.length <= most) continue;
    const params = most === 1 ? { passingSchemas: passing.length === 0 ? null : passing } : {};
    state.found.push(...wrong, { instancePath: at, keyword, params });
  }
}

/** Goes on until it is known whether enough branches hold, and not too many. */
function tryBranches(
  branches: readonly unknown[],
  value: unknown,
  at: string,
  state: State,
  most: number,
): { readonly passing: readonly number[]; readonly wrong: readonly Wrong[] } {
  const passing: number[] = [];
  const wrong: Wrong[] = [];
  for (const [index, branch] of branches.entries()) {
    const own = wrongIn(asSchema(branch), value, at, state);
    if (own.length === 0) passing.push(index);
    else wrong.push(...own);
    if (passing.length > most || (passing.length > 0 && most > 1)) break;
  }
  return { passing, wrong };
}

/** What is wrong by a schema that need not hold. */
function wrongIn(schema: JsonSchema, value: unknown, at: string, state: State): readonly Wrong[] {
  const found: Wrong[] = [];
  check(schema, value, at, { ...state, found });
  return found;
}

function checkConditions(schema: Keywords, value: unknown, at: string, state: State): void {
  if (schema.not !== undefined && wrongIn(asSchema(schema.not), value, at, state).length === 0)
    state.found.push({ instancePath: at, keyword: 'not', params: {} });
  if (schema.if === undefined) return;
  const holds = wrongIn(asSchema(schema.if), value, at, state).length === 0;
  const failingKeyword = holds ? 'then' : 'else';
  const wrong = wrongIn(asSchema(schema[failingKeyword]), value, at, state);
  if (wrong.length > 0)
    state.found.push(...wrong, { instancePath: at, keyword: 'if', params: { failingKeyword } });
}

function checkObject(schema: Keywords, value: unknown, at: string, state: State): void {
  // The caller has looked.
  const object = value as Record<string, unknown>;
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const patterns = Object.entries(isRecord(schema.patternProperties) ? schema.patternProperties : {}).map(
    ([pattern, inner]) => [expressionOf(pattern), asSchema(inner)] as const,
  );
  for (const [name, inner] of Object.entries(object)) {
    if (state.reading.first && state.found.length > 0) return;
    if (inner === undefined) continue;
    const place = at + toPointer([name]);
    const isDeclared = Object.hasOwn(properties, name);
    if (isDeclared) check(asSchema(properties[name]), inner, place, state);
    const matching = patterns.filter(([pattern]) => pattern.test(name));
    for (const [, pattern] of matching) check(pattern, inner, place, state);
    if (!isDeclared && matching.length === 0) checkFurther(schema, name, inner, { at, place }, state);
    checkName(schema, name, at, state);
  }
  for (const [name, inner] of Object.entries(
    isRecord(schema.dependentSchemas) ? schema.dependentSchemas : {},
  ))
    if (Object.hasOwn(object, name)) check(asSchema(inner), object, at, state);
}

function checkFurther(
  { additionalProperties = true }: Keywords,
  name: string,
  inner: unknown,
  { at, place }: { readonly at: string; readonly place: string },
  state: State,
): void {
  if (additionalProperties === false)
    state.found.push({
      instancePath: at,
      keyword: 'additionalProperties',
      params: { additionalProperty: name },
    });
  else check(asSchema(additionalProperties), inner, place, state);
}

function checkName({ propertyNames }: Keywords, propertyName: string, at: string, state: State): void {
  if (propertyNames === undefined) return;
  const wrong = wrongIn(asSchema(propertyNames), propertyName, at, state);
  if (wrong.length > 0)
    state.found.push(...wrong, { instancePath: at, keyword: 'propertyNames', params: { propertyName } });
}

function checkArray(schema: Keywords, value: unknown, at: string, state: State): void {
  const items = listOf(value);
  const first = listOf(schema.prefixItems);
  const isClosed = schema.items === false;
  if (isClosed && items.length > first.length)
    state.found.push({ instancePath: at, keyword: 'items', params: { limit: first.length } });
  for (const [index, item] of items.slice(0, isClosed ? first.length : items.length).entries()) {
    if (state.reading.first && state.found.length > 0) return;
    const own = index < first.length ? first[index] : schema.items;
    check(asSchema(own), item, `${at}/${index}`, state);
  }
  if (schema.contains !== undefined) checkContains(schema, items, at, state);
}

function checkContains(schema: Keywords, items: readonly unknown[], at: string, state: State): void {
  const { contains, minContains = 1, maxContains = Number.POSITIVE_INFINITY } = schema;
  const count = items.filter(
    (item, index) => wrongIn(asSchema(contains), item, `${at}/${index}`, state).length === 0,
  ).length;
  if (count < Number(minContains) || count > Number(maxContains))
    state.found.push({ instancePath: at, keyword: 'contains', params: { minContains, maxContains } });
}
