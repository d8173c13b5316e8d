import type { OpenApiDocument } from '../../openapi/document.js';
import { rewrite } from '../../openapi/normalize/walk.js';
import { dereference } from '../../openapi/references.js';

/** Keywords that give no type. They may refer to components that are gone. */
const UNTYPED: readonly string[] = ['callbacks', 'links', 'examples', 'encoding'];

/**
 * Puts parameters, headers, bodies and responses where they are referred to, and leaves schemas alone as components.
 *
 * Generated code then has one kind of name for what is shared, and a tag's module holds all that its operations say.
 */
export function inlineComponents(document: OpenApiDocument): OpenApiDocument {
  const inlined = rewrite(document, {
    enter: (shape, given) => {
      if (shape === 'schema') return given;
      const node = typeof given.$ref === 'string' ? dereference(document, given) : given;
      return UNTYPED.some((key) => key in node)
        ? Object.fromEntries(Object.entries(node).filter(([key]) => !UNTYPED.includes(key)))
        : node;
    },
  });
  const schemas = inlined.components?.schemas;
  return { ...inlined, components: schemas === undefined ? {} : { schemas } };
}
