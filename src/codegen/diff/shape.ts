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
  const alternatives = alternativesOf(view, schema);
  const { parts, nullable: wrapped } = alternatives;
  const found = typesOf(parts);
  const own = enumOf(parts);
  const listed =
    own.values.value.size === 0 ? listedByBranches(view, parts, alternatives.branches) : undefined;
  const values = listed ?? own;
  const branches = listed === undefined ? alternatives.branches : [];
  const split = branches.length === 0 && found.types.length > 1 ? splitByType(parts, found.types) : undefined;
  const union = split ?? branches;
  // The alternatives of `type: [...]` take every keyword with them.
  const plain = split === undefined ? parts : [];
  const items = values.values.value;
  const shape: Shape = {
    type: found.types.length === 1 ? found.types[0] : listed?.type,
    nullable: false,
    enum: split !== undefined || items.size === 0 || isEveryBoolean(items) ? undefined : values.values,
    properties: propertiesOf(view, plain),
    required: requiredOf(plain),
    additional: additionalOf(plain),
    items: childOf(plain, 'items'),
    prefix: prefixOf(plain),
    patterns: patternsOf(plain),
    union,
    constraints: constraintsOf(view, plain),
    docs: docsOf(parts),
  };
  const nullable =
    wrapped || found.nullable || values.nullable || union.some((branch) => view.ids(branch).nullable);
  return settle(view, shape, nullable);
}

/** `oneOf` of constants is an enum that is written at length; what it says of each value is prose. */
function listedByBranches(view: View, parts: readonly Part[], branches: readonly Schema[]) {
  if (branches.length === 0) return undefined;
  const shapes = branches.map((branch) => view.shape(branch));
  const [first] = shapes;
  const isList = shapes.every(
    (shape) => shape.enum !== undefined && shape.type === first?.type && isEnumAlone(shape),
  );
  const type = first?.type;
  if (!isList || type === undefined || type === 'object' || type === 'array') return undefined;
  const value = new Map(shapes.flatMap((shape) => [...(shape.enum?.value ?? [])]));
  const nullable = branches.some((branch) => view.ids(branch).nullable);
  return { values: { value, at: parts[0]?.at ?? [] }, nullable, type };
}

function isEnumAlone({ properties, required, items, union, constraints }: Shape): boolean {
  const isBare = properties.size === 0 && required.size === 0 && items === undefined;
  return isBare && union.length === 0 && constraints.size === 0;
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
  unevaluatedProperties: 'object',
  patternProperties: 'object',
  items: 'array',
  prefixItems: 'array',
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

function propertiesOf(view: View, parts: readonly Part[]): Map<string, Property> {
  const properties = new Map<string, Property>();
  for (const { node, at } of parts) {
    for (const [key, child] of Object.entries(isRecord(node.properties) ? node.properties : {})) {
      const name = stableName(key);
      const schema = [{ node: toNode(child), at: [...at, 'properties', key] }];
      // A name that several parts of an allOf give has to satisfy them all.
      const known = properties.get(name);
      const only = known?.only ?? directionOf(view, child);
      properties.set(name, { name, schema: [...(known?.schema ?? []), ...schema], only });
    }
  }
  return properties;
}

/** The direction that a property alone travels in. */
function directionOf(view: View, schema: unknown): Property['only'] {
  const [own, target] = [toNode(schema), view.resolve(schema)];
  if (own.readOnly === true || target.readOnly === true) return 'response';
  return own.writeOnly === true || target.writeOnly === true ? 'request' : undefined;
}

function prefixOf(parts: readonly Part[]): Schema[] {
  const part = parts.find(({ node }) => Array.isArray(node.prefixItems));
  const list: readonly unknown[] = Array.isArray(part?.node.prefixItems) ? part.node.prefixItems : [];
  return list.map((item, index) => [
    { node: toNode(item), at: [...(part?.at ?? []), 'prefixItems', String(index)] },
  ]);
}

function patternsOf(parts: readonly Part[]): Map<string, Schema> {
  const patterns = new Map<string, Schema>();
  for (const { node, at } of parts) {
    for (const [pattern, child] of Object.entries(
      isRecord(node.patternProperties) ? node.patternProperties : {},
    )) {
      const schema = { node: toNode(child), at: [...at, 'patternProperties', pattern] };
      patterns.set(pattern, [...(patterns.get(pattern) ?? []), schema]);
    }
  }
  return patterns;
}

function requiredOf(parts: readonly Part[]): Set<string> {
  const lists = parts.map(({ node }) => (Array.isArray(node.required) ? node.required : []));
  return new Set(lists.flat().map((name) => stableName(String(name))));
}

function additionalOf(parts: readonly Part[]): Schema | false | undefined {
  if (parts.some(({ node }) => node.additionalProperties === false || node.unevaluatedProperties === false))
    return false;
  const child = childOf(parts, 'additionalProperties') ?? childOf(parts, 'unevaluatedProperties');
  return child === undefined || child.every(({ node }) => Object.keys(node).length === 0) ? undefined : child;
}

function childOf(parts: readonly Part[], key: string): Schema | undefined {
  const children = parts
    .filter(({ node }) => isRecord(node[key]))
    .map(({ node, at }) => ({ node: toNode(node[key]), at: [...at, key] }));
  return children.length > 0 ? children : undefined;
}
