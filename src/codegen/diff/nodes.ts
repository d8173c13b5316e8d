import { canonicalJson } from '../../openapi/normalize/canonical.js';
import { referenceTo } from '../../openapi/references.js';
import { isRecord } from '../../util/is-record.js';
import type { Json, Schema, Segments } from './types.js';

const NOTHING: Json = {};
const NEVER: Json = { not: {} };

/** Returns an object as it is, and an empty one for anything else: a flawed document is compared all the same. */
export function recordOf(value: unknown): Json {
  return isRecord(value) ? value : NOTHING;
}

/** Reads a schema as an object: `true` allows everything, `false` nothing, and any other value does not restrict. */
export function toNode(value: unknown): Json {
  return value === false ? NEVER : recordOf(value);
}

/** Returns the schema at a place. */
export function schemaAt(value: unknown, at: Segments = []): Schema {
  return [{ node: toNode(value), at }];
}

/** Writes a value, so that two values that mean the same are written the same. */
export function canonical(value: unknown): string {
  return withoutBuildNumbers(canonicalJson(value, { docs: true }));
}

/** Removes the number in the name of a compiler's artefact, which is another one with every build. */
export function withoutBuildNumbers(text: string): string {
  return text.replace(/__@(\w+)@\d+/g, '__@$1@');
}

/**
 * Returns the references in a text, which is much faster than to look for them in the node. Those in the mapping of a
 * discriminator may be names.
 */
export function referencesInText(text: string): string[] {
  const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference = '']) => reference);
  const mapped = [...text.matchAll(/"mapping":\{([^}]*)\}/g)].flatMap(([, mapping = '']) =>
    [...mapping.matchAll(/":"([^"]*)"/g)].map(([, to = '']) =>
      to.startsWith('#') ? to : referenceTo('schemas', to),
    ),
  );
  return [...references, ...mapped];
}
