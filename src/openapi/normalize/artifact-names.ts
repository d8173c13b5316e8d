import { isRecord } from '../../util/is-record.js';
import { stableName } from '../artifact-name.js';
import type { JsonObject } from '../document.js';
import type { Note, SchemaRepair } from './types.js';
import { mapValues } from './walk.js';

/** Gives properties that a compiler named their lasting names, in `properties` and in `required`. */
export const repairArtifactNames: SchemaRepair = (schema, note) => {
  return mapValues(schema, (value, keyword) => {
    if (keyword === 'properties' && isRecord(value)) return renameKeys(value, note, keyword);
    if (keyword !== 'required' || !Array.isArray(value)) return value;
    const names = mapValues(value, (name) => (typeof name === 'string' ? stableName(name) : name));
    return names === value ? value : [...new Set(names)];
  });
};

/** Gives components their lasting names. */
export function repairComponentNames(components: JsonObject, note: Note): JsonObject {
  return mapValues(components, (named, section) =>
    isRecord(named) ? renameKeys(named, note, section) : named,
  );
}

/** Points a reference at the lasting name of its target. An object without a reference stays as it is. */
export function repairReference(node: JsonObject): JsonObject {
  if (typeof node.$ref !== 'string' || !node.$ref.includes('__@')) return node;
  return { ...node, $ref: node.$ref.split('/').map(stableName).join('/') };
}

/** Keeps the first in alphabetical order where two names become one, whatever the order in the document. */
function renameKeys(named: JsonObject, note: Note, keyword: string): JsonObject {
  const artifacts = Object.keys(named).filter((name) => stableName(name) !== name);
  if (artifacts.length === 0) return named;
  const owners = new Map<string, string>();
  // A name that no compiler made comes before those that one did.
  const names = Object.keys(named).sort((left, right) => {
    const difference = Number(stableName(left) !== left) - Number(stableName(right) !== right);
    return difference || (left < right ? -1 : 1);
  });
  for (const name of names) {
    if (!owners.has(stableName(name))) owners.set(stableName(name), name);
  }
  for (const name of artifacts) {
    const lasting = stableName(name);
    const kept = owners.get(lasting) === name;
    note('artifact-name', kept ? `named ${lasting}` : `dropped, ${lasting} is there already`, keyword, name);
  }
  const kept = Object.entries(named).filter(([name]) => owners.get(stableName(name)) === name);
  return Object.fromEntries(kept.map(([name, value]) => [stableName(name), value]));
}
