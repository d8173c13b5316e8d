import { compareByKey } from './findings.js';
import { canonical, recordOf, schemaAt } from './nodes.js';
import { showValue } from './show.js';
import type { Constraint, Finding, Json, Pair, Part, Shape, View } from './types.js';

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
    // What the values lead to is compared as the alternatives that they are.
    if (name === 'discriminator') return canonical([recordOf(value).propertyName, discriminated(value)]);
    if (name !== 'dependentSchemas') return canonical(value);
    const entries = Object.entries(recordOf(value)).map(([key, schema]) => `${key}: ${core(schema)}`);
    return entries.sort().join();
  };
  for (const part of parts) {
    const node = withFormat(part.node);
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

/** Returns a schema whose format of bytes is written as 3.0 does, in place of the keywords for content of 3.1. */
function withFormat(node: Json): Json {
  if (!('contentEncoding' in node || 'contentMediaType' in node) || node.format !== undefined) return node;
  const { contentEncoding, contentMediaType, ...rest } = node;
  if (contentEncoding === 'base64' && contentMediaType === undefined) return { ...rest, format: 'byte' };
  const isBinary = contentMediaType === 'application/octet-stream' && contentEncoding === undefined;
  return isBinary ? { ...rest, format: 'binary' } : node;
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

/** Returns the values that a discriminator leads to a schema. */
function discriminated(discriminator: unknown): string[] {
  return Object.keys(recordOf(recordOf(discriminator).mapping)).sort();
}

/** Compares the keywords that restrict values. */
export function compareConstraints(direction: string, { before, after, atAfter }: Pair): Finding[] {
  const describe = (kind: string, was: string | null, is: string | null, cause: string): Finding[] => [
    { kind, at: atAfter, before: was, after: is, cause, lacks: 'owner' },
  ];
  const found = compareByKey(before.constraints, after.constraints, (name, was, is) => {
    const [textBefore, textAfter] = [was, is].map((each) => each?.texts.join(' and '));
    if (textBefore === textAfter || isOtherBound(name, before, after)) return [];
    const kind = kindOfChange(direction, name, was, is);
    return describe(kind, show(name, was), show(name, is), `${name} ${textBefore} ${textAfter}`);
  });
  const bounds = [...FLAGS].flatMap(([bound, exclusive]) => {
    const [was, is] = [boundOf(bound, exclusive, before), boundOf(bound, exclusive, after)];
    if (was === undefined || is === undefined || was.name === is.name) return [];
    const gain = (is.value - was.value) * (BOUNDS.get(bound) ?? 1) || is.margin - was.margin;
    if (gain === 0) return [];
    const kind = `${direction}-constraint-${gain > 0 ? 'tightened' : 'loosened'}`;
    return describe(kind, was.text, is.text, `${was.text} ${is.text}`);
  });
  return [...found, ...bounds];
}

function show(name: string, constraint: Constraint | undefined): string | null {
  return constraint === undefined ? null : `${name} ${constraint.values.map(showValue).join(' and ')}`;
}

/** A bound and whether it is exclusive, which are compared together where one document has it so and the other not. */
interface Bound {
  readonly name: string;
  readonly value: number;
  /** 1 where the bound itself is excluded, and the type does not tell which value comes next. */
  readonly margin: 0 | 1;
  readonly text: string | null;
}

/** Returns the bound of a shape; `undefined` where it has none, or both the exclusive and the other one. */
function boundOf(bound: string, exclusive: string, { constraints, type }: Shape): Bound | undefined {
  const [name, ...others] = [bound, exclusive].filter((each) => constraints.has(each));
  if (name === undefined || others.length > 0) return undefined;
  const constraint = constraints.get(name);
  const [limit] = constraint?.values ?? [];
  if (typeof limit !== 'number') return undefined;
  const text = show(name, constraint);
  if (name === bound) return { name, value: limit, margin: 0, text };
  if (type !== 'integer') return { name, value: limit, margin: 1, text };
  const value = bound === 'minimum' ? Math.floor(limit) + 1 : Math.ceil(limit) - 1;
  return { name, value, margin: 0, text };
}

/** Tells whether a keyword became its exclusive form, or the other way about. */
function isOtherBound(name: string, before: Shape, after: Shape): boolean {
  return [...FLAGS].some((pair) => {
    const [was, is] = [boundOf(...pair, before), boundOf(...pair, after)];
    return pair.includes(name) && was !== undefined && is !== undefined && was.name !== is.name;
  });
}

/** Formats that rule no value out which their type allows in JSON. */
const HINTS: ReadonlySet<unknown> = new Set(['int64', 'double', 'password']);

function kindOfChange(
  direction: string,
  name: string,
  was: Constraint | undefined,
  is: Constraint | undefined,
): string {
  const trend = trendOf(name, was, is);
  if (name === 'discriminator') {
    // It restricts nothing: it names the property by which alternatives differ, and further values are alternatives.
    return trend === 'changed' && !isWiderDiscriminator(was, is)
      ? `${direction}-constraint-changed`
      : 'discriminator-changed';
  }
  if (name !== 'format') return `${direction}-constraint-${trend}`;
  const [saysLittle, saidLittle] = [is, was].map(
    (each) => each?.values.every((one) => HINTS.has(one)) ?? true,
  );
  if (saysLittle && saidLittle) return 'format-changed';
  return `${direction}-format-${saysLittle ? 'loosened' : 'tightened'}`;
}

function isWiderDiscriminator(was: Constraint | undefined, is: Constraint | undefined): boolean {
  const [before, after] = [recordOf(was?.values[0]), recordOf(is?.values[0])];
  const values = new Set(discriminated(after));
  const isKept = values.size === 0 || discriminated(before).every((value) => values.has(value));
  return before.propertyName === after.propertyName && isKept;
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
