import type { Schema, Shape, View } from './types.js';

/** Says how alike two schemas of two documents are, from 0, nothing in common, to 1. */
export function createSimilarity(before: View, after: View): (a: Schema, b: Schema) => number {
  const known = new WeakMap<Shape, Traits>();
  const traits = (view: View, shape: Shape): Traits => {
    const present = known.get(shape) ?? traitsOf(view, shape);
    known.set(shape, present);
    return present;
  };
  const similar = (a: Schema, b: Schema, depth = 0): number => {
    const [shapeA, shapeB] = [before.shape(a), after.shape(b)];
    if (shapeA.type !== shapeB.type) return areNumbers(shapeA, shapeB) ? 0.6 : 0;
    if (shapeA.type === 'array') {
      const hasItems = shapeA.items !== undefined && shapeB.items !== undefined && depth < 8;
      return hasItems ? 0.3 + 0.7 * similar(shapeA.items, shapeB.items, depth + 1) : 0.5;
    }
    if (shapeA.type === 'object' || shapeA.type === undefined) {
      return compareTraits(traits(before, shapeA), traits(after, shapeB));
    }
    if (shapeA.enum === undefined || shapeB.enum === undefined)
      return shapeA.enum === shapeB.enum ? 0.6 : 0.4;
    return 0.3 + 0.7 * dice(new Set(shapeA.enum.value.keys()), new Set(shapeB.enum.value.keys()));
  };
  return similar;
}

function areNumbers(a: Shape, b: Shape): boolean {
  return [a, b].every(({ type }) => type === 'number' || type === 'integer');
}

/** What an object is known by. */
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
    // Said twice more: what tells alternatives apart weighs more than what they share.
    all.add(`literal ${name} ${literal}`).add(`it is ${name} ${literal}`);
  }
  for (const name of shape.required) all.add(`required ${name}`);
  for (const branch of shape.union) all.add(`branch ${view.ids(branch).core}`);
  if (shape.additional) all.add(`entries ${view.ids(shape.additional).core}`);
  return { all, literals };
}

function compareTraits(a: Traits, b: Traits): number {
  for (const [name, value] of a.literals) {
    const other = b.literals.get(name);
    if (other !== undefined && other !== value) return 0;
  }
  return dice(a.all, b.all);
}

function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  // An object that nothing is known of is likely the same one, now or then described.
  if (a.size === 0 || b.size === 0) return 0.36;
  let shared = 0;
  for (const item of a) if (b.has(item)) shared += 1;
  return (2 * shared) / (a.size + b.size);
}
