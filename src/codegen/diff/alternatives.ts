import { listOf } from '../../util/is-record.js';
import { listedValues } from './listed-values.js';
import { toNode } from './nodes.js';
import type { Json, Part, Schema, Shape, View } from './types.js';

const WRAPPING = new Set([
  ...['oneOf', 'anyOf', 'nullable'],
  ...['description', 'title', 'example', 'examples', 'deprecated'],
]);

/** A schema taken apart: what every value satisfies, and the alternatives to choose from. */
export interface Alternatives {
  readonly parts: readonly Part[];
  /** None, or two and more that differ. */
  readonly branches: readonly Schema[];
  readonly nullable: boolean;
}

/** Flattens references, `allOf`, unions in unions, equal alternatives, null among them, and unions of one. */
export function alternativesOf(view: View, schema: Schema, depth = 0): Alternatives {
  const parts = flatten(view, schema);
  const gathered: Gathered = { branches: [], nullable: false, seen: new Set(parts.map(({ node }) => node)) };
  for (const part of parts) gather(view, part, gathered);
  const branches = distinct(view, gathered);
  const [only, ...others] = branches;
  // A union of one that holds itself is hostile; no honest one is wrapped this often.
  if (only === undefined || others.length > 0 || depth > 16)
    return { parts, branches, nullable: gathered.nullable };
  // The inner schema goes last: the prose of the wrapping stands before its own.
  const inner = alternativesOf(view, only, depth + 1);
  return {
    parts: [...parts, ...inner.parts],
    branches: inner.branches,
    nullable: gathered.nullable || inner.nullable,
  };
}

/** Returns the nodes that together make a schema: references as if inlined, members of `allOf` after their holder. */
function flatten(view: View, schema: Schema): Part[] {
  const parts: Part[] = [];
  const seen = new Set<Json>();
  const visit = ({ node, at }: Part): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (typeof node.$ref === 'string') {
      const { $ref: _, ...rest } = node;
      if (Object.keys(rest).length > 0)
        visit({ node: view.derive(node, 'siblings of $ref', () => rest), at });
      visit({ node: view.resolve(node), at });
      return;
    }
    parts.push({ node, at });
    for (const [index, member] of listOf(node.allOf).entries())
      visit({ node: toNode(member), at: [...at, 'allOf', String(index)] });
  };
  for (const part of schema) visit(part);
  return parts;
}

interface Gathered {
  readonly branches: Schema[];
  nullable: boolean;
  readonly seen: Set<Json>;
}

/** Adds the alternatives of a part, and those of unions among them. */
function gather(view: View, { node, at }: Part, into: Gathered): void {
  const listed = ['oneOf', 'anyOf'].flatMap((keyword) =>
    listOf(node[keyword]).map((item, index) => ({ node: toNode(item), at: [...at, keyword, String(index)] })),
  );
  for (const branch of listed) {
    const parts = flatten(view, [branch]);
    const isUnion = parts.every(
      ({ node: inner }) =>
        (Array.isArray(inner.oneOf) || Array.isArray(inner.anyOf)) &&
        Object.keys(inner).every((key) => WRAPPING.has(key)),
    );
    if (parts.every((part) => isNull(part.node))) into.nullable = true;
    else if (!isUnion) into.branches.push([branch]);
    else
      for (const part of parts) {
        if (into.seen.has(part.node)) continue;
        into.seen.add(part.node);
        into.nullable ||= part.node.nullable === true;
        gather(view, part, into);
      }
  }
}

/** Tells whether only null fits. */
function isNull(node: Json): boolean {
  const { type } = node;
  if (type === 'null' || (Array.isArray(type) && type.length === 1 && type[0] === 'null')) return true;
  const values = listedValues(node) ?? [];
  return values.length > 0 && values.every((value) => value === null);
}

/** Returns each alternative once, and makes null of any of them null of all. A union among them gives its own. */
function distinct(view: View, gathered: Gathered): Schema[] {
  const byCore = new Map<number, Schema>();
  for (const branch of gathered.branches) {
    gathered.nullable ||= view.ids(branch).nullable;
    const shape = view.shape(branch);
    // The places in a schema of one part are seen from that part.
    const prefix = branch[0]?.at ?? [];
    const alternatives = hasOnly(shape, 'union')
      ? shape.union.map((inner) => inner.map(({ node, at }) => ({ node, at: [...prefix, ...at] })))
      : [branch];
    for (const alternative of alternatives) {
      const { core, full } = view.ids(alternative);
      const other = byCore.get(core);
      // Of two that differ in prose alone, the one that says more stays, in either order.
      const more =
        other &&
        (view.shape(alternative).docs.size - view.shape(other).docs.size || view.ids(other).full - full);
      if (more === undefined || more > 0) byCore.set(core, alternative);
    }
  }
  return [...byCore.values()];
}

const FACETS = [
  ...(['type', 'enum', 'properties', 'required', 'additional'] as const),
  ...(['items', 'prefix', 'patterns', 'union', 'constraints'] as const),
];

/** Tells whether a shape restricts values by these facets alone, by the first one in any case. */
export function hasOnly(
  shape: Shape,
  ...[first, ...more]: [(typeof FACETS)[number], ...(typeof FACETS)[number][]]
): boolean {
  const isEmpty = (facet: (typeof FACETS)[number]) => {
    const value = shape[facet];
    if (value === undefined) return true;
    if (typeof value !== 'object') return false;
    return ('size' in value ? value.size : 'length' in value ? value.length : 1) === 0;
  };
  return (
    !isEmpty(first) && FACETS.every((facet) => facet === first || more.includes(facet) || isEmpty(facet))
  );
}
