import type { Contract, JsonSchema } from '../../openapi/contract-types.js';
import { type SchemaSource, sourceOf } from './components.js';
import { EXACT_FORMATS } from './formats.js';
import { type KeywordError, type OneOfReading, validate } from './validator.js';

export type { OneOfReading } from './validator.js';

/** The schemas of a document as checks; an empty list where nothing is wrong. */
export interface Schemas {
  readonly source: SchemaSource;
  /** Finds what is wrong with a value that a client sends. */
  inRequest(schema: JsonSchema, value: unknown): readonly KeywordError[];
  /** Finds what is wrong with a value that is answered. @param oneOf - Default: the reading of these schemas. */
  inResponse(schema: JsonSchema, value: unknown, oneOf?: OneOfReading): readonly KeywordError[];
  /** Finds the texts of a valid value that are not to the letter what their format says. */
  looseFormats(schema: JsonSchema, value: unknown): readonly KeywordError[];
  /** Follows `$ref` until there is none; siblings of a `$ref` are not looked at. */
  resolve(schema: JsonSchema): JsonSchema;
}

/** Prepares the schemas of a document for checking. */
export function createSchemas(
  contract: Contract,
  { oneOf = 'any' }: { readonly oneOf?: OneOfReading | undefined } = {},
): Schemas {
  const source = sourceOf(contract);
  return {
    source,
    resolve: (schema) => source.resolve(schema),
    looseFormats: (schema, value) =>
      validate(source, schema, value, {
        oneOf: 'any',
        direction: 'response',
        formats: EXACT_FORMATS,
      }).filter(({ keyword }) => keyword === 'format'),
    inRequest: (schema, value) => validate(source, schema, value, { oneOf, direction: 'request' }),
    inResponse: (schema, value, reading = oneOf) =>
      validate(source, schema, value, { oneOf: reading, direction: 'response' }),
  };
}
