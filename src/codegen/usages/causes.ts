import { fromPointer } from '../../openapi/json-pointer.js';
import type { Change } from '../diff/types.js';
import type { UsedIds } from './match-operations.js';

/** A line that stops compiling, as the compiler tells it. */
export interface SaidOfLine {
  /** The error, and the text that it is about. */
  readonly error: string;
  readonly line: string;
  readonly file: string;
}

/**
 * The changes that most likely broke a line, as indexes: those of operations that its file uses, and among them those whose
 * names the error mentions, else the line. Empty where no change to what types say could be why.
 */
export function causesOf(
  { error, line, file }: SaidOfLine,
  changes: readonly Change[],
  used: UsedIds,
): number[] {
  const inFile = new Set(
    used.operations
      .filter(({ places }) => places.some((place) => place.file === file))
      .map(({ operationId }) => operationId),
  );
  const breaking = changes
    .map((change, index) => ({ change, index }))
    .filter(({ change }) => isInTypes(change));
  const near = breaking.filter(({ change }) =>
    change.operations.some(({ operationId }) => inFile.has(operationId)),
  );
  const candidates = near.length > 0 ? near : breaking;
  const named = [error, line]
    .map((words) => candidates.filter(({ change }) => namesOf(change).some((name) => mentions(words, name))))
    .find((found) => found.length > 0);
  // A file that uses operations of its own, none of which changed, is not broken by just any other.
  const rest = near.length === 0 && inFile.size > 0 ? [] : candidates;
  return (named ?? rest).map(({ index }) => index);
}

/** Kinds of changes that types say nothing of: limits, formats, and how a request is written and sent. */
const UNTYPED = /-(?:constraint|format|encoding|style)-|^(?:credential|server)-/;
/** Values of such changes that types show all the same. */
const TYPED = /^(?:discriminator|format binary)\b/;

function isInTypes({ class: ofClass, kind, before, after }: Change): boolean {
  const isTyped = !UNTYPED.test(kind) || [before, after].some((value) => TYPED.test(value ?? ''));
  return (ofClass === 'wire' || ofClass === 'type') && isTyped;
}

function mentions(words: string, name: string): boolean {
  const escaped = name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(`(?<![\\w$/-])${escaped}(?![\\w$/-])`).test(words);
}

/** Returns the names of what changed as code has them: the innermost property or parameter, the operation, its path. */
function namesOf({ at, kind, field, before, after, operations }: Change): string[] {
  const steps = fromPointer(at);
  const property = steps.findLast((_, index) => steps[index - 1] === 'properties');
  const parameter = /parameter `([^`]+)`/.exec(field)?.[1];
  // "GET /v1/things" and "getThings" alike.
  const places = [before, after].map((value) => value?.replace(/^[A-Z]+ (?=\/)/, ''));
  const calls = kind.startsWith('operation-')
    ? [...places, ...operations.flatMap(({ operationId, path }) => [operationId, path])]
    : [];
  return [property, parameter, ...calls].filter((name) => name !== undefined);
}
