import { showSchema } from './show.js';
import { schemaAt } from './to-node.js';
import type { Finding, Pair, Property, Schema, SchemaComparer, Shape } from './types.js';

/** Properties, which of them are required, and what else an object may hold. */
export function compareObjects(comparer: SchemaComparer, pair: Pair): Finding[] {
  const { before, after } = pair;
  const owner = `{${namesOf(before)}} {${namesOf(after)}}`;
  const names = new Set([...before.properties.keys(), ...after.properties.keys()]);
  const findings: Finding[] = [];
  for (const name of names) {
    const found = compareProperty(comparer, pair, name);
    for (const { lacks, ...finding } of found) {
      if (lacks === undefined) findings.push(finding);
      else
        findings.push({ ...finding, cause: `${finding.cause} of ${name}${lacks === 'owner' ? owner : ''}` });
    }
  }
  return [
    ...findings,
    ...compareBareNames(comparer, pair, names),
    ...comparePatterns(comparer, pair),
    ...compareAdditional(comparer, pair),
  ];
}

function namesOf({ properties }: Shape): string {
  return [...properties.keys()].sort().join();
}

function compareProperty(comparer: SchemaComparer, pair: Pair, name: string): readonly Finding[] {
  const { direction } = comparer;
  const a = visible(comparer, pair.before.properties.get(name));
  const b = visible(comparer, pair.after.properties.get(name));
  const [was, is] = [pair.before.required.has(name), pair.after.required.has(name)];
  // A map takes a name whether it is listed or not.
  const schemaBefore = a?.schema ?? (pair.before.additional || undefined);
  const schemaAfter = b?.schema ?? (pair.after.additional || undefined);
  if (a === undefined && b === undefined) return [];
  if (schemaBefore === undefined) return b === undefined ? [] : [added(comparer, pair, b)];
  if (schemaAfter === undefined) return a === undefined ? [] : [removed(comparer, pair, a)];
  const inner = comparer.compare(schemaBefore, schemaAfter);
  if (was === is) return inner;
  const words = (required: boolean) => (required ? 'required' : 'optional');
  const finding: Finding = {
    kind: `${direction}-property-became-${words(is)}`,
    at: schemaAfter[0]?.at ?? [],
    side: 'after',
    before: words(was),
    after: words(is),
    cause: `${is}`,
    lacks: 'owner',
  };
  return [finding, ...inner];
}

/** A property that only travels the other way is not there. */
function visible({ direction }: SchemaComparer, property: Property | undefined): Property | undefined {
  const isHidden = property?.only !== undefined && property.only !== direction;
  return isHidden ? undefined : property;
}

function added({ direction, after }: SchemaComparer, pair: Pair, { name, schema }: Property): Finding {
  // A name that was required all along, and only had no schema, asks nothing new of a caller.
  const isDemanded = pair.after.required.has(name) && !pair.before.required.has(name);
  const ids = after.ids(schema);
  return {
    kind: `${direction}-property-added${direction === 'request' && isDemanded ? '-required' : ''}`,
    at: schema[0]?.at ?? [],
    side: 'after',
    before: null,
    after: showSchema(after, schema),
    cause: `${ids.core} ${ids.nullable}`,
    lacks: 'owner',
  };
}

function removed({ direction, before }: SchemaComparer, { after }: Pair, { schema }: Property): Finding {
  const ids = before.ids(schema);
  const isRefused = direction === 'request' && after.additional === false;
  return {
    kind: `${direction}-property-${isRefused ? 'refused' : 'removed'}`,
    at: schema[0]?.at ?? [],
    side: 'before',
    before: showSchema(before, schema),
    after: null,
    cause: `${ids.core} ${ids.nullable}`,
    lacks: 'owner',
  };
}

/** `required` may name a property that has no schema; it is demanded all the same. */
function compareBareNames(comparer: SchemaComparer, pair: Pair, described: ReadonlySet<string>): Finding[] {
  const { before, after, atAfter } = pair;
  const names = new Set([...before.required, ...after.required]);
  return [...names].flatMap((name) => {
    const [was, is] = [before.required.has(name), after.required.has(name)];
    if (was === is || described.has(name)) return [];
    const words = (required: boolean) => `${name} ${required ? 'required' : 'optional'}`;
    const kind = `${comparer.direction}-property-became-${is ? 'required' : 'optional'}`;
    const values = { before: words(was), after: words(is) };
    return [
      { kind, at: atAfter, side: 'after', ...values, cause: `bare ${name} ${namesOf(after)}` } as const,
    ];
  });
}

/** Properties whose names fit a pattern; without the pattern they are properties like any other that is not listed. */
function comparePatterns(comparer: SchemaComparer, { before, after, atBefore, atAfter }: Pair): Finding[] {
  const patterns = new Set([...before.patterns.keys(), ...after.patterns.keys()]);
  return [...patterns].flatMap((pattern): readonly Finding[] => {
    const a = before.patterns.get(pattern) ?? before.additional ?? schemaAt(true, atBefore);
    const b = after.patterns.get(pattern) ?? after.additional ?? schemaAt(true, atAfter);
    if (a === false || b === false) {
      if (a === b) return [];
      const kind = `${comparer.direction}-object-${a === false ? 'opened' : 'closed-to-entries'}`;
      const words = (closed: boolean) => `${closed ? 'no names' : 'names'} that fit ${pattern}`;
      const values = { before: words(a === false), after: words(b === false) };
      return [{ kind, at: atAfter, side: 'after', ...values, cause: `${kind} ${pattern}`, lacks: 'name' }];
    }
    return comparer
      .compare(a, b)
      .map((finding) =>
        finding.lacks === undefined ? finding : { ...finding, cause: `${finding.cause}[${pattern}]` },
      );
  });
}

function compareAdditional(comparer: SchemaComparer, pair: Pair): readonly Finding[] {
  const { before, after, atAfter } = pair;
  if (before.type !== 'object' || after.type !== 'object') return [];
  const [a, b] = [before.additional, after.additional];
  if (a !== false && b !== false) return compareOthers(comparer, a, b, pair);
  if (a === b) return [];
  const kind = b === false ? `object-closed${a === undefined ? '' : '-to-entries'}` : 'object-opened';
  const show = (side: 'before' | 'after', schema: Schema | false | undefined) => {
    if (schema === false) return 'no other properties';
    return schema === undefined ? 'any other properties' : `others: ${showSchema(comparer[side], schema)}`;
  };
  const values = { before: show('before', a), after: show('after', b) };
  const cause = `${kind} ${namesOf(before)} ${namesOf(after)}`;
  return [
    { kind: `${comparer.direction}-${kind}`, at: atAfter, side: 'after', ...values, cause, lacks: 'name' },
  ];
}

function compareOthers(
  comparer: SchemaComparer,
  a: Schema | undefined,
  b: Schema | undefined,
  { before, atBefore, atAfter }: Pair,
): Finding[] {
  if (a === undefined && b === undefined) return [];
  // An object that lists names says nothing of others; to say what they hold takes nothing away.
  if (a === undefined && before.properties.size > 0) return [];
  const found = comparer.compare(a ?? schemaAt(true, atBefore), b ?? schemaAt(true, atAfter));
  return found.map((finding) =>
    finding.lacks === undefined ? finding : { ...finding, cause: `${finding.cause}[key]` },
  );
}
