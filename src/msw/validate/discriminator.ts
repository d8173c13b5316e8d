import type { JsonSchema } from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { isRecord, recordOf } from '../../util/is-record.js';
import type { SchemaSource } from './schema-source.js';
import type { KeywordError } from './validator.js';

const COMPONENTS = '#/components/schemas/';

/** The branch that a value names, or the error of an unknown name. */
type Discriminated = { readonly branch: JsonSchema } | { readonly error: KeywordError };

/**
 * Finds the branch that the discriminator of a union picks (OpenAPI 3.1.1, Discriminator Object).
 *
 * @returns `undefined` if the union has no discriminator, its branches have no names, or the value lacks the property.
 */
export function discriminatedBranch(
  source: SchemaSource,
  schema: JsonSchema & object,
  branches: readonly JsonSchema[],
  value: unknown,
): Discriminated | undefined {
  const discriminator = discriminatorOf(schema, branches);
  if (discriminator === undefined || !isRecord(value)) return undefined;
  const { property, names } = discriminator;
  const name = value[property];
  if (typeof name !== 'string') return undefined;
  const branch = names.get(name);
  if (branch !== undefined) return { branch: source.resolve(branch) };
  const params = { allowedValues: [...names.keys()] };
  return { error: { instancePath: toPointer([property]), keyword: 'discriminator', params, value: name } };
}

/** The property that names the branch of a union, and the branch of each name. */
export interface Discriminator {
  readonly property: string;
  readonly names: ReadonlyMap<string, JsonSchema>;
}

/** Reads the discriminator of a union; `undefined` for a union without one, or with a branch that has no name. */
export function discriminatorOf(
  { discriminator }: JsonSchema & object,
  branches: readonly JsonSchema[],
): Discriminator | undefined {
  if (!isRecord(discriminator) || typeof discriminator.propertyName !== 'string') return undefined;
  const named = branches.filter((branch) => !(isRecord(branch) && branch.type === 'null'));
  const byReference = new Map(named.map((branch) => [Object(branch).$ref, branch] as const));
  // No name leads to a branch that is written in place.
  if (byReference.has(undefined)) return undefined;
  const names = new Map<string, JsonSchema>();
  for (const [name, to] of Object.entries(recordOf(discriminator.mapping))) {
    const branch = byReference.get(to) ?? byReference.get(COMPONENTS + String(to));
    if (branch !== undefined) names.set(name, branch);
  }
  const mapped = new Set(names.values());
  for (const [reference, branch] of byReference) {
    const implicit = String(reference).slice(String(reference).lastIndexOf('/') + 1);
    if (!mapped.has(branch) && !names.has(implicit)) names.set(implicit, branch);
  }
  return { property: discriminator.propertyName, names };
}
