import { canonical } from './interner.js';
import type { Json, Part } from './types.js';

/** Bounds that reject more the greater they are. */
const LOWER = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']);
/** Bounds that reject more the smaller they are. */
const UPPER = new Set(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']);
const NAMES = [
  ...LOWER,
  ...UPPER,
  ...['format', 'pattern', 'multipleOf', 'uniqueItems', 'not', 'if', 'then', 'else', 'patternProperties'],
  ...['propertyNames', 'contains', 'minContains', 'maxContains', 'prefixItems', 'dependentRequired'],
  ...['dependentSchemas', 'unevaluatedItems', 'unevaluatedProperties', 'discriminator'],
  ...['contentEncoding', 'contentMediaType'],
];

/** Every keyword that restricts values and has no reading of its own here. */
export function constraintsOf(parts: readonly Part[]): Map<string, unknown> {
  const constraints = new Map<string, unknown>();
  for (const { node } of parts) {
    for (const name of NAMES) {
      const value = readKeyword(node, name);
      if (value !== undefined && !constraints.has(name)) constraints.set(name, value);
    }
  }
  return constraints;
}

/** 3.0 writes an exclusive bound as a flag beside the bound, 3.1 as the bound; what changes nothing counts as absent. */
function readKeyword(node: Json, name: string): unknown {
  const value = node[name];
  if (name === 'minimum' && node.exclusiveMinimum === true) return undefined;
  if (name === 'maximum' && node.exclusiveMaximum === true) return undefined;
  if (name === 'exclusiveMinimum' && value === true) return node.minimum;
  if (name === 'exclusiveMaximum' && value === true) return node.maximum;
  if (value === false || (value === 0 && ['minLength', 'minItems', 'minProperties'].includes(name)))
    return undefined;
  return value;
}

/** How a keyword went: a value that was fine may now be refused, or the other way about. */
export function hasTightened(name: string, before: unknown, after: unknown): boolean {
  if (before === undefined || after === undefined) return before === undefined;
  if (typeof before === 'number' && typeof after === 'number') {
    if (LOWER.has(name)) return after > before;
    if (UPPER.has(name)) return after < before;
  }
  return canonical(before, name) !== canonical(after, name);
}
