import type { Schema, Shape, View } from './types.js';

/** Promises are followed this far down: a schema that holds itself has no end. */
const DEEPEST = 5;

/** Tells whether a form that a response may have keeps what its former forms had in common. */
export type KeepsPromise = (former: readonly Schema[], fresh: Schema) => boolean;

/**
 * Creates a check of what a program reads without asking which form it has: the type of a value, the properties that are always
 * there, and the same of what these hold.
 */
export function createKeepsPromise(before: View, after: View): KeepsPromise {
  const keeps = (former: readonly Schema[], fresh: Schema, depth: number): boolean => {
    const were = former.flatMap((schema) => formsOf(before, schema));
    return depth === DEEPEST || formsOf(after, fresh).every((form) => formKeeps(were, form, depth));
  };
  const formKeeps = (were: readonly Shape[], form: Shape, depth: number): boolean => {
    // Of values of several types a program asks for the type first.
    const [type, ...others] = new Set(were.map((one) => one.type));
    if (type === undefined || others.length > 0) return true;
    const isOfType = form.type === type || (type === 'number' && form.type === 'integer');
    const memberKeeps = (members: ReadonlyArray<Schema | undefined>, member: Schema | undefined): boolean => {
      const former = members.filter((one) => one !== undefined);
      if (member === undefined || former.length < members.length) return true;
      const isNewlyNull = after.ids(member).nullable && !former.some((one) => before.ids(one).nullable);
      return !isNewlyNull && keeps(former, member, depth + 1);
    };
    const propertyOf = ({ properties }: Shape, name: string) => properties.get(name)?.schema;
    const items = were.map((one) => one.items);
    return (
      isOfType &&
      memberKeeps(items, form.items) &&
      promisedBy(were).every((name) => {
        const members = were.map((one) => propertyOf(one, name));
        return form.required.has(name) && memberKeeps(members, propertyOf(form, name));
      })
    );
  };
  return (former, fresh) => keeps(former, fresh, 0);
}

/** Returns the alternatives of a schema, or the schema itself where it has none. */
function formsOf(view: View, schema: Schema): Shape[] {
  const shape = view.shape(schema);
  return shape.type === undefined && shape.union.length > 0 ? shape.union.map(view.shape) : [shape];
}

/** Returns the names that a value of each of the forms always has in a response. */
function promisedBy([first, ...others]: readonly Shape[]): string[] {
  const names = [...(first?.required ?? [])].filter(
    (name) => first?.properties.get(name)?.only !== 'request',
  );
  return names.filter((name) => others.every(({ required }) => required.has(name)));
}
