import { isRecord } from '../../util/is-record.js';
import type { Part, Placed } from './types.js';

/** What a schema says to a person, or only suggests. */
const PROSE = ['title', 'description', 'example', 'examples', 'default', 'deprecated', 'externalDocs'];

/** Each keyword's first value among the parts and where it stands. */
export function docsOf(parts: readonly Part[]): Map<string, Placed<unknown>> {
  const docs = new Map<string, Placed<unknown>>();
  for (const { node, at } of parts) {
    for (const name of PROSE) {
      const value = node[name];
      const isAbsent = value === undefined || value === false;
      if ((!isAbsent || (name === 'default' && value === false)) && !docs.has(name)) {
        docs.set(name, { value, at: [...at, name] });
      }
    }
  }
  return docs;
}

/** Keywords whose members are schemas under names of their own, which may be called like a keyword. */
const NAMED = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions']);

/** A schema without what it says to a person, at any depth. */
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
