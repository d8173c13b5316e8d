import { listOf } from './schema-source.js';
import type { KeywordError } from './validator.js';

/**
 * By depth: a value of another type than the branch has is further from it than any number of wrong fields, and a field of another
 * type is as far from it as a field that is missing.
 */
const WRONG_TYPES: readonly number[] = [100, 2];
/** So is one whose field says by its value that it is of another kind. */
const WRONG_KIND = 10;
/** A field that the branch does not know tells more than one that is missing, and that more than a wrong value. */
const WRONG_FIELDS: Readonly<Record<string, number>> = { additionalProperties: 3, required: 2 };

/**
 * Picks the branch of a union that was meant: the one of the value's type and kind (a field that can have one
 * value alone has it) in which the least is wrong.
 *
 * @param branches - What is wrong by each branch, none of which holds.
 * @returns What is wrong by the branch that was meant.
 */
export function chooseBranch(branches: readonly (readonly KeywordError[])[]): readonly KeywordError[] {
  let best: readonly KeywordError[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const errors of branches) {
    const distance = distanceOf(errors);
    if (distance < least) [best, least] = [errors, distance];
  }
  return best;
}

function distanceOf(errors: readonly KeywordError[]): number {
  const mistyped = new Set(
    errors.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath),
  );
  // What is wrong with the branch of a union is counted, and not once more that it is the union's. A value of another type is not in
  // the list of values either, which is one mistake.
  const counted = errors.filter(
    ({ instancePath, keyword }) =>
      keyword !== 'oneOf' && keyword !== 'anyOf' && !(isListed(keyword) && mistyped.has(instancePath)),
  );
  return counted.reduce((sum, error) => sum + weightOf(error), 0);
}

function weightOf({ instancePath, keyword, params }: KeywordError): number {
  const depth = instancePath.split('/').length - 1;
  if (keyword === 'type') return WRONG_TYPES[depth] ?? 1;
  const isOneValue = keyword === 'const' || (keyword === 'enum' && listOf(params.allowedValues).length === 1);
  if (isOneValue && depth === 1) return WRONG_KIND;
  return (depth === 0 ? WRONG_FIELDS[keyword] : undefined) ?? 1;
}

function isListed(keyword: string): boolean {
  return keyword === 'enum' || keyword === 'const';
}
