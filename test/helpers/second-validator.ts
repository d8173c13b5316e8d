import {
  registerSchema,
  type SchemaObject,
  unregisterSchema,
  validate,
} from '@hyperjump/json-schema/draft-2020-12';
import type { OpenApiDocument } from '../../src/openapi/document.js';
import { type RawReading, toJsonSchema } from './raw-schema.js';

/** Whether a value is what a schema allows. */
export type IsValid = (value: unknown) => boolean;

/**
 * A validator by other people than the one that the mock uses, over the document as it was published.
 *
 * It says yes or no, and knows nothing of the repairs that the mock makes.
 */
export async function secondValidator(
  document: OpenApiDocument,
  schema: unknown,
  reading: RawReading,
): Promise<IsValid> {
  const uri = 'https://second.example/schema';
  const found = definitionsFor(document, schema);
  const $defs = Object.fromEntries(
    Object.entries(found).map(([name, one]) => [name, toJsonSchema(one, reading)]),
  );
  const root = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $defs,
    allOf: [toJsonSchema(schema, reading)],
  };
  // Plain JSON came in, and plain JSON comes out.
  registerSchema(root as unknown as SchemaObject, uri);
  try {
    const check = await validate(uri);
    return (value) => check(value as never).valid;
  } finally {
    unregisterSchema(uri);
  }
}

/** The components that a schema refers to, and those that they refer to. */
function definitionsFor(document: OpenApiDocument, schema: unknown): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const waiting = [schema];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const [, name = ''] of JSON.stringify(next).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      if (Object.hasOwn(found, name)) continue;
      found[name] = document.components?.schemas?.[name];
      waiting.push(found[name]);
    }
  }
  return found;
}
