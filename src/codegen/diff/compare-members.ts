import { addedOrRemoved, below, compareByKey, compareRequired } from './findings.js';
import { schemaAt } from './nodes.js';
import { showSchema } from './show.js';
import type { Direction, Finding, Pair, Schema, SchemaComparer, Shape, View } from './types.js';

/** Compares properties, and which of them are required. */
export function compareProperties(comparer: SchemaComparer, pair: Pair): Finding[] {
  const { before, after, atAfter } = pair;
  const owner = `{${namesOf(before)}} {${namesOf(after)}}`;
  const described = compareByKey<unknown>(before.properties, after.properties, (name) =>
    compareProperty(comparer, pair, name).map(({ lacks, ...finding }) => {
      if (lacks === undefined) return finding;
      return { ...finding, cause: `${finding.cause} of ${name}${lacks === 'owner' ? owner : ''}` };
    }),
  );
  // `required` may name a property that has no schema; a caller has to send it all the same.
  const bare = [...new Set([...before.required, ...after.required])].flatMap((name) => {
    if (before.properties.has(name) || after.properties.has(name)) return [];
    const [was, is] = [before.required.has(name), after.required.has(name)];
    const where = { at: atAfter, cause: `bare ${name} ${namesOf(after)}` };
    return compareRequired(`${comparer.direction}-property`, was, is, where).map((finding) => ({
      ...finding,
      before: `${name} ${finding.before}`,
      after: `${name} ${finding.after}`,
    }));
  });
  return [...described, ...bare];
}

function namesOf({ properties }: Shape): string {
  return [...properties.keys()].sort().join();
}

function compareProperty(comparer: SchemaComparer, pair: Pair, name: string): readonly Finding[] {
  const { direction } = comparer;
  const subject = `${direction}-property`;
  // What travels the other way alone is not asked for in this one.
  const isAsked = ({ required, properties }: Shape) =>
    required.has(name) && (properties.get(name)?.only ?? direction) === direction;
  const [was, is] = [isAsked(pair.before), isAsked(pair.after)];
  const [before, after] = [memberOf(pair.before, name, direction), memberOf(pair.after, name, direction)];
  const where = (view: View, schema: Schema) => {
    const { core, nullable } = view.ids(schema);
    return { at: schema[0]?.at ?? [], cause: `${core} ${nullable}`, lacks: 'owner' } as const;
  };
  if (before.listed === undefined && after.listed === undefined) return [];
  if (before.schema === undefined) {
    const [view, schema] = [comparer.after, after.listed ?? []];
    const added = addedOrRemoved(subject, null, showSchema(view, schema), where(view, schema));
    // A name that was required before, and only had no schema, asks nothing new of a caller.
    const isDemanded = direction === 'request' && is && !was;
    return [isDemanded ? { ...added, kind: `${subject}-added-required` } : added];
  }
  if (after.schema === undefined) {
    const [view, schema] = [comparer.before, before.schema];
    const removed = addedOrRemoved(subject, showSchema(view, schema), null, where(view, schema));
    const isRefused = direction === 'request' && pair.after.additional === false;
    return [isRefused ? { ...removed, kind: `${subject}-refused` } : removed];
  }
  const at = after.schema[0]?.at ?? [];
  return [
    ...compareRequired(subject, was, is, { at, cause: `${is}`, lacks: 'owner' }),
    ...comparer.compare(before.schema, after.schema),
  ];
}

/** Returns the schema that an object gives a name: its own, or that of any name. */
function memberOf(shape: Shape, name: string, direction: Direction): { listed?: Schema; schema?: Schema } {
  const { schema, only = direction } = shape.properties.get(name) ?? {};
  // A property that only travels the other way is not there.
  if (schema !== undefined && only === direction) return { listed: schema, schema };
  return shape.additional ? { schema: shape.additional } : {};
}

/** Compares properties whose names fit a pattern. Without the pattern they are properties like any unlisted one. */
export function comparePatterns(comparer: SchemaComparer, pair: Pair): Finding[] {
  const { before, after, atBefore, atAfter } = pair;
  return compareByKey(before.patterns, after.patterns, (pattern, was, is) => {
    const a = was ?? before.additional ?? schemaAt(true, atBefore);
    const b = is ?? after.additional ?? schemaAt(true, atAfter);
    if (a !== false && b !== false) return below(comparer.compare(a, b), `[${pattern}]`);
    if (a === b) return [];
    const kind = `${comparer.direction}-object-${a === false ? 'opened' : 'closed-to-entries'}`;
    const word = (schema: Schema | false) => `${schema === false ? 'no names' : 'names'} that fit ${pattern}`;
    const cause = `${kind} ${pattern}`;
    return [{ kind, at: atAfter, before: word(a), after: word(b), cause, lacks: 'name' }];
  });
}

/** Compares what properties may hold that neither name nor pattern lists, and whether there may be any. */
export function compareAdditional(comparer: SchemaComparer, pair: Pair): readonly Finding[] {
  const { before, after, atBefore, atAfter } = pair;
  const [a, b] = [before.additional, after.additional];
  if (before.type !== 'object' || after.type !== 'object' || a === b) return [];
  if (a !== false && b !== false) {
    // An object that lists names says nothing of others; to say what they hold takes nothing away.
    if (a === undefined && before.properties.size > 0) return [];
    return below(comparer.compare(a ?? schemaAt(true, atBefore), b ?? schemaAt(true, atAfter)), '[key]');
  }
  const opened = a === undefined ? 'object-closed' : 'object-closed-to-entries';
  const kind = b === false ? opened : 'object-opened';
  const show = (view: View, schema: Schema | false | undefined) => {
    if (schema === false) return 'no other properties';
    return schema === undefined ? 'any other properties' : `others: ${showSchema(view, schema)}`;
  };
  return [
    {
      kind: `${comparer.direction}-${kind}`,
      at: atAfter,
      before: show(comparer.before, a),
      after: show(comparer.after, b),
      cause: `${kind} ${namesOf(before)} ${namesOf(after)}`,
      lacks: 'name',
    },
  ];
}

/** Compares the items of arrays: the first ones of a tuple one by one, then all others. */
export function compareItems(
  comparer: SchemaComparer,
  { before, after, atBefore, atAfter }: Pair,
): Finding[] {
  const a = before.items ?? schemaAt(true, atBefore);
  const b = after.items ?? schemaAt(true, atAfter);
  const most = Math.max(before.prefix.length, after.prefix.length);
  const first = Array.from({ length: most }, (_, index) =>
    below(comparer.compare(before.prefix[index] ?? a, after.prefix[index] ?? b), `[${index}]`),
  );
  // An array without further items is a restriction, and found there.
  const isClosed = before.constraints.has('items') || after.constraints.has('items');
  const hasItems = !isClosed && (before.items !== undefined || after.items !== undefined);
  return [...first.flat(), ...(hasItems ? below(comparer.compare(a, b), '[]') : [])];
}
