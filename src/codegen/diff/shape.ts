import { stableName } from '../../openapi/artifact-name.js';
import { isRecord, listOf } from '../../util/is-record.js';
import { alternativesOf, hasOnly } from './alternatives.js';
import { constraintsOf } from './constraints.js';
import { docsOf } from './docs.js';
import { heirsOf } from './heirs.js';
import { enumOf } from './listed-values.js';
import { recordOf, toNode } from './nodes.js';
import type { Json, Part, Property, Schema, Shape, View } from './types.js';
import { typesOf } from './types-of.js';

/** Reads a schema: references followed, `allOf` joined, single alternatives and null taken out of their wrapping. */
export function buildShape(view: View, schema: Schema): Shape {
  const { parts, branches, nullable: wrapped } = alternativesOf(view, schema);
  const found = typesOf(parts);
  const own = enumOf(parts);
  const listed = own.values.value.size === 0 ? listedByBranches(view, parts, branches) : undefined;
  const { values, nullable: listsNull } = listed ?? own;
  const alternatives = listed === undefined ? branches : [];
  // `type: [string, number]` is a union of the two, whose alternatives take every keyword with them.
  const isSplit = found.types.length > 1 && alternatives.length === 0;
  const union = isSplit ? splitByType(view, parts, found.types) : alternatives;
  const plain = isSplit ? [] : parts;
  const isAnyBoolean = values.value.size === 2 && values.value.has('true') && values.value.has('false');
  const shape: Shape = {
    type: found.types.length === 1 ? found.types[0] : listed?.type,
    nullable: false,
    enum: isSplit || values.value.size === 0 || isAnyBoolean ? undefined : values,
    ...membersOf(view, plain),
    union,
    heirs: heirsOf(view, plain),
    constraints: constraintsOf(view, plain),
    docs: docsOf(parts),
  };
  // A type that every alternative has too says nothing, nor does null where anything goes.
  const isRepeated =
    hasOnly(shape, 'union', 'type') && union.every((branch) => view.shape(branch).type !== undefined);
  const type = isRepeated ? undefined : shape.type;
  const isAnything = type === undefined && union.length === 0 && shape.enum === undefined;
  const nullable =
    wrapped || found.nullable || listsNull || union.some((branch) => view.ids(branch).nullable);
  return { ...shape, type, nullable: nullable && !isAnything };
}

/** Reads `oneOf` of constants as the enum that it is; the prose of each value is left out. */
function listedByBranches(view: View, parts: readonly Part[], branches: readonly Schema[]) {
  const shapes = branches.map((branch) => view.shape(branch));
  const type = shapes[0]?.type;
  // These restrict objects and arrays, and not the values of an enum of any other type.
  const idle = ['additional', 'prefix', 'patterns'] as const;
  const isList = shapes.every((shape) => shape.type === type && hasOnly(shape, 'enum', 'type', ...idle));
  if (!isList || type === undefined || type === 'object' || type === 'array') return undefined;
  const value = new Map(shapes.flatMap((shape) => [...(shape.enum?.value ?? [])]));
  const nullable = branches.some((branch) => view.ids(branch).nullable);
  return { values: { value, at: parts[0]?.at ?? [] }, nullable, type };
}

const TYPE_OF_KEYWORD: Readonly<Record<string, string>> = {
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

const IS_OF_TYPE: Readonly<Record<string, (value: unknown) => boolean>> = {
  integer: (value) => typeof value === 'number',
  array: Array.isArray,
  object: isRecord,
};

/** Returns what a schema of several types says of each. */
function splitByType(view: View, parts: readonly Part[], types: readonly string[]): Schema[] {
  const ofType = (node: Json, type: string): Json => {
    const kept = Object.entries(node).filter(
      ([key]) => (TYPE_OF_KEYWORD[key] ?? type) === type && !SAID_BY_ALL.has(key),
    );
    const isOfType = IS_OF_TYPE[type] ?? ((value) => typeof value === type);
    const values = Array.isArray(node.enum) ? { enum: node.enum.filter(isOfType) } : {};
    return { ...Object.fromEntries(kept), type, ...values };
  };
  return types.map((type) =>
    parts.map(({ node, at }) => ({ node: view.derive(node, type, () => ofType(node, type)), at })),
  );
}

/** The marks of a property that travels in one direction alone. */
const ONLY = [
  ['readOnly', 'response'],
  ['writeOnly', 'request'],
] as const;

type Members = Pick<Shape, 'properties' | 'required' | 'additional' | 'items' | 'prefix' | 'patterns'>;

/** Reads the keywords that say what an object and an array hold. */
function membersOf(view: View, parts: readonly Part[]): Members {
  const properties = new Map<string, Property>();
  const patterns = new Map<string, Schema>();
  for (const { node, at } of parts) {
    for (const [key, child] of Object.entries(recordOf(node.properties))) {
      const name = stableName(key);
      const part = { node: toNode(child), at: [...at, 'properties', key] };
      const known = properties.get(name);
      // A name that several parts of an allOf give has to satisfy them all.
      const schema = [...(known?.schema ?? []), part];
      // A property may say it beside its reference or behind it.
      const nodes = [part.node, view.resolve(child)];
      const [, only] = ONLY.find(([mark]) => nodes.some((said) => said[mark] === true)) ?? [];
      properties.set(name, { name, schema, only: known?.only ?? only });
    }
    for (const [pattern, child] of Object.entries(recordOf(node.patternProperties))) {
      const part = { node: toNode(child), at: [...at, 'patternProperties', pattern] };
      patterns.set(pattern, [...(patterns.get(pattern) ?? []), part]);
    }
  }
  const required = parts.flatMap(({ node }) => listOf(node.required).map((name) => stableName(String(name))));
  const tuple = parts.find(({ node }) => Array.isArray(node.prefixItems));
  const prefix = listOf(tuple?.node.prefixItems).map((item, index) => [
    { node: toNode(item), at: [...(tuple?.at ?? []), 'prefixItems', String(index)] },
  ]);
  const isClosed = parts.some(
    ({ node }) => node.additionalProperties === false || node.unevaluatedProperties === false,
  );
  const others = childOf(parts, 'additionalProperties') ?? childOf(parts, 'unevaluatedProperties');
  const saysNothing = others?.every(({ node }) => Object.keys(node).length === 0) ?? true;
  return {
    properties,
    required: new Set(required),
    additional: isClosed ? false : saysNothing ? undefined : others,
    items: childOf(parts, 'items'),
    prefix,
    patterns,
  };
}

function childOf(parts: readonly Part[], key: string): Schema | undefined {
  const children = parts
    .filter(({ node }) => isRecord(node[key]))
    .map(({ node, at }) => ({ node: toNode(node[key]), at: [...at, key] }));
  return children.length > 0 ? children : undefined;
}
