import { isRecord, listOf } from '../../util/is-record.js';
import type { JsonObject, OpenApiDocument } from '../document.js';
import { fromFragment } from '../json-pointer.js';
import { dereference } from '../references.js';
import { declaredBy } from './required.js';
import type { SchemaRepair } from './types.js';

/**
 * Makes a repair that drops a discriminator by which a branch of its union could not be meant.
 *
 * A branch that the mapping leaves out is meant by the name of its schema (OpenAPI 3.1, Discriminator Object). A document that
 * gives `type` other values in the branch, or none, does not speak of that name: its author meant the union alone.
 */
export function dropImpossibleDiscriminator(document: OpenApiDocument): SchemaRepair {
  return (schema, note) => {
    const { discriminator } = schema;
    if (!isRecord(discriminator) || typeof discriminator.propertyName !== 'string') return schema;
    const property = discriminator.propertyName;
    const mapped = new Set(Object.values(Object(discriminator.mapping)).map(String));
    const { properties, allOf } = schema;
    const around = declaredBy(document, { properties, allOf });
    const impossible = [...listOf(schema.oneOf), ...listOf(schema.anyOf)].find((branch) => {
      const name = nameOf(branch);
      if (name === undefined || mapped.has(name) || mapped.has(String(Object(branch).$ref))) return false;
      const declared = { ...around, ...declaredBy(document, branch) };
      return !Object.hasOwn(declared, property) || !allows(document, declared[property], name);
    });
    if (impossible === undefined) return schema;
    note(
      'impossible-discriminator',
      `dropped the discriminator ${property}, which cannot be ${JSON.stringify(nameOf(impossible))} in that branch`,
      'discriminator',
    );
    const { discriminator: _, ...rest } = schema;
    return rest;
  };
}

/** Returns the name of the schema that a branch refers to; `undefined` for a branch that is written in place. */
function nameOf(branch: unknown): string | undefined {
  const { $ref }: JsonObject = isRecord(branch) ? branch : {};
  return typeof $ref === 'string' ? fromFragment($ref).at(-1) : undefined;
}

function allows(document: OpenApiDocument, node: unknown, name: string): boolean {
  const schema = isRecord(node) ? dereference(document, node) : {};
  if (Array.isArray(schema.enum)) return schema.enum.includes(name);
  return schema.const === undefined || schema.const === name;
}
