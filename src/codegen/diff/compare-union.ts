import { showSchema } from './show.js';
import { createSimilarity } from './similarity.js';
import type { Finding, Pair, Schema, SchemaComparer } from './types.js';

/** Less alike than this, two alternatives are two things. */
const ALIKE = 0.34;
/** Where one of each is left over, less will do. */
const ALIKE_WHEN_ALONE = 0.15;
/** More pairs than this are not tried: a union of a thousand against a thousand new ones. */
const MOST_PAIRS = 250_000;

/** Compares alternatives, whatever their order; undefined when the two sides have nothing in common. */
export function compareUnions(comparer: SchemaComparer, pair: Pair): Finding[] | undefined {
  const [a, b] = [branchesOf(pair, 'before'), branchesOf(pair, 'after')];
  const { pairs, gone, fresh } = matchBranches(comparer, a, b);
  if (pairs.length === 0) return undefined;
  // A schema that became one alternative of a union keeps its prose on the outside.
  const isWrapped = pair.before.union.length === 0 || pair.after.union.length === 0;
  const inner = pairs.flatMap(([one, other]) => comparer.compareBranches(one, other, isWrapped));
  return [
    ...inner.map((finding) =>
      finding.lacks === undefined ? finding : { ...finding, cause: `${finding.cause}|` },
    ),
    ...gone.map((branch) => member(comparer, branch, 'before')),
    ...fresh.map((branch) => member(comparer, branch, 'after')),
  ];
}

/** A schema that is no union is one of a single alternative, which stands where it does. */
function branchesOf({ before, after, schemas }: Pair, side: 'before' | 'after'): readonly Schema[] {
  const { union } = side === 'before' ? before : after;
  if (union.length > 0) return union;
  const schema = schemas[side === 'before' ? 0 : 1];
  // A schema of one part is seen from that part here, and so is what is found in it.
  return [schema.length === 1 ? schema.map(({ node }) => ({ node, at: [] })) : schema];
}

function member(
  { direction, before, after }: SchemaComparer,
  branch: Schema,
  side: Finding['side'],
): Finding {
  const view = side === 'before' ? before : after;
  const text = showSchema(view, branch);
  return {
    kind: `${direction}-union-member-${side === 'before' ? 'removed' : 'added'}`,
    at: branch[0]?.at ?? [],
    side,
    before: side === 'before' ? text : null,
    after: side === 'after' ? text : null,
    cause: `member ${view.ids(branch).core}`,
    lacks: 'name',
  };
}

interface Matched {
  readonly pairs: ReadonlyArray<readonly [Schema, Schema]>;
  readonly gone: readonly Schema[];
  readonly fresh: readonly Schema[];
}

/** Equal alternatives first, by number; then the most alike of the rest. */
function matchBranches(comparer: SchemaComparer, a: readonly Schema[], b: readonly Schema[]): Matched {
  const { before, after } = comparer;
  const byCore = new Map(b.map((branch) => [after.ids(branch).core, branch]));
  const pairs: Array<readonly [Schema, Schema]> = [];
  const left = new Set<Schema>();
  for (const branch of a) {
    const { core } = before.ids(branch);
    const twin = byCore.get(core);
    byCore.delete(core);
    if (twin === undefined) left.add(branch);
    else pairs.push([branch, twin]);
  }
  const right = new Set(byCore.values());
  for (const [one, other] of mostAlike(comparer, left, right)) {
    // A better pair came first and took one of the two.
    if (!left.has(one) || !right.has(other)) continue;
    left.delete(one);
    right.delete(other);
    pairs.push([one, other]);
  }
  return { pairs, gone: [...left], fresh: [...right] };
}

function mostAlike(
  { before, after }: SchemaComparer,
  left: ReadonlySet<Schema>,
  right: ReadonlySet<Schema>,
): Array<readonly [Schema, Schema]> {
  if (left.size * right.size > MOST_PAIRS) return [];
  const least = left.size === 1 && right.size === 1 ? ALIKE_WHEN_ALONE : ALIKE;
  const similar = createSimilarity(before, after);
  const rated: Array<{ score: number; pair: readonly [Schema, Schema] }> = [];
  for (const one of left) {
    for (const other of right) {
      const score = similar(one, other);
      if (score >= least) rated.push({ score, pair: [one, other] });
    }
  }
  return rated.sort((x, y) => y.score - x.score).map(({ pair }) => pair);
}
