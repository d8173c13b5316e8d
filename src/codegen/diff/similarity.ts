import type { Schema, Shape, View } from './types.js';

/** Says how alike two schemas of two documents are, from 0, nothing in common, to 1. */
export function createSimilarity(before: View, after: View): (a: Schema, b: Schema) => number {
  const known = new WeakMap<Shape, Traits>();
  const traits = (view: View, shape: Shape): Traits => {
    const present = known.get(shape) ?? traitsOf(view, shape);
    known.set(shape, present);
    return present;
  };
  const compareObjects = (a: Shape, b: Shape) => {
    const [its, others] = [traits(before, a), traits(after, b)];
    const differs = [...its.literals].some(([name, value]) => (others.literals.get(name) ?? value) !== value);
    return differs ? 0 : dice(its.all, others.all);
  };
  // A list of values or none is the value set of a type other than object and array.
  const compareValues = (a?: ReadonlyMap<string, unknown>, b?: ReadonlyMap<string, unknown>) => {
    if (a === undefined || b === undefined) return a === b ? 0.6 : 0.4;
    return 0.3 + 0.7 * dice(new Set(a.keys()), new Set(b.keys()));
  };
  const compareArrays = (a: Shape, b: Shape, depth: number) =>
    a.items === undefined || b.items === undefined || depth === 8
      ? 0.5
      : 0.3 + 0.7 * similar(a.items, b.items, depth + 1);
  const similar = (a: Schema, b: Schema, depth = 0): number => {
    const [one, other] = [before.shape(a), after.shape(b)];
    if (one.type !== other.type) return NUMBERS.has(one.type) && NUMBERS.has(other.type) ? 0.6 : 0;
    if (one.type === 'array') return compareArrays(one, other, depth);
    if (one.type === 'object' || one.type === undefined) return compareObjects(one, other);
    return compareValues(one.enum?.value, other.enum?.value);
  };
  return similar;
}

const NUMBERS: ReadonlySet<string | undefined> = new Set(['number', 'integer']);

/** The traits by which an object is recognised. */
interface Traits {
  readonly all: ReadonlySet<string>;
  /** Properties of one possible text, such as `type: "user"`: two different ones are two different things. */
  readonly literals: ReadonlyMap<string, string>;
}

function traitsOf(view: View, shape: Shape): Traits {
  const all = new Set<string>();
  const literals = new Map<string, string>();
  for (const { name, schema } of shape.properties.values()) {
    const { core } = view.ids(schema);
    all.add(`name ${name}`).add(`property ${name} ${core}`);
    const { enum: values, type } = view.shape(schema);
    const [literal, ...others] = values?.value.keys() ?? [];
    if (literal === undefined || others.length > 0 || type !== 'string') continue;
    literals.set(name, literal);
    // Counted twice more: a trait that tells alternatives apart weighs more than one that they share.
    all.add(`literal ${name} ${literal}`).add(`it is ${name} ${literal}`);
  }
  for (const name of shape.required) all.add(`required ${name}`);
  for (const branch of shape.union) all.add(`branch ${view.ids(branch).core}`);
  if (shape.additional) all.add(`entries ${view.ids(shape.additional).core}`);
  return { all, literals };
}

/** The Dice coefficient of two sets. */
function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  // An object without traits is likely the same one, now or then described.
  if (a.size === 0 || b.size === 0) return 0.36;
  let shared = 0;
  for (const item of a) if (b.has(item)) shared += 1;
  return (2 * shared) / (a.size + b.size);
}
