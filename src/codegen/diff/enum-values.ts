import { canonical } from './interner.js';
import type { Json, Part, Placed } from './types.js';

/** The listed values, each once and without null, and the place of the schema that lists them. */
export function enumOf(parts: readonly Part[]): {
  values: Placed<ReadonlyMap<string, unknown>>;
  nullable: boolean;
} {
  let value: Map<string, unknown> | undefined;
  let at = parts[0]?.at ?? [];
  let nullable = false;
  for (const part of parts) {
    const listed = listOf(part.node);
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

function listOf(node: Json): readonly unknown[] | undefined {
  if (Array.isArray(node.enum)) return node.enum;
  return 'const' in node ? [node.const] : undefined;
}
