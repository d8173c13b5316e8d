import type { ErrorObject } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../../openapi/contract-types.js';

/** Checks a value against one branch of a union. */
export type CheckBranch = (branch: JsonSchema, value: unknown) => readonly ErrorObject[];

const UNIONS: ReadonlySet<string> = new Set(['oneOf', 'anyOf']);
/** A value of another type than the branch has is further from it than any number of wrong fields. */
const WRONG_TYPE = 100;
/** So is one whose field says by its value that it is of another kind. */
const WRONG_KIND = 10;
/** A field that the branch does not know tells more than one that is missing, and that more than a wrong value. */
const WRONG_FIELDS: Readonly<Record<string, number>> = { additionalProperties: 3, required: 2 };
/** Unions in unions that are looked into. */
const MAX_DEPTH = 6;

/**
 * Leaves of the errors of a union those of the one branch that was meant.
 *
 * A validator reports why each branch is not it. The branch that was meant is the one of the value's type and kind (a field
 * that has to have a certain value has it) in which the least is wrong.
 */
export function explainUnions(
  errors: readonly ErrorObject[],
  check: CheckBranch,
  depth = 0,
): readonly ErrorObject[] {
  const union = outermostUnion(errors);
  if (union === undefined || depth > MAX_DEPTH) return errors;
  const { instancePath, data } = union;
  // ajv gives the value of the keyword with an error, and of a union that is its branches.
  const branches = union.schema as readonly JsonSchema[];
  const byBranch = branches.map((branch) => explainUnions(check(branch, data), check, depth + 1));
  const reported = new Set(
    branches.flatMap((branch) => check(branch, data).map((error) => keyOf(error, instancePath))),
  );
  const others = errors.filter((error) => error !== union && !reported.has(keyOf(error, '')));
  const [best = []] = [...byBranch].sort((a, b) => distance(a) - distance(b));
  const meant = best.map((error) => ({ ...error, instancePath: instancePath + error.instancePath }));
  return [...explainUnions(others, check, depth + 1), ...(meant.length > 0 ? meant : [union])];
}

/** The union that no other one is a part of. */
function outermostUnion(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const unions = errors.filter(({ keyword, params }) => UNIONS.has(keyword) && !params.passingSchemas);
  const [first] = unions.sort(
    (a, b) => a.instancePath.length - b.instancePath.length || a.schemaPath.length - b.schemaPath.length,
  );
  return first;
}

function keyOf({ instancePath, keyword, params, schemaPath }: ErrorObject, base: string): string {
  // The path in the schema ends the same, whether the branch stood in its union or was checked by itself.
  return JSON.stringify([base + instancePath, keyword, params, schemaPath.split('/').at(-1)]);
}

/** How far a value is from a branch. */
function distance(errors: readonly ErrorObject[]): number {
  return errors.reduce((sum, { instancePath, keyword }) => {
    if (instancePath === '' && keyword === 'type') return sum + WRONG_TYPE;
    const isKind = (keyword === 'enum' || keyword === 'const') && instancePath.split('/').length === 2;
    const isField = instancePath === '' ? WRONG_FIELDS[keyword] : undefined;
    return sum + (isKind ? WRONG_KIND : (isField ?? 1));
  }, 0);
}
