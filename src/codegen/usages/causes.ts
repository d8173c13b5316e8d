import { fromPointer } from '../../openapi/json-pointer.js';
import type { Change } from '../diff/types.js';
import type { UsedIds } from './match-operations.js';

/**
 * The changes that most likely broke a line, as indexes: those of operations that its file uses, and among them those whose
 * names the line or its error mentions. Empty only where no change to what types say could be why.
 *
 * @param words - The error, and the text that it is about.
 */
export function causesOf(words: string, file: string, changes: readonly Change[], used: UsedIds): number[] {
  const inFile = new Set(
    used.operations
      .filter(({ places }) => places.some((place) => place.file === file))
      .map(({ operationId }) => operationId),
  );
  const breaking = changes
    .map((change, index) => ({ change, index }))
    .filter(({ change }) => change.class === 'wire' || change.class === 'type');
  const near = breaking.filter(({ change }) =>
    change.operations.some(({ operationId }) => inFile.has(operationId)),
  );
  const candidates = near.length > 0 ? near : breaking;
  const named = candidates.filter(({ change }) =>
    namesOf(change).some((name) => {
      const escaped = name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      return new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`).test(words);
    }),
  );
  return (named.length > 0 ? named : candidates).map(({ index }) => index);
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
