import type { Schema, Shape, View } from './types.js';

const LONGEST = 120;

/** A schema in the words of TypeScript, cut short: for a person to recognise, not for a compiler. */
export function showSchema(view: View, schema: Schema): string {
  return cut(show(view, schema, 0));
}

/** Values in a row, cut short. */
export function showValues(values: Iterable<unknown>): string {
  return cut([...values].map((value) => JSON.stringify(value)).join(' | '));
}

/** A value of any keyword, cut short. */
export function showValue(value: unknown): string | null {
  if (value === undefined) return null;
  return cut(typeof value === 'string' ? value : JSON.stringify(value));
}

function show(view: View, schema: Schema, depth: number): string {
  // Deeper down nobody reads it, and a schema that holds itself has no bottom.
  if (depth > 5) return '…';
  const shape = view.shape(schema);
  const text = withoutNull(view, shape, depth);
  return shape.nullable && shape.type !== 'null' ? `${text} | null` : text;
}

function withoutNull(view: View, shape: Shape, depth: number): string {
  if (shape.enum !== undefined) return some([...shape.enum.value.keys()], 8, ' | ');
  if (shape.union.length > 0) {
    if (depth > 1) return `union of ${shape.union.length}`;
    return some(
      shape.union.map((branch) => show(view, branch, depth + 1)),
      4,
      ' | ',
    );
  }
  if (shape.type === 'array') {
    const items = shape.items === undefined ? 'unknown' : show(view, shape.items, depth + 1);
    return items.includes(' ') && !items.startsWith('{') ? `(${items})[]` : `${items}[]`;
  }
  if (shape.type !== 'object') return shape.type ?? 'unknown';
  if (shape.properties.size === 0)
    return shape.additional ? `Record<string, ${show(view, shape.additional, depth + 1)}>` : 'object';
  const names = [...shape.properties.values()]
    .map(({ name, schema }) => {
      const values = [...(view.shape(schema).enum?.value.keys() ?? [])];
      return { name, text: values.length === 1 ? `${name}: ${values[0]}` : name };
    })
    // First those of one value, by which alternatives differ.
    .sort((a, b) => Number(a.text === a.name) - Number(b.text === b.name) || (a.name < b.name ? -1 : 1))
    .map(({ text }) => text);
  return `{ ${some(names, 5, ', ')} }`;
}

function some(items: readonly string[], most: number, separator: string): string {
  const shown = items.slice(0, most).join(separator);
  return items.length > most ? `${shown}${separator}… ${items.length - most} more` : shown;
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
