import { isRecord } from '../util/is-record.js';
import type { OpenApiDocument } from './document.js';
import { toPointer } from './json-pointer.js';
import { stepsOf } from './normalize/node-path.js';
import { rewrite, type Shape } from './normalize/walk.js';

/** The additions of OpenAPI 3.2 to each shape that would change requests or responses. */
const ADDED: { readonly [S in Shape]?: readonly string[] } = {
  document: ['$self'],
  pathItem: ['query', 'additionalOperations'],
  media: ['itemSchema', 'prefixEncoding', 'itemEncoding'],
};

/**
 * Refuses what OpenAPI 3.2 adds and this package does not read. A document of that version without such parts is read as one of 3.1.
 *
 * @throws {Error} Naming the part and its place.
 */
export function refuseUnreadParts(document: OpenApiDocument): void {
  if (!String(document.openapi).startsWith('3.2')) return;
  rewrite(document, {
    enter: (shape, node, path) => {
      let part = ADDED[shape]?.find((key) => node[key] !== undefined);
      if (shape === 'parameter' && node.in === 'querystring') part = 'in: querystring';
      if (isRecord(node.discriminator) && node.discriminator.defaultMapping !== undefined)
        part = 'defaultMapping';
      if (part !== undefined)
        throw new Error(
          `${part} is of OpenAPI 3.2, and only what 3.1 has is read, at ${toPointer(stepsOf(path)) || 'the top'}`,
        );
      return node;
    },
  });
}
