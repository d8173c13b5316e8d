import { listOf } from './schema-source.js';
import type { KeywordError } from './validator.js';

/** A value of another type is further from a branch than any number of invalid fields. */
const WRONG_TYPE = 100;
/** So is a value that belongs to another kind, as a field with one allowed value shows. */
const WRONG_KIND = 10;
/** An unknown field weighs more than a missing one, and that more than an invalid value. */
const WRONG_FIELDS: Readonly<Record<string, number>> = { additionalProperties: 3, required: 2 };

/**
 * Picks the branch of a union that was meant: the one of the value's type and kind with the fewest errors. A field that allows one
 * value only shows the kind.
 *
 * @param branches - The errors of each branch, none of which matches.
 * @returns The errors of the branch that was meant.
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
  return errors.reduce((sum, { instancePath, keyword, params }) => {
    if (instancePath === '' && keyword === 'type') return sum + WRONG_TYPE;
    // The errors of a nested union's branch count, and its summary does not count once more.
    if (keyword === 'oneOf' || keyword === 'anyOf') return sum;
    const isOneValue =
      keyword === 'const' || (keyword === 'enum' && listOf(params.allowedValues).length === 1);
    const isKind = isOneValue && instancePath.split('/').length === 2;
    const isField = instancePath === '' ? WRONG_FIELDS[keyword] : undefined;
    return sum + (isKind ? WRONG_KIND : (isField ?? 1));
  }, 0);
}
