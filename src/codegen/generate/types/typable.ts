import type { JsonObject, OpenApiDocument } from '../../../openapi/document.js';
import { effectiveMediaType } from '../../../openapi/media-types.js';
import { declaredBy } from '../../../openapi/normalize/required.js';
import { rewrite } from '../../../openapi/normalize/walk.js';
import { isIgnoredHeader } from '../../../openapi/parameters.js';
import { dereference } from '../../../openapi/references.js';
import { isRecord, listOf, recordOf } from '../../../util/is-record.js';

/**
 * Changes what a document says in a way that TypeScript cannot repeat, or that a caller must not be asked for.
 *
 * - The headers `Authorization`, `Accept` and `Content-Type` are left out, and `Content-Length` is not required.
 * - A body that is declared as JSON and whose schema is a binary string is named what it is.
 * - A parameter of JSON has the schema of its content. The compiler of types reads no `content` there, and says `string`.
 * - `additionalProperties` beside `properties` takes the types of the properties too: no literal would fit else.
 * - What `required` names and nothing declares is declared, with a value of any type.
 * - A part of `allOf` that only says that more properties may follow is left out: it would make an object of each value.
 * - What stands beside a `$ref` is joined to it by `allOf`: the compiler of types reads the `$ref` alone.
 * - Properties of a condition (`then`, `else`, `dependentSchemas`) are declared, and may be missing.
 * - `$defs` are left out, which the compiler of types takes for a property.
 */
export function toTypable(document: OpenApiDocument): OpenApiDocument {
  return rewrite(document, {
    leave: (shape, node) => {
      if (shape === 'operation' || shape === 'pathItem') return withoutComputedHeaders(document, node);
      if (shape === 'body' || shape === 'response') {
        if (!isRecord(node.content)) return node;
        const entries = Object.entries(node.content).map(([type, media]) => [
          effectiveMediaType(document, type, media),
          media,
        ]);
        return { ...node, content: Object.fromEntries(entries) };
      }
      if (shape === 'parameter') return withSchema(node);
      return shape === 'schema' ? toTypableSchema(document, node) : node;
    },
  });
}

function toTypableSchema(document: OpenApiDocument, schema: JsonObject): JsonObject {
  const { $defs, ...rest } = schema;
  const own = withJoinedRef(isRecord($defs) ? rest : schema);
  if (own.const === null) return { ...own, type: 'null' };
  return withRequired(document, withMore(withoutOpenParts(withConditional(document, withFurther(own)))));
}

/** Keywords that have a part in a type. */
const TYPED = ['properties', 'required', 'additionalProperties', 'allOf', 'oneOf', 'anyOf', 'enum', 'const'];

function withJoinedRef(schema: JsonObject): JsonObject {
  const { $ref, ...rest } = schema;
  if (typeof $ref !== 'string' || !TYPED.some((keyword) => rest[keyword] !== undefined)) return schema;
  return { ...rest, allOf: [{ $ref }, ...listOf(rest.allOf)] };
}

/** Keywords whose schemas evaluate members. */
const EVALUATING = ['$ref', 'allOf', 'oneOf', 'anyOf', 'if', 'dependentSchemas', 'patternProperties'];

/** Writes `unevaluatedProperties` as `additionalProperties`, which means the same where no other schema decides. */
function withFurther(schema: JsonObject): JsonObject {
  const { unevaluatedProperties: further, ...rest } = schema;
  const isSame =
    isRecord(further) &&
    rest.additionalProperties === undefined &&
    EVALUATING.every((keyword) => rest[keyword] === undefined);
  return isSame ? { ...rest, additionalProperties: further } : schema;
}

function withConditional(document: OpenApiDocument, schema: JsonObject): JsonObject {
  const { then: met, else: unmet, dependentSchemas, ...rest } = schema;
  const conditional = [met, unmet, ...Object.values(recordOf(dependentSchemas))].filter(isRecord);
  if (conditional.length === 0) return schema;
  const declared = declaredBy(document, rest);
  const added: Record<string, unknown> = {};
  for (const [name, property] of conditional.flatMap((part) => Object.entries(declaredBy(document, part))))
    if (!Object.hasOwn(declared, name))
      added[name] = Object.hasOwn(added, name) ? { anyOf: [added[name], property] } : property;
  return { ...schema, properties: { ...added, ...recordOf(schema.properties) } };
}

function withSchema(parameter: JsonObject): JsonObject {
  const { content, ...rest } = parameter;
  const [media] = Object.values(recordOf(content));
  return isRecord(media) ? { ...rest, schema: media.schema ?? {} } : parameter;
}

/** Lets the type of further properties take those that are declared. */
function withMore(schema: JsonObject): JsonObject {
  const { properties, additionalProperties: more } = schema;
  if (!isRecord(more) || !isRecord(properties)) return schema;
  const held = Object.values(properties).filter(isRecord);
  if (Object.keys(more).length === 0 || held.length === 0) return schema;
  return { ...schema, additionalProperties: { anyOf: [more, ...held] } };
}

/** Declares what `required` names, unless the object is closed, and so has no value at all. */
function withRequired(document: OpenApiDocument, schema: JsonObject): JsonObject {
  const { required, type, properties, additionalProperties: more = {} } = schema;
  // Without a type, `required` holds for an object alone, and a list may be meant.
  const isObject = [type].flat().includes('object') || isRecord(properties);
  if (!Array.isArray(required) || more === false || !isObject) return schema;
  const declared = declaredBy(document, schema);
  const missing = required.map(String).filter((name) => !Object.hasOwn(declared, name));
  if (missing.length === 0) return schema;
  const added = Object.fromEntries(missing.map((name) => [name, isRecord(more) ? more : {}]));
  return { ...schema, properties: { ...recordOf(properties), ...added } };
}

function withoutOpenParts(schema: JsonObject): JsonObject {
  const parts = listOf(schema.allOf);
  const kept = parts.filter((part) => !isOpenPart(part));
  return kept.length === parts.length || kept.length === 0 ? schema : { ...schema, allOf: kept };
}

function isOpenPart(part: unknown): boolean {
  if (!isRecord(part) || Object.keys(part).join() !== 'additionalProperties') return false;
  const { additionalProperties: more } = part;
  return more === true || (isRecord(more) && Object.keys(more).length === 0);
}

function withoutComputedHeaders(document: OpenApiDocument, node: JsonObject): JsonObject {
  if (!Array.isArray(node.parameters)) return node;
  const parameters = listOf(node.parameters).flatMap((given): unknown[] => {
    const parameter = dereference(document, given);
    if (isIgnoredHeader(parameter)) return [];
    const name = parameter.in === 'header' ? String(parameter.name).toLowerCase() : '';
    return [name === 'content-length' ? { ...parameter, required: false } : given];
  });
  return { ...node, parameters };
}
