import { canonical } from './nodes.js';
import { showValues } from './show.js';
import type { Finding, Json, Pair, Part, Placed } from './types.js';

type Values = Placed<ReadonlyMap<string, unknown>>;

/** Returns the values that `enum` or `const` list; `undefined` where neither stands. */
export function listedValues(node: Json): readonly unknown[] | undefined {
  if (Array.isArray(node.enum)) return node.enum;
  return 'const' in node ? [node.const] : undefined;
}

/** Returns the values that all parts list, each once and without null, and the place of the schema that lists them. */
export function enumOf(parts: readonly Part[]): { values: Values; nullable: boolean } {
  let value: Map<string, unknown> | undefined;
  let at = parts[0]?.at ?? [];
  let nullable = false;
  for (const part of parts) {
    const listed = listedValues(part.node);
    if (listed === undefined) continue;
    const texts = new Map(listed.map((item) => [canonical(item), item]));
    if (texts.delete('null')) nullable = true;
    if (value === undefined) {
      at = part.at;
      value = texts;
    } else value = new Map([...value].filter(([text]) => texts.has(text)));
  }
  return { values: { value: value ?? new Map(), at }, nullable };
}

/** Compares listed values. */
export function compareEnums(direction: string, { before, after, atAfter }: Pair): Finding[] {
  const [a, b] = [before.enum, after.enum];
  if (a === b) return [];
  const texts = (values: Values | undefined) => [...(values?.value.keys() ?? [])].sort().join();
  const where = { at: b?.at ?? atAfter, cause: `${texts(a)} -> ${texts(b)}`, lacks: 'name' } as const;
  const change = (manner: string, was: string | null, is: string | null): Finding[] => [
    { kind: `${direction}-enum-${manner}`, before: was, after: is, ...where },
  ];
  if (a === undefined) return change('closed', 'any value', showValues(b?.value.values() ?? []));
  if (b === undefined) return change('opened', showValues(a.value.values()), 'any value');
  const added = [...b.value].filter(([text]) => !a.value.has(text)).map(([, value]) => value);
  const gone = [...a.value].filter(([text]) => !b.value.has(text)).map(([, value]) => value);
  // None of the values that a caller expects, or sends, is left.
  if (added.length > 0 && gone.length > 0 && gone.length === a.value.size)
    return change('replaced', showValues(gone), showValues(added));
  return [
    ...(added.length > 0 ? change('value-added', null, showValues(added)) : []),
    ...(gone.length > 0 ? change('value-removed', showValues(gone), null) : []),
  ];
}
