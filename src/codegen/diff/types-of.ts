import { isRecord, listOf } from '../../util/is-record.js';
import { listedValues } from './listed-values.js';
import type { Part } from './types.js';

/** Returns the types that a value may have, without null, and whether null is named. */
export function typesOf(parts: readonly Part[]): { types: readonly string[]; nullable: boolean } {
  let types: readonly string[] | undefined;
  let nullable = false;
  for (const { node } of parts) {
    const named = typeof node.type === 'string' ? [node.type] : listOf(node.type).map(String);
    // A list of values without null takes it away again; 3.0 says it loosely, and is read that way.
    const listed = listedValues(node);
    const namesNull = named.includes('null') && (listed === undefined || listed.includes(null));
    if (node.nullable === true || namesNull) nullable = true;
    const others = [...new Set(named.filter((type) => type !== 'null'))].sort();
    if (others.length === 0) continue;
    const joint: readonly string[] = types?.filter((type) => others.includes(type)) ?? others;
    // Parts that contradict each other are a flaw; the first one stands.
    if (joint.length > 0 || types === undefined) types = joint;
  }
  return { types: types ?? impliedTypes(parts), nullable };
}

/** Reads the type from the other keywords: published schemas leave it out where these tell it. */
function impliedTypes(parts: readonly Part[]): string[] {
  const nodes = parts.map(({ node }) => node);
  if (nodes.some(({ not }) => isRecord(not) && Object.keys(not).length === 0)) return ['never'];
  if (nodes.some((node) => isRecord(node.properties) || Array.isArray(node.required))) return ['object'];
  if (nodes.some((node) => isRecord(node.patternProperties))) return ['object'];
  if (nodes.some((node) => isRecord(node.items) || Array.isArray(node.prefixItems))) return ['array'];
  const values = nodes.flatMap((node) => listedValues(node) ?? []);
  const isNull = nodes.some(({ type }) => [type].flat().includes('null')) || values.includes(null);
  const types = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  if (types.size === 0 && isNull) return ['null'];
  const [type] = types;
  return types.size === 1 && type !== undefined && type !== 'object' ? [type] : [];
}
