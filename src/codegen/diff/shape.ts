import { stableName } from '../../openapi/artifact-name.js';
import { isRecord } from '../../util/is-record.js';
import { constraintsOf } from './constraints.js';
import { docsOf } from './docs.js';
import { enumOf } from './enum-values.js';
import { toNode } from './to-node.js';
import type { Json, Part, Property, Schema, Shape, View } from './types.js';
import { typesOf } from './types-of.js';
import { alternativesOf, isOnlyUnion } from './union.js';

/** Reads a schema: references followed, `allOf` joined, single alternatives and null taken out of their wrapping. */
export function buildShape(view: View, schema: Schema): Shape {
  const { parts, branches, nullable: wrapped } = alternativesOf(view, schema);
  const found = typesOf(parts);
  const values = enumOf(parts);
  const split = branches.length === 0 && found.types.length > 1 ? splitByType(parts, found.types) : undefined;
  const union = split ?? branches;
  // The alternatives of `type: [...]` take every keyword with them.
  const own = split === undefined ? parts : [];
  const listed = values.values.value;
  const shape: Shape = {
    type: found.types.length === 1 ? found.types[0] : undefined,
    nullable: false,
    enum: split !== undefined || listed.size === 0 || isEveryBoolean(listed) ? undefined : values.values,
    properties: propertiesOf(own),
    required: requiredOf(own),
    additional: additionalOf(own),
    items: childOf(own, 'items'),
    union,
    constraints: constraintsOf(own),
    docs: docsOf(parts),
  };
  const nullable =
    wrapped || found.nullable || values.nullable || union.some((branch) => view.ids(branch).nullable);
  return settle(view, shape, nullable);
}

/** Drops what says nothing: a type that every alternative has too, null where anything goes. */
function settle(view: View, shape: Shape, nullable: boolean): Shape {
  const isRepeated =
    isOnlyUnion({ ...shape, type: undefined }) &&
    shape.union.every((branch) => view.shape(branch).type !== undefined);
  const type = isRepeated ? undefined : shape.type;
  const isAnything = type === undefined && shape.union.length === 0 && shape.enum === undefined;
  return { ...shape, type, nullable: nullable && !isAnything };
}

function isEveryBoolean(values: ReadonlyMap<string, unknown>): boolean {
  return values.size === 2 && values.has('true') && values.has('false');
}

const BELONGS: Readonly<Record<string, string>> = {
  properties: 'object',
  required: 'object',
  additionalProperties: 'object',
  items: 'array',
};

/** Stays with the schema that lists the types. */
const SAID_BY_ALL = new Set([
  ...['nullable', 'allOf', 'title', 'description', 'example', 'examples', 'default', 'deprecated'],
]);

const typed = new WeakMap<Json, Map<string, Json>>();

/** `type: [string, number]` is a union of the two. */
function splitByType(parts: readonly Part[], types: readonly string[]): Schema[] {
  return types.map((type) =>
    parts.map(({ node, at }) => {
      const known = typed.get(node) ?? new Map<string, Json>();
      typed.set(node, known);
      const present = known.get(type) ?? ofType(node, type);
      known.set(type, present);
      return { node: present, at };
    }),
  );
}

function ofType(node: Json, type: string): Json {
  const kept = Object.entries(node).filter(
    ([key]) => (BELONGS[key] ?? type) === type && !SAID_BY_ALL.has(key),
  );
  const narrowed: Record<string, unknown> = { ...Object.fromEntries(kept), type };
  if (Array.isArray(node.enum)) narrowed.enum = node.enum.filter((value) => isOfType(value, type));
  return narrowed;
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer') return typeof value === 'number';
  if (type === 'array') return Array.isArray(value);
  return type === 'object' ? isRecord(value) : typeof value === type;
}

function propertiesOf(parts: readonly Part[]): Map<string, Property> {
  const properties = new Map<string, Property>();
  for (const { node, at } of parts) {
    for (const [key, child] of Object.entries(isRecord(node.properties) ? node.properties : {})) {
      const name = stableName(key);
      const schema = [{ node: toNode(child), at: [...at, 'properties', key] }];
      // A name that several parts of an allOf give has to satisfy them all.
      properties.set(name, { name, schema: [...(properties.get(name)?.schema ?? []), ...schema] });
    }
  }
  return properties;
}

function requiredOf(parts: readonly Part[]): Set<string> {
  const lists = parts.map(({ node }) => (Array.isArray(node.required) ? node.required : []));
  return new Set(lists.flat().map((name) => stableName(String(name))));
}

function additionalOf(parts: readonly Part[]): Schema | false | undefined {
  if (parts.some(({ node }) => node.additionalProperties === false)) return false;
  const child = childOf(parts, 'additionalProperties');
  return child === undefined || child.every(({ node }) => Object.keys(node).length === 0) ? undefined : child;
}

function childOf(parts: readonly Part[], key: string): Schema | undefined {
  const children = parts
    .filter(({ node }) => isRecord(node[key]))
    .map(({ node, at }) => ({ node: toNode(node[key]), at: [...at, key] }));
  return children.length > 0 ? children : undefined;
}
