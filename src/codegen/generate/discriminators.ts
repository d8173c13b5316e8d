import type { JsonObject, OpenApiDocument } from '../../openapi/document.js';
import { rewrite } from '../../openapi/normalize/walk.js';
import { componentNameOf, referenceTo } from '../../openapi/references.js';
import { list } from '../../openapi/walk-operations.js';
import { isRecord } from '../../util/is-record.js';

/**
 * Writes out the mapping of each discriminator: from every value to a reference.
 *
 * OpenAPI lets a document leave out what a schema's name says already (3.1, Discriminator Object). Generated schemas are
 * renamed and copied, and their values must stay what the server sends.
 */
export function completeMappings(document: OpenApiDocument): OpenApiDocument {
  const heirs = heirsIn(document);
  return rewrite(document, {
    leave: (shape, node, place) => {
      if (shape !== 'schema' || !isRecord(node.discriminator)) return node;
      const isComponent = place?.keyword === 'schemas' && place.parent?.keyword === 'components';
      const own = isComponent ? (heirs.get(referenceTo('schemas', place.step ?? '')) ?? []) : [];
      const targets = [...list(node.oneOf), ...list(node.anyOf)].flatMap((branch) =>
        isRecord(branch) && typeof branch.$ref === 'string' ? [branch.$ref] : [],
      );
      return { ...node, discriminator: complete(document, node.discriminator, [...targets, ...own]) };
    },
  });
}

/** The references in the mappings of a component. They lead to schemas, although none of them is a `$ref`. */
export function mappedIn(component: JsonObject | undefined): string[] {
  const { mapping } = isRecord(component?.discriminator) ? component.discriminator : {};
  return isRecord(mapping) ? Object.values(mapping).map(String) : [];
}

function complete(
  document: OpenApiDocument,
  discriminator: JsonObject,
  targets: readonly string[],
): JsonObject {
  const given = Object.entries(isRecord(discriminator.mapping) ? discriminator.mapping : {});
  const mapping = given.map(([value, to]): [string, unknown] => {
    const isName = Object.hasOwn(document.components?.schemas ?? {}, String(to));
    return [value, isName ? referenceTo('schemas', String(to)) : to];
  });
  const mapped = new Set(mapping.map(([, to]) => to));
  for (const target of targets) {
    const name = componentNameOf(target)?.name;
    if (name === undefined || mapped.has(target)) continue;
    mapped.add(target);
    mapping.push([name, target]);
  }
  return mapping.length === 0 ? discriminator : { ...discriminator, mapping: Object.fromEntries(mapping) };
}

/** The schemas that take over another one with `allOf`, over however many others. */
function heirsIn(document: OpenApiDocument): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, readonly string[]>();
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {}))
    if (isRecord(schema))
      parents.set(
        referenceTo('schemas', name),
        list(schema.allOf).flatMap((part) =>
          isRecord(part) && typeof part.$ref === 'string' ? [part.$ref] : [],
        ),
      );
  const heirs = new Map<string, string[]>();
  for (const heir of parents.keys()) {
    const seen = new Set<string>([heir]);
    for (const ancestor of seen)
      for (const parent of parents.get(ancestor) ?? []) {
        if (seen.has(parent)) continue;
        seen.add(parent);
        heirs.set(parent, [...(heirs.get(parent) ?? []), heir]);
      }
  }
  return heirs;
}
