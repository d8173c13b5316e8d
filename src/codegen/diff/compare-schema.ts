import { compareDocs } from './compare-docs.js';
import { compareObjects } from './compare-object.js';
import { compareUnions } from './compare-union.js';
import { compareValues } from './compare-values.js';
import { distinctFindings, moved } from './findings.js';
import { showSchema } from './show.js';
import { schemaAt } from './to-node.js';
import type { Direction, Finding, Json, Pair, Schema, SchemaComparer, View } from './types.js';
import { isOnlyUnion } from './union.js';

type Mode = 'whole' | 'branch' | 'bare branch';

/** Compares schemas as values that travel in one direction. Equal subtrees are skipped, each pair is compared once. */
export function createSchemaComparer(before: View, after: View, direction: Direction): SchemaComparer {
  const number = createNumbering();
  const known = new Map<string, readonly Finding[]>();
  const open = new Set<string>();
  let fresh: string[] = [];
  let looped = false;

  const remembered = (a: Schema, b: Schema, mode: Mode): readonly Finding[] => {
    const [nodeA, nodeB] = [target(before, a), target(after, b)];
    if (a.length !== 1 || b.length !== 1 || nodeA === undefined || nodeB === undefined) {
      return compareOnce(comparer, a, b, mode);
    }
    const key = `${number(nodeA)} ${number(nodeB)} ${mode}`;
    const present = known.get(key);
    if (present !== undefined) return present;
    if (open.has(key)) looped = true;
    if (open.has(key)) return [];
    open.add(key);
    const found = compareOnce(comparer, a, b, mode);
    open.delete(key);
    known.set(key, found);
    fresh.push(key);
    if (open.size > 0) return found;
    // What was found inside of a loop leaves out what the loop's beginning found: it holds for this call alone.
    if (looped) for (const each of fresh) if (each !== key) known.delete(each);
    fresh = [];
    looped = false;
    return found;
  };
  const comparer: SchemaComparer = {
    before,
    after,
    direction,
    compare: (a, b) => (isEqual(comparer, a, b) ? [] : rebased(remembered(a, b, 'whole'), a, b)),
    compareBranches: (a, b, withoutProse) =>
      isEqual(comparer, a, b) ? [] : rebased(remembered(a, b, withoutProse ? 'bare branch' : 'branch'), a, b),
  };
  return comparer;
}

/** References to one schema are one schema, unless they say something beside it. */
function target(view: View, [part]: Schema): Json | undefined {
  const node = part?.node;
  return node !== undefined && '$ref' in node && Object.keys(node).length === 1 ? view.resolve(node) : node;
}

function isEqual({ before, after }: SchemaComparer, a: Schema, b: Schema): boolean {
  return before.ids(a).full === after.ids(b).full;
}

/** Findings in schemas of one part are seen from that part. */
function rebased(findings: readonly Finding[], a: Schema, b: Schema): readonly Finding[] {
  const [prefixA, prefixB] = [a, b].map((schema) => (schema.length === 1 ? (schema[0]?.at ?? []) : []));
  return findings.map((finding) => moved(finding, (finding.side === 'before' ? prefixA : prefixB) ?? []));
}

function compareOnce(comparer: SchemaComparer, a: Schema, b: Schema, mode: Mode): readonly Finding[] {
  const place = (schema: Schema) => (schema.length === 1 ? [] : (schema[0]?.at ?? []));
  const pair: Pair = {
    before: comparer.before.shape(a),
    after: comparer.after.shape(b),
    atBefore: place(a),
    atAfter: place(b),
    schemas: [a, b],
  };
  const findings = mode === 'bare branch' ? [] : compareDocs(pair);
  if (mode === 'whole') findings.push(...compareNull(comparer, pair));
  findings.push(...compareRest(comparer, pair));
  return distinctFindings(findings);
}

function compareNull({ direction }: SchemaComparer, { before, after, atAfter }: Pair): Finding[] {
  if (before.nullable === after.nullable || isUnknown(before) || isUnknown(after)) return [];
  const kind = after.nullable ? 'became-nullable' : 'no-longer-nullable';
  const values = after.nullable
    ? { before: 'never null', after: 'or null' }
    : { before: 'or null', after: 'never null' };
  return [
    { kind: `${direction}-${kind}`, at: atAfter, side: 'after', ...values, cause: 'null', lacks: 'owner' },
  ];
}

function isUnknown(shape: Pair['before']): boolean {
  return shape.type === undefined && shape.union.length === 0 && shape.enum === undefined;
}

function compareRest(comparer: SchemaComparer, pair: Pair): readonly Finding[] {
  const { before, after } = pair;
  const hasUnion = before.union.length > 0 || after.union.length > 0;
  if (hasUnion && (isUnknown(before) || isUnknown(after))) return [typeChange(comparer, pair)];
  const pureBefore = before.union.length === 0 || isOnlyUnion(before);
  const pureAfter = after.union.length === 0 || isOnlyUnion(after);
  if (hasUnion && pureBefore && pureAfter) {
    return compareUnions(comparer, pair) ?? [typeChange(comparer, pair)];
  }
  if (before.type !== after.type) return [typeChange(comparer, pair)];
  return [
    ...compareValues(comparer, pair),
    ...compareObjects(comparer, pair),
    ...compareItems(comparer, pair),
    ...(hasUnion ? compareBeside(comparer, pair) : []),
  ];
}

/** Alternatives beside properties restrict them: to get some narrows a schema, to lose them widens it. */
function compareBeside(comparer: SchemaComparer, pair: Pair): readonly Finding[] {
  const [had, has] = [pair.before.union.length > 0, pair.after.union.length > 0];
  if (had !== has && isImplied(comparer, pair)) return [];
  if (had !== has) return [typeChange(comparer, pair, has ? 'narrowed' : 'widened')];
  return compareUnions(comparer, pair) ?? [typeChange(comparer, pair, 'changed')];
}

/** Whether what is required on the one side meets an alternative of the other, which then asks for nothing more. */
function isImplied({ before, after }: SchemaComparer, pair: Pair): boolean {
  const [plain, branches] =
    pair.before.union.length > 0
      ? [pair.after, pair.before.union.map((branch) => before.shape(branch))]
      : [pair.before, pair.after.union.map((branch) => after.shape(branch))];
  return branches.some(
    ({ required, properties, union, constraints }) =>
      required.size > 0 &&
      properties.size + union.length + constraints.size === 0 &&
      [...required].every((name) => plain.required.has(name)),
  );
}

function compareItems(comparer: SchemaComparer, { before, after, atBefore, atAfter }: Pair): Finding[] {
  const a = before.items ?? schemaAt(true, atBefore);
  const b = after.items ?? schemaAt(true, atAfter);
  const compared = (one: Schema, other: Schema, name: string) =>
    comparer
      .compare(one, other)
      .map((finding) =>
        finding.lacks === undefined ? finding : { ...finding, cause: `${finding.cause}[${name}]` },
      );
  const most = Math.max(before.prefix.length, after.prefix.length);
  const first = Array.from({ length: most }, (_, index) =>
    compared(before.prefix[index] ?? a, after.prefix[index] ?? b, String(index)),
  );
  const hasItems = before.items !== undefined || after.items !== undefined;
  return [...first.flat(), ...(hasItems ? compared(a, b, '') : [])];
}

function typeChange(comparer: SchemaComparer, pair: Pair, how: Manner = manner(pair)): Finding {
  const [a, b] = pair.schemas;
  return {
    kind: `${comparer.direction}-type-${how}`,
    at: pair.atAfter,
    side: 'after',
    before: showSchema(comparer.before, a),
    after: showSchema(comparer.after, b),
    cause: `${comparer.before.ids(a).core} ${comparer.after.ids(b).core}`,
    lacks: 'owner',
  };
}

type Manner = 'narrowed' | 'widened' | 'changed';

function manner({ before, after }: Pair): Manner {
  if (isUnknown(before) || (before.type === 'number' && after.type === 'integer')) return 'narrowed';
  return isUnknown(after) || (before.type === 'integer' && after.type === 'number') ? 'widened' : 'changed';
}

function createNumbering(): (node: Json) => number {
  const numbers = new WeakMap<Json, number>();
  let next = 0;
  return (node) => {
    const present = numbers.get(node);
    if (present !== undefined) return present;
    next += 1;
    numbers.set(node, next);
    return next;
  };
}
