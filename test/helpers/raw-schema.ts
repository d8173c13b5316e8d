import { isRecord } from '../../src/util/is-record.js';

/** How the schemas of a published document are read by a validator that did not repair them. */
export interface RawReading {
  readonly oneOf: 'any' | 'one';
}

/**
 * Writes a schema of OpenAPI 3.0 as JSON Schema of draft 2020-12, on its own and without the package's repairs.
 *
 * `const` is left out: OpenAPI 3.0 has no such keyword, and two of the documents contradict themselves with it.
 * Two things of the published documents are not taken at their word, since no value could do them justice: an empty `oneOf`,
 * and branches of `oneOf` that are equal.
 */
export function toJsonSchema(node: unknown, reading: RawReading): unknown {
  if (Array.isArray(node)) return node.map((item) => toJsonSchema(item, reading));
  if (!isRecord(node)) return node;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    if (
      ['nullable', 'example', 'description', 'title', 'default', 'deprecated', 'format', 'const'].includes(
        key,
      )
    )
      continue;
    if (key === 'properties') result.properties = mapProperties(value, reading);
    else if (key === 'required') result.required = [...new Set(value as string[])];
    else if (key === 'enum') result.enum = [...new Set(value as unknown[])];
    else if (['oneOf', 'anyOf', 'allOf'].includes(key)) Object.assign(result, union(key, value, reading));
    else if (key === '$ref') result.$ref = String(value).replace('#/components/schemas/', '#/$defs/');
    else result[key] = toJsonSchema(value, reading);
  }
  return node.nullable === true ? { anyOf: [result, { type: 'null' }] } : result;
}

function mapProperties(value: unknown, reading: RawReading): Record<string, unknown> {
  const entries = Object.entries(isRecord(value) ? value : {});
  return Object.fromEntries(entries.map(([name, schema]) => [name, toJsonSchema(schema, reading)]));
}

function union(key: string, value: unknown, reading: RawReading): Record<string, unknown> {
  const branches = Array.isArray(value) ? value.map((branch) => toJsonSchema(branch, reading)) : [];
  if (branches.length === 0) return {};
  if (key !== 'oneOf') return { [key]: branches };
  if (reading.oneOf === 'any') return { anyOf: branches };
  return { oneOf: [...new Map(branches.map((branch) => [JSON.stringify(branch), branch])).values()] };
}
