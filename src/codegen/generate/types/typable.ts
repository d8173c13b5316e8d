import type { JsonObject, OpenApiDocument } from '../../../openapi/document.js';
import { effectiveMediaType } from '../../../openapi/media-types.js';
import { rewrite } from '../../../openapi/normalize/walk.js';
import { isIgnoredHeader } from '../../../openapi/parameters.js';
import { dereference } from '../../../openapi/references.js';
import { isRecord, listOf } from '../../../util/is-record.js';

/**
 * Changes what a document says in a way that TypeScript cannot repeat, or that a caller must not be asked for.
 *
 * - The headers `Authorization`, `Accept` and `Content-Type` are left out, and `Content-Length` is not required.
 * - A body that is declared as JSON and whose schema is a binary string is named what it is.
 * - `additionalProperties` beside `properties` takes the types of the properties too: no literal would fit else.
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
      const { properties, additionalProperties: more } = node;
      if (shape !== 'schema' || !isRecord(more) || !isRecord(properties)) return node;
      const held = Object.values(properties).filter(isRecord);
      if (Object.keys(more).length === 0 || held.length === 0) return node;
      return { ...node, additionalProperties: { anyOf: [more, ...held] } };
    },
  });
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
