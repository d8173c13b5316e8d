// Values that json-schema-faker makes for schemas of other people's documents, and the ways to write them.
import { generate } from 'json-schema-faker';
import type { Contract, JsonSchema } from '../../src/openapi/contract-types.js';
import { isRecord } from '../../src/util/is-record.js';
import { compileOnce, componentsOf } from './valid-request.js';

/** A value that json-schema-faker makes and a check allows; `undefined` where there was none. */
export async function fake(
  contract: Contract,
  schema: JsonSchema,
  seed: number,
  isValid: (value: unknown) => boolean,
) {
  const root = { allOf: [schema], components: { schemas: componentsOf(contract, schema) } };
  for (let attempt = 0; attempt < 8; attempt++) {
    try {
      const options = {
        seed: seed * 100 + attempt,
        maxDepth: 4,
        maxItems: 2,
        optionalsProbability: attempt > 4 ? 0 : 0.3,
      };
      const value: unknown = await generate(root as never, options as never);
      if (isValid(value)) return { value };
    } catch {
      // It finds no value for some schemas.
    }
  }
  return undefined;
}

/** A check by ajv; where ajv refuses the schema, such as one of an empty enum, nothing is allowed. */
export function compiledOr(contract: Contract, schema: JsonSchema): (value: unknown) => boolean {
  try {
    return compileOnce(contract, schema);
  } catch {
    return () => false;
  }
}

/** Whether a form has a way to write a value: it has none for null, and for nothing in a list or an object. */
export function isField(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isField);
  return isRecord(value)
    ? Object.keys(value).length > 0 && Object.values(value).every(isField)
    : value !== null;
}

/** The pairs of a form, with brackets: `a[b]=c`, `a[0][b]=c`. */
export function formPairs(key: string, value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[key, String(value)]];
  return Object.entries(value).flatMap(([step, inner]) =>
    formPairs(key === '' ? step : `${key}[${step}]`, inner),
  );
}

/** Whether a style of parameters has a form for a value: none has one for an empty list, or for an object in a list. */
export function isWritable(value: unknown): boolean {
  if (Array.isArray(value))
    return value.length > 0 && value.every((item) => typeof item !== 'object' && item !== '');
  return (
    !isRecord(value) ||
    (Object.keys(value).length > 0 &&
      Object.values(value).every((field) => typeof field !== 'object' && field !== ''))
  );
}
