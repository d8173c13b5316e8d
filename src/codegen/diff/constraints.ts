import { compareByKey } from './findings.js';
import { canonical, recordOf, schemaAt } from './nodes.js';
import { showValue } from './show.js';
import type { Constraint, Finding, Json, Pair, Part, View } from './types.js';

/** Bounds: those of 1 reject more the greater they are, those of -1 the smaller they are. */
const BOUNDS: ReadonlyMap<string, 1 | -1> = new Map([
  ...['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties', 'minContains'].map(
    (name) => [name, 1] as const,
  ),
  ...['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties', 'maxContains'].map(
    (name) => [name, -1] as const,
  ),
]);
/** Bounds that reject nothing when they are 0. */
const COUNTS = new Set(['minLength', 'minItems', 'minProperties']);
/** 3.0 writes an exclusive bound as a flag beside the bound, 3.1 as the bound. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ['minimum', 'exclusiveMinimum'],
  ['maximum', 'exclusiveMaximum'],
]);
const FLAGGED: ReadonlyMap<string, string> = new Map([...FLAGS].map(([bound, flag]) => [flag, bound]));
/** Keywords that hold a schema; `true` in one of them rejects nothing. */
const SCHEMAS = new Set(['not', 'if', 'then', 'else', 'contains', 'propertyNames', 'unevaluatedItems']);
const NAMES = [
  ...BOUNDS.keys(),
  ...SCHEMAS,
  ...['format', 'pattern', 'multipleOf', 'uniqueItems', 'dependentRequired', 'dependentSchemas'],
  ...['discriminator', 'contentEncoding', 'contentMediaType', 'items'],
];

/** Returns every keyword that restricts values and is not read elsewhere, with all that several parts say by it. */
export function constraintsOf(view: View, parts: readonly Part[]): Map<string, Constraint> {
  const constraints = new Map<string, Constraint>();
  // References are followed: the content of a schema counts, not its place.
  const core = (schema: unknown) => view.ids(schemaAt(schema)).core;
  const textOf = (name: string, value: unknown): string => {
    if (SCHEMAS.has(name)) return `schema ${core(value)}`;
    if (name !== 'dependentSchemas') return canonical(value);
    const entries = Object.entries(recordOf(value)).map(([key, schema]) => `${key}: ${core(schema)}`);
    return entries.sort().join();
  };
  for (const { node } of parts) {
    // Most schemas have few of the keywords, or none.
    for (const name of NAMES) {
      const value = name in node ? readKeyword(node, name) : undefined;
      if (value === undefined) continue;
      const found = { values: [value], texts: [textOf(name, value)] };
      const known = constraints.get(name);
      constraints.set(name, known === undefined ? found : both(name, known, found));
    }
  }
  return constraints;
}

/** Reads a keyword; `undefined` for one that is absent or rejects nothing. */
function readKeyword(node: Json, name: string): unknown {
  const value = node[name];
  const [flag, flagged] = [FLAGS.get(name), FLAGGED.get(name)];
  if (flag !== undefined && node[flag] === true) return undefined;
  if (flagged !== undefined && value === true) return node[flagged];
  // `false` closes a list; schemas of items are read elsewhere.
  if (name === 'items') return value === false ? value : undefined;
  if (SCHEMAS.has(name)) return value === true ? undefined : value;
  return value === false || (value === 0 && COUNTS.has(name)) ? undefined : value;
}

/** Of two bounds the tighter one holds; of anything else both do. */
function both(name: string, one: Constraint, other: Constraint): Constraint {
  const [a, b, sign] = [one.values[0], other.values[0], BOUNDS.get(name)];
  if (typeof a === 'number' && typeof b === 'number' && sign !== undefined)
    return (b - a) * sign > 0 ? other : one;
  if (other.texts.every((text) => one.texts.includes(text))) return one;
  return { values: [...one.values, ...other.values], texts: [...one.texts, ...other.texts].sort() };
}

/** Compares the keywords that restrict values. */
export function compareConstraints(direction: string, { before, after, atAfter }: Pair): Finding[] {
  return compareByKey(before.constraints, after.constraints, (name, was, is) => {
    const [textBefore, textAfter] = [was, is].map((each) => each?.texts.join(' and '));
    if (textBefore === textAfter) return [];
    const trend = trendOf(name, was, is);
    let kind = `${direction}-constraint-${trend}`;
    if (name === 'format') kind = `${direction}-format-${trend === 'changed' ? 'tightened' : trend}`;
    // A discriminator restricts nothing: it names the property by which alternatives differ.
    if (name === 'discriminator' && trend !== 'changed') kind = 'discriminator-changed';
    const show = (each: Constraint | undefined) =>
      each === undefined ? null : `${name} ${each.values.map(showValue).join(' and ')}`;
    const cause = `${name} ${textBefore} ${textAfter}`;
    return [{ kind, at: atAfter, before: show(was), after: show(is), cause, lacks: 'owner' }];
  });
}

/** Says how a keyword changed: it rejects more than before, less, or other values. */
function trendOf(
  name: string,
  before: Constraint | undefined,
  after: Constraint | undefined,
): 'tightened' | 'loosened' | 'changed' {
  if (before === undefined) return 'tightened';
  if (after === undefined) return 'loosened';
  const [was, is, sign] = [before.values[0], after.values[0], BOUNDS.get(name)];
  if (typeof was === 'number' && typeof is === 'number') {
    if (sign !== undefined) return (is - was) * sign > 0 ? 'tightened' : 'loosened';
    if (is % was === 0) return 'tightened';
    if (was % is === 0) return 'loosened';
  }
  if (before.texts.every((text) => after.texts.includes(text))) return 'tightened';
  return after.texts.every((text) => before.texts.includes(text)) ? 'loosened' : 'changed';
}
