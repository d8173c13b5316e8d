import { stableName } from './artifact-name.js';

/**
 * The id of an operation: its own, or one made of method and path where it has none.
 *
 * `GET /v1/projects/{id}/items` without an id is `getV1ProjectsByIdItems`. The name depends on nothing else in the document,
 * so an added operation renames no other.
 */
export function operationIdOf(
  method: string,
  path: string,
  operation: Readonly<Record<string, unknown>>,
): string {
  const own = operation.operationId;
  if (typeof own === 'string' && own !== '') return stableName(own);
  const words = path
    .split('/')
    .flatMap((segment) =>
      segment.startsWith('{') ? ['by', ...wordsOf(segment.slice(1, -1))] : wordsOf(segment),
    );
  return method.toLowerCase() + words.map(capitalise).join('');
}

function wordsOf(text: string): string[] {
  return text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
