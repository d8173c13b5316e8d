import { addedOrRemoved, below } from './findings.js';
import { createKeepsPromise } from './promise.js';
import { showSchema } from './show.js';
import { createSimilarity } from './similarity.js';
import type { Finding, Pair, Schema, SchemaComparer, View } from './types.js';

/** Alternatives that are less alike than this are two things. */
const ALIKE = 0.34;
/** The same where one alternative of each side is left over. */
const ALIKE_WHEN_ALONE = 0.15;
/** More pairs than this are not tried: a union of a thousand against a thousand new ones. */
const MOST_PAIRS = 250_000;

/** Compares alternatives, whatever their order; undefined when the two sides have nothing in common. */
export function compareUnions(comparer: SchemaComparer, pair: Pair): Finding[] | undefined {
  const { before, after, direction } = comparer;
  const [a, b] = [
    branchesOf(pair.before.union, pair.schemas[0]),
    branchesOf(pair.after.union, pair.schemas[1]),
  ];
  const { pairs, gone, fresh } = matchBranches(comparer, a, b);
  if (pairs.length === 0) return undefined;
  // A schema that became one alternative of a union keeps its prose on the outside.
  const isWrapped = pair.before.union.length === 0 || pair.after.union.length === 0;
  const inner = pairs.flatMap(([one, other]) => comparer.compareBranches(one, other, isWrapped));
  const subject = `${direction}-union-member`;
  const keepsPromise = createKeepsPromise(before, after);
  const where = (view: View, branch: Schema) =>
    ({ at: branch[0]?.at ?? [], cause: `${view.ids(branch).core}`, lacks: 'name' }) as const;
  return [
    ...below(inner, '|'),
    ...gone.map((one) => addedOrRemoved(subject, showSchema(before, one), null, where(before, one))),
    ...fresh.map((one) => {
      const added = addedOrRemoved(subject, null, showSchema(after, one), where(after, one));
      return direction === 'request' || keepsPromise(a, one)
        ? added
        : { ...added, kind: 'response-form-added' };
    }),
  ];
}

/** A schema that is not a union is one of a single alternative, which stands where it does. */
function branchesOf(union: readonly Schema[], schema: Schema): readonly Schema[] {
  if (union.length > 0) return union;
  // A schema of one part is seen from that part here, and so is what is found in it.
  return [schema.length === 1 ? schema.map(({ node }) => ({ node, at: [] })) : schema];
}

interface Matched {
  readonly pairs: ReadonlyArray<readonly [Schema, Schema]>;
  readonly gone: readonly Schema[];
  readonly fresh: readonly Schema[];
}

/** Pairs equal alternatives first, by number; then the most alike of the rest. */
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
  const least = left.size === 1 && right.size === 1 ? ALIKE_WHEN_ALONE : ALIKE;
  const similar = createSimilarity(before, after);
  const alike = (left.size * right.size > MOST_PAIRS ? [] : [...left])
    .flatMap((one) => [...right].map((other) => ({ one, other, score: similar(one, other) })))
    .filter(({ score }) => score >= least)
    .sort((x, y) => y.score - x.score);
  for (const { one, other } of alike) {
    // A better pair came first and took one of the two.
    if (!left.has(one) || !right.has(other)) continue;
    left.delete(one);
    right.delete(other);
    pairs.push([one, other]);
  }
  return { pairs, gone: [...left], fresh: [...right] };
}
