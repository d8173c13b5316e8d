import type { JsonObject, OpenApiDocument } from '../../openapi/document.js';
import { rewrite } from '../../openapi/normalize/walk.js';
import { componentAt, componentNameOf, referenceTo } from '../../openapi/references.js';
import { isRecord, listOf, recordOf } from '../../util/is-record.js';

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
      const targets = [...referencesOf(node.oneOf), ...referencesOf(node.anyOf), ...own];
      return { ...node, discriminator: complete(document, node.discriminator, targets) };
    },
  });
}

function referencesOf(branches: unknown): string[] {
  return listOf(branches).flatMap((branch) =>
    isRecord(branch) && typeof branch.$ref === 'string' ? [branch.$ref] : [],
  );
}

/** Returns the mapping of a discriminator, in which a target may stand by the name of its component, with a reference for each. */
export function mappingOf(discriminator: unknown, schemas: unknown): [value: string, target: unknown][] {
  return Object.entries(recordOf(recordOf(discriminator).mapping)).map(([value, to]) => {
    const isName = Object.hasOwn(recordOf(schemas), String(to));
    return [value, isName ? referenceTo('schemas', String(to)) : to];
  });
}

/** Returns the references in the mapping of a component. They lead to schemas, although none of them is a `$ref`. */
export function mappedIn(component: JsonObject | undefined): string[] {
  const { mapping } = isRecord(component?.discriminator) ? component.discriminator : {};
  return isRecord(mapping) ? Object.values(mapping).map(String) : [];
}

function complete(
  document: OpenApiDocument,
  discriminator: JsonObject,
  targets: readonly string[],
): JsonObject {
  const mapping = mappingOf(discriminator, document.components?.schemas);
  const mapped = new Set(mapping.map(([, to]) => to));
  for (const target of targets) {
    const name = componentNameOf(target)?.name;
    if (name === undefined || mapped.has(target)) continue;
    mapped.add(target);
    mapping.push([name, target]);
  }
  return mapping.length === 0 ? discriminator : { ...discriminator, mapping: Object.fromEntries(mapping) };
}

/** Finds the schemas that extend each schema with `allOf`, directly or through other schemas. */
export function heirsIn(document: OpenApiDocument): ReadonlyMap<string, readonly string[]> {
  const heirs = new Map<string, string[]>();
  for (const name of Object.keys(document.components?.schemas ?? {})) {
    const heir = referenceTo('schemas', name);
    // The loop visits what it adds, and each schema once, so a circle of schemas ends it too.
    const line = new Set([heir]);
    for (const schema of line)
      for (const parent of referencesOf(componentAt(document, schema)?.allOf)) line.add(parent);
    line.delete(heir);
    for (const ancestor of line) heirs.set(ancestor, [...(heirs.get(ancestor) ?? []), heir]);
  }
  return heirs;
}
