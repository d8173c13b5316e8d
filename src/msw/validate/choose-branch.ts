import { listOf } from './schema-source.js';
import type { KeywordError } from './validator.js';

/** A value of another type than the branch has is further from it than any number of wrong fields. */
const WRONG_TYPE = 100;
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
  return errors.reduce((sum, { instancePath, keyword, params }) => {
    if (instancePath === '' && keyword === 'type') return sum + WRONG_TYPE;
    // What is wrong with the branch of a union is counted, and not once more that it is the union's.
    if (keyword === 'oneOf' || keyword === 'anyOf') return sum;
    const isOneValue =
      keyword === 'const' || (keyword === 'enum' && listOf(params.allowedValues).length === 1);
    const isKind = isOneValue && instancePath.split('/').length === 2;
    const isField = instancePath === '' ? WRONG_FIELDS[keyword] : undefined;
    return sum + (isKind ? WRONG_KIND : (isField ?? 1));
  }, 0);
}
