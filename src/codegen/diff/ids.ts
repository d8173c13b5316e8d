import { canonical } from './nodes.js';
import type { Ids, Schema, Shape, View } from './types.js';

/** Gives equal texts equal numbers. */
export function createInterner(): (text: string) => number {
  const numbers = new Map<string, number>();
  return (text) => {
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    return number;
  };
}

/** Numbers a shape by its content, so that one comparison tells equal subtrees from changed ones. */
export function buildIds(view: View, shape: Shape, intern: (text: string) => number): Ids {
  // Null among the alternatives of a union is null of the union.
  const core = intern(
    textOf(
      view,
      shape,
      (ids) => `${ids.core}${ids.nullable ? '?' : ''}`,
      (ids) => `${ids.core}`,
    ),
  );
  const docs = [...shape.docs].map(([name, { value }]) => `${name}=${canonical(value)}`);
  const full = intern(`full ${core} ${textOf(view, shape, (ids) => `${ids.full}`)} ${docs.join()}`);
  return { core, full: shape.nullable ? intern(`null ${full}`) : full, nullable: shape.nullable };
}

function textOf(view: View, shape: Shape, idOf: (ids: Ids) => string, idOfBranch = idOf): string {
  const child = (schema: Schema) => idOf(view.ids(schema));
  const properties = [...shape.properties.values()].map(
    ({ name, schema, only = '' }) => `${name}:${child(schema)}${only}`,
  );
  return JSON.stringify([
    shape.type,
    [...(shape.enum?.value.keys() ?? [])].sort(),
    properties.sort(),
    [...shape.required].sort(),
    shape.additional === false ? 'closed' : shape.additional && child(shape.additional),
    shape.items && child(shape.items),
    shape.union.map((branch) => idOfBranch(view.ids(branch))).sort(),
    [...shape.constraints].map(([name, { texts }]) => `${name}=${texts.join(' and ')}`).sort(),
    shape.prefix.map(child),
    [...shape.heirs].map(([value, schema]) => `${value}:${child(schema)}`).sort(),
    [...shape.patterns].map(([pattern, schema]) => `${pattern}:${child(schema)}`).sort(),
  ]);
}
