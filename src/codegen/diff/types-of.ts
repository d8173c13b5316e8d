import { isRecord } from '../../util/is-record.js';
import type { Json, Part } from './types.js';

/** The types that a value may have, without null, and whether null is named. */
export function typesOf(parts: readonly Part[]): { types: string[]; nullable: boolean } {
  let types: string[] | undefined;
  let nullable = false;
  for (const { node } of parts) {
    const named = namedTypes(node);
    if (node.nullable === true || named.includes('null')) nullable = true;
    const others = [...new Set(named.filter((type) => type !== 'null'))].sort();
    if (others.length === 0) continue;
    const joint: string[] = types === undefined ? others : types.filter((type) => others.includes(type));
    // Parts that contradict each other are a flaw; the first one stands.
    if (joint.length > 0 || types === undefined) types = joint;
  }
  return { types: types ?? impliedTypes(parts), nullable };
}

function namedTypes(node: Json): string[] {
  const type = node.type;
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? type.map(String) : [];
}

/** Published schemas leave the type out where the other keywords tell it. */
function impliedTypes(parts: readonly Part[]): string[] {
  const nodes = parts.map(({ node }) => node);
  if (nodes.some((node) => isRecord(node.properties) || Array.isArray(node.required))) return ['object'];
  if (nodes.some((node) => isRecord(node.patternProperties))) return ['object'];
  if (nodes.some((node) => isRecord(node.items) || Array.isArray(node.prefixItems))) return ['array'];
  const values = nodes.flatMap((node) => (Array.isArray(node.enum) ? node.enum : valuesOfConst(node)));
  const types = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  const [type] = types;
  return types.size === 1 && type !== undefined && type !== 'object' ? [type] : [];
}

function valuesOfConst(node: Json): unknown[] {
  return 'const' in node ? [node.const] : [];
}
