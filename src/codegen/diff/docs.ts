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
