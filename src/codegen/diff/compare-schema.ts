import { hasOnly } from './alternatives.js';
import { compareAdditional, compareItems, comparePatterns, compareProperties } from './compare-members.js';
import { compareUnions } from './compare-union.js';
import { compareConstraints } from './constraints.js';
import { compareDocs } from './docs.js';
import { distinctFindings } from './findings.js';
import { compareHeirs } from './heirs.js';
import { compareEnums } from './listed-values.js';
import { showSchema } from './show.js';
import type { Direction, Finding, Json, Pair, Schema, SchemaComparer, Shape, View } from './types.js';

type Mode = 'whole' | 'branch' | 'bare branch';

/** Compares schemas as values that travel in one direction. Equal subtrees are skipped, each pair is compared once. */
export function createSchemaComparer(before: View, after: View, direction: Direction): SchemaComparer {
  const numbers = new Map<Json | undefined, number>();
  const numberOf = (node: Json | undefined) => {
    const number = numbers.get(node) ?? numbers.size;
    numbers.set(node, number);
    return number;
  };
  const once = createMemo();
  const compare = (a: Schema, b: Schema, mode: Mode): readonly Finding[] => {
    if (before.ids(a).full === after.ids(b).full) return [];
    const key = `${numberOf(target(before, a))} ${numberOf(target(after, b))} ${mode}`;
    const isOnePart = a.length === 1 && b.length === 1;
    const found = isOnePart
      ? once(key, () => compareShapes(comparer, a, b, mode))
      : compareShapes(comparer, a, b, mode);
    // Findings in schemas of one part are seen from that part.
    const [atA, atB] = [a, b].map((schema) => (schema.length === 1 ? (schema[0]?.at ?? []) : []));
    return found.map((finding) => ({
      ...finding,
      at: [...((finding.side === 'before' ? atA : atB) ?? []), ...finding.at],
    }));
  };
  const comparer: SchemaComparer = {
    before,
    after,
    direction,
    compare: (a, b) => compare(a, b, 'whole'),
    compareBranches: (a, b, withoutProse) => compare(a, b, withoutProse ? 'bare branch' : 'branch'),
  };
  return comparer;
}

/** Makes what is known by a key once, also where the making asks for the same key again. */
function createMemo(): (key: string, make: () => readonly Finding[]) => readonly Finding[] {
  const known = new Map<string, readonly Finding[]>();
  const open = new Set<string>();
  let fresh: string[] = [];
  let looped = false;
  return (key, make) => {
    const present = known.get(key);
    if (present !== undefined) return present;
    if (open.has(key)) {
      looped = true;
      return [];
    }
    open.add(key);
    const made = make();
    open.delete(key);
    known.set(key, made);
    fresh.push(key);
    if (open.size > 0) return made;
    // What was found inside of a loop leaves out what the loop's beginning found: it holds for this call alone.
    if (looped) for (const each of fresh) if (each !== key) known.delete(each);
    fresh = [];
    looped = false;
    return made;
  };
}

/** References to one schema are one schema, unless other keywords stand beside them. */
function target(view: View, [part]: Schema): Json | undefined {
  const node = part?.node;
  return node !== undefined && '$ref' in node && Object.keys(node).length === 1 ? view.resolve(node) : node;
}

function compareShapes(comparer: SchemaComparer, a: Schema, b: Schema, mode: Mode): readonly Finding[] {
  const { direction } = comparer;
  const [before, after] = [comparer.before.shape(a), comparer.after.shape(b)];
  const [atBefore = [], atAfter = []] = [a, b].map((schema) => (schema.length === 1 ? [] : schema[0]?.at));
  const pair: Pair = { before, after, atBefore, atAfter, schemas: [a, b] };
  const findings = mode === 'bare branch' ? [] : compareDocs(before.docs, after.docs);
  const isUntyped = isUnknown(before) || isUnknown(after);
  if (mode === 'whole' && !isUntyped) findings.push(...compareNull(direction, pair));
  const unions = [before, after].filter(({ union }) => union.length > 0);
  if (unions.length > 0 && isUntyped) findings.push(typeChange(comparer, pair));
  else if (unions.length > 0 && unions.every((shape) => hasOnly(shape, 'union')))
    findings.push(...(compareUnions(comparer, pair) ?? [typeChange(comparer, pair)]));
  else if (before.type !== after.type) findings.push(typeChange(comparer, pair));
  else
    findings.push(
      ...compareEnums(direction, pair),
      ...compareConstraints(direction, pair),
      ...compareProperties(comparer, pair),
      ...comparePatterns(comparer, pair),
      ...compareAdditional(comparer, pair),
      ...compareItems(comparer, pair),
      ...(unions.length > 0 ? compareRestrictions(comparer, pair) : []),
    );
  findings.push(...compareHeirs(comparer, pair, findings));
  return distinctFindings(findings);
}

function compareNull(direction: Direction, { before, after, atAfter }: Pair): Finding[] {
  if (before.nullable === after.nullable) return [];
  const where = { at: atAfter, cause: 'null', lacks: 'owner' } as const;
  return after.nullable
    ? [{ kind: `${direction}-became-nullable`, before: 'never null', after: 'or null', ...where }]
    : [{ kind: `${direction}-no-longer-nullable`, before: 'or null', after: 'never null', ...where }];
}

function isUnknown(shape: Shape): boolean {
  return shape.type === undefined && shape.union.length === 0 && shape.enum === undefined;
}

/** Compares alternatives beside properties: to get some narrows a schema, to lose them widens it. */
function compareRestrictions(comparer: SchemaComparer, pair: Pair): readonly Finding[] {
  const [had, has] = [pair.before.union.length > 0, pair.after.union.length > 0];
  if (had && has) return compareUnions(comparer, pair) ?? [typeChange(comparer, pair, 'changed')];
  const { before, after } = comparer;
  const plain = had ? pair.after : pair.before;
  const branches = had ? pair.before.union.map(before.shape) : pair.after.union.map(after.shape);
  // An alternative that only requires what the other document requires anyway asks for nothing more.
  const isImplied = branches.some(
    ({ required, properties, union, constraints }) =>
      required.size > 0 &&
      properties.size + union.length + constraints.size === 0 &&
      [...required].every((name) => plain.required.has(name)),
  );
  return isImplied ? [] : [typeChange(comparer, pair, has ? 'narrowed' : 'widened')];
}

/** Describes that a schema takes other values than before; by default the types say which way it went. */
function typeChange(
  comparer: SchemaComparer,
  { before, after, atAfter, schemas: [a, b] }: Pair,
  trend?: 'narrowed' | 'widened' | 'changed',
): Finding {
  const isNarrower = isUnknown(before) || (before.type === 'number' && after.type === 'integer');
  const hadNoValue = before.type === 'never' || (before.type === 'null' && after.nullable);
  const isWider = hadNoValue || isUnknown(after) || (before.type === 'integer' && after.type === 'number');
  return {
    kind: `${comparer.direction}-type-${trend ?? (isNarrower ? 'narrowed' : isWider ? 'widened' : 'changed')}`,
    at: atAfter,
    before: showSchema(comparer.before, a),
    after: showSchema(comparer.after, b),
    cause: `${comparer.before.ids(a).core} ${comparer.after.ids(b).core}`,
    lacks: 'owner',
  };
}
