import { isRecord, listOf } from '../../util/is-record.js';
import { compareByKey } from './findings.js';
import { canonical } from './nodes.js';
import { showValue } from './show.js';
import type { Finding, Part, Placed } from './types.js';

/** The keywords of a schema that speak to a person, or only suggest. */
const PROSE = ['title', 'description', 'example', 'examples', 'default', 'deprecated', 'externalDocs'];

/** Returns each keyword's first value among the parts, and where it stands. */
export function docsOf(
  parts: readonly Part[],
  names: readonly string[] = PROSE,
): Map<string, Placed<unknown>> {
  const docs = new Map<string, Placed<unknown>>();
  for (const { node, at } of parts) {
    for (const name of names) {
      const value = node[name];
      const isAbsent = value === undefined || (value === false && name !== 'default');
      if (!isAbsent && !docs.has(name)) docs.set(name, { value, at: [...at, name] });
    }
  }
  return docs;
}

/** Compares prose. A default belongs here, for a caller that does not rely on it. */
export function compareDocs(
  before: ReadonlyMap<string, Placed<unknown>>,
  after: ReadonlyMap<string, Placed<unknown>>,
): Finding[] {
  return compareByKey(before, after, (name, one, other) => {
    const [was, is] = [one, other].map((placed) => {
      const isSet = name === 'tags' && Array.isArray(placed?.value);
      return placed && canonical(isSet ? [...new Set(listOf(placed.value))].sort() : placed.value);
    });
    if (was === is) return [];
    return [
      {
        kind: `${name}-changed`,
        at: (other ?? one)?.at ?? [],
        ...(other === undefined && { side: 'before' as const }),
        before: showValue(one?.value),
        after: showValue(other?.value),
        cause: `${was} ${is}`,
      },
    ];
  });
}

/** Keywords whose members are schemas under names of their own, which may be called like a keyword. */
const NAMED = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions']);

/** Returns a schema without its prose, at any depth. */
export function withoutProse(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutProse);
  if (!isRecord(schema)) return schema;
  const entries = Object.entries(schema).filter(([key]) => !PROSE.includes(key) && !key.startsWith('x-'));
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (key === 'enum' || key === 'const') return [key, value];
      if (!NAMED.has(key) || !isRecord(value)) return [key, withoutProse(value)];
      const members = Object.entries(value).map(([name, member]) => [name, withoutProse(member)]);
      return [key, Object.fromEntries(members)];
    }),
  );
}
