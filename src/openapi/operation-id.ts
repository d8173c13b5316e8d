import { stableName } from './artifact-name.js';

/**
 * Returns the id of an operation: its own, or else one made of its method and path.
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
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return method.toLowerCase() + name;
}

function wordsOf(text: string): string[] {
  return text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
}
