import { canonical } from './interner.js';
import { schemaAt } from './to-node.js';
import type { Constraint, Json, Part, View } from './types.js';

/** Bounds that reject more the greater they are. */
const LOWER = new Set([
  'minimum',
  'exclusiveMinimum',
  'minLength',
  'minItems',
  'minProperties',
  'minContains',
]);
/** Bounds that reject more the smaller they are. */
const UPPER = new Set([
  'maximum',
  'exclusiveMaximum',
  'maxLength',
  'maxItems',
  'maxProperties',
  'maxContains',
]);
/** Keywords that hold a schema; `false` in one of them says something. */
const SCHEMAS = new Set(['not', 'if', 'then', 'else', 'contains', 'propertyNames', 'unevaluatedItems']);
const NAMES = [
  ...LOWER,
  ...UPPER,
  ...SCHEMAS,
  ...['format', 'pattern', 'multipleOf', 'uniqueItems', 'dependentRequired', 'dependentSchemas'],
  ...['discriminator', 'contentEncoding', 'contentMediaType', 'items'],
];

/** Every keyword that restricts values and has no reading of its own here: all that several parts say of it together. */
export function constraintsOf(view: View, parts: readonly Part[]): Map<string, Constraint> {
  const constraints = new Map<string, Constraint>();
  for (const { node } of parts) {
    for (const name of NAMES) {
      const value = readKeyword(node, name);
      if (value === undefined) continue;
      const known = constraints.get(name);
      const found = { values: [value], texts: [textOf(view, name, value)] };
      constraints.set(name, known === undefined ? found : joined(name, known, found));
    }
  }
  return constraints;
}

/** Of two bounds the tighter one holds; of anything else both do. */
function joined(name: string, one: Constraint, other: Constraint): Constraint {
  const [a, b] = [one.values[0], other.values[0]];
  if (typeof a === 'number' && typeof b === 'number' && (LOWER.has(name) || UPPER.has(name)))
    return LOWER.has(name) === b > a ? other : one;
  const isNew = other.texts.some((text) => !one.texts.includes(text));
  return isNew
    ? { values: [...one.values, ...other.values], texts: [...one.texts, ...other.texts].sort() }
    : one;
}

/** References are followed: what a schema says counts, and not where it stands. */
function textOf(view: View, name: string, value: unknown): string {
  if (SCHEMAS.has(name)) return `schema ${view.ids(schemaAt(value)).core}`;
  if (name !== 'dependentSchemas') return canonical(value, name);
  const entries = Object.entries(Object(value)).map(
    ([key, schema]) => `${key}: ${view.ids(schemaAt(schema)).core}`,
  );
  return entries.sort().join();
}

/** 3.0 writes an exclusive bound as a flag beside the bound, 3.1 as the bound; what changes nothing counts as absent. */
function readKeyword(node: Json, name: string): unknown {
  const value = node[name];
  if (name === 'minimum' && node.exclusiveMinimum === true) return undefined;
  if (name === 'maximum' && node.exclusiveMaximum === true) return undefined;
  if (name === 'exclusiveMinimum' && value === true) return node.minimum;
  if (name === 'exclusiveMaximum' && value === true) return node.maximum;
  // A list whose further items may not be there; schemas of items are read elsewhere.
  if (name === 'items') return value === false ? value : undefined;
  if (SCHEMAS.has(name)) return value === true ? undefined : value;
  if (value === false || (value === 0 && ['minLength', 'minItems', 'minProperties'].includes(name)))
    return undefined;
  return value;
}

/** How a keyword went: `tightened` where a value that was fine may be refused, `changed` where it may and another may not. */
export function trendOf(
  name: string,
  before: Constraint | undefined,
  after: Constraint | undefined,
): 'tightened' | 'loosened' | 'changed' {
  if (before === undefined) return 'tightened';
  if (after === undefined) return 'loosened';
  const [was, is] = [before.values[0], after.values[0]];
  if (typeof was === 'number' && typeof is === 'number') {
    if (LOWER.has(name)) return is > was ? 'tightened' : 'loosened';
    if (UPPER.has(name)) return is < was ? 'tightened' : 'loosened';
    if (is % was === 0) return 'tightened';
    if (was % is === 0) return 'loosened';
  }
  if (before.texts.every((text) => after.texts.includes(text))) return 'tightened';
  return after.texts.every((text) => before.texts.includes(text)) ? 'loosened' : 'changed';
}
