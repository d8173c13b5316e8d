import { toNode } from './to-node.js';
import type { Json, Part, Schema, Shape, View } from './types.js';

const WRAPPING = new Set([
  'oneOf',
  'anyOf',
  'nullable',
  'description',
  'title',
  'example',
  'examples',
  'deprecated',
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
  // The inner schema goes last: what the wrapping says of itself stands before it.
  const inner = alternativesOf(view, only, depth + 1);
  return {
    parts: [...parts, ...inner.parts],
    branches: inner.branches,
    nullable: gathered.nullable || inner.nullable,
  };
}

interface Gathered {
  readonly branches: Schema[];
  nullable: boolean;
  readonly seen: Set<Json>;
}

function gather(view: View, { node, at }: Part, into: Gathered): void {
  for (const keyword of ['oneOf', 'anyOf']) {
    const list = node[keyword];
    if (!Array.isArray(list)) continue;
    list.forEach((item: unknown, index) => {
      const branch = [{ node: toNode(item), at: [...at, keyword, String(index)] }];
      const parts = flatten(view, branch);
      if (parts.every((part) => isNull(part.node))) into.nullable = true;
      else if (parts.every((part) => isPureUnion(part.node))) {
        for (const part of parts) {
          if (into.seen.has(part.node)) continue;
          into.seen.add(part.node);
          if (part.node.nullable === true) into.nullable = true;
          gather(view, part, into);
        }
      } else into.branches.push(branch);
    });
  }
}

/** Whether nothing but null fits. */
function isNull(node: Json): boolean {
  const { type, enum: values } = node;
  if (type === 'null' || (Array.isArray(type) && type.length === 1 && type[0] === 'null')) return true;
  if (Array.isArray(values)) return values.length > 0 && values.every((value) => value === null);
  return 'const' in node && node.const === null;
}

function isPureUnion(node: Json): boolean {
  return (
    (Array.isArray(node.oneOf) || Array.isArray(node.anyOf)) &&
    Object.keys(node).every((key) => WRAPPING.has(key))
  );
}

/** Each alternative once; null of any of them is null of all, and one that turns out to be several is those. */
function distinct(view: View, gathered: Gathered): Schema[] {
  const byCore = new Map<number, Schema>();
  for (const branch of gathered.branches) {
    if (view.ids(branch).nullable) gathered.nullable = true;
    const shape = view.shape(branch);
    const alternatives = isOnlyUnion(shape) ? shape.union.map((inner) => seenFrom(branch, inner)) : [branch];
    for (const alternative of alternatives) {
      const { core } = view.ids(alternative);
      const other = byCore.get(core);
      byCore.set(core, other === undefined ? alternative : better(view, other, alternative));
    }
  }
  return [...byCore.values()];
}

/** Of two that differ in prose alone, the one that says more, whichever comes first. */
function better(view: View, left: Schema, right: Schema): Schema {
  const more =
    view.shape(right).docs.size - view.shape(left).docs.size || view.ids(left).full - view.ids(right).full;
  return more > 0 ? right : left;
}

/** The places in a schema of one part are seen from that part. */
function seenFrom(holder: Schema, inner: Schema): Schema {
  const prefix = holder.length === 1 ? (holder[0]?.at ?? []) : [];
  return inner.map(({ node, at }) => ({ node, at: [...prefix, ...at] }));
}

/** Whether a shape is its alternatives and nothing beside them. */
export function isOnlyUnion(shape: Shape): boolean {
  const { union, properties, required, additional, items, constraints } = shape;
  const isList = shape.prefix.length > 0 || items !== undefined;
  const isBare = properties.size === 0 && required.size === 0 && additional === undefined;
  const isUnbound = constraints.size === 0 && shape.type === undefined;
  return (
    union.length > 0 &&
    isBare &&
    isUnbound &&
    !isList &&
    shape.patterns.size === 0 &&
    shape.enum === undefined
  );
}

const beside = new WeakMap<Json, Json>();

/** The nodes that together make a schema: references followed as if inlined, the members of `allOf` after their holder. */
function flatten(view: View, schema: Schema): Part[] {
  const parts: Part[] = [];
  const seen = new Set<Json>();
  const visit = ({ node, at }: Part): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (typeof node.$ref === 'string') {
      const siblings = siblingsOf(node);
      if (Object.keys(siblings).length > 0) visit({ node: siblings, at });
      visit({ node: view.resolve(node), at });
      return;
    }
    parts.push({ node, at });
    const members: readonly unknown[] = Array.isArray(node.allOf) ? node.allOf : [];
    members.forEach((member, index) => {
      visit({ node: toNode(member), at: [...at, 'allOf', String(index)] });
    });
  };
  for (const part of schema) visit(part);
  return parts;
}

function siblingsOf(node: Json): Json {
  const known = beside.get(node);
  if (known !== undefined) return known;
  const { $ref: _, ...siblings } = node;
  beside.set(node, siblings);
  return siblings;
}
