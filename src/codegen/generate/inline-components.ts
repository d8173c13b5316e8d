import { dereference, type OpenApiDocument } from '../../openapi/document.js';
import { rewrite } from '../../openapi/normalize/walk.js';

/**
 * Puts parameters, headers, bodies and responses where they are referred to, and leaves schemas alone as components.
 *
 * Generated code then has one kind of name for what is shared, and a tag's module holds all that its operations say.
 */
export function inlineComponents(document: OpenApiDocument): OpenApiDocument {
  const inlined = rewrite(document, {
    enter: (shape, node) =>
      shape !== 'schema' && typeof node.$ref === 'string' ? dereference(document, node) : node,
  });
  const schemas = inlined.components?.schemas;
  return { ...inlined, components: schemas === undefined ? {} : { schemas } };
}
