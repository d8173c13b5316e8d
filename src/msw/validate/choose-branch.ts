import { listOf } from '../../util/is-record.js';
import type { KeywordError } from './validator.js';

/**
 * By depth: a value of another type is further from a branch than any number of invalid fields, and a field of another type is as
 * far from it as a missing field.
 */
const WRONG_TYPES: readonly number[] = [100, 2];
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
  const mistyped = new Set<string>();
  for (const { keyword, instancePath } of errors) if (keyword === 'type') mistyped.add(instancePath);
  // The errors of a nested union's branch count, and its summary does not count once more. A value of another type is not one of
  // the listed values either, which is one mistake.
  const counted = errors.filter(({ keyword, instancePath }) => {
    const isListed = keyword === 'enum' || keyword === 'const';
    return keyword !== 'oneOf' && keyword !== 'anyOf' && !(isListed && mistyped.has(instancePath));
  });
  return counted.reduce((sum, error) => sum + weightOf(error), 0);
}

function weightOf({ instancePath, keyword, params }: KeywordError): number {
  const depth = instancePath.split('/').length - 1;
  if (keyword === 'type') return WRONG_TYPES[depth] ?? 1;
  const isOneValue = keyword === 'const' || (keyword === 'enum' && listOf(params.allowedValues).length === 1);
  if (isOneValue && depth === 1) return WRONG_KIND;
  return (depth === 0 ? WRONG_FIELDS[keyword] : undefined) ?? 1;
}
