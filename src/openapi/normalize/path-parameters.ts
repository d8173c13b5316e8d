import { isRecord, listOf } from '../../util/is-record.js';
import type { JsonObject, OpenApiDocument } from '../document.js';
import { dereference } from '../references.js';
import type { Note } from './types.js';
import { METHODS, mapValues } from './walk.js';

/** Declares each parameter that a path names and an operation does not: a caller cannot fill the path without it. */
export function declarePathParameters(
  document: OpenApiDocument,
  path: string,
  item: JsonObject,
  note: Note,
): JsonObject {
  const names = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
  const shared = pathNames(document, item.parameters);
  let result = requirePathParameters(item, note);
  for (const method of METHODS) {
    const operation = item[method];
    if (!isRecord(operation)) continue;
    const inMethod: Note = (kind, detail, ...below) => note(kind, detail, method, ...below);
    const own = pathNames(document, operation.parameters);
    const missing = names.filter((name) => !shared.has(name) && !own.has(name));
    for (const name of missing)
      inMethod('path-parameter-undeclared', `declared ${name} as a required string`, 'parameters');
    const settled = requirePathParameters(operation, inMethod);
    const declared = missing.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    }));
    const parameters = [...listOf(settled.parameters), ...declared];
    const changed = missing.length > 0 ? { ...settled, parameters } : settled;
    if (changed !== operation) result = { ...result, [method]: changed };
  }
  return result;
}

function pathNames(document: OpenApiDocument, parameters: unknown): Set<unknown> {
  const declared = listOf(parameters).map((node) => dereference(document, node));
  return new Set(declared.filter((parameter) => parameter.in === 'path').map(({ name }) => name));
}

/** Marks path parameters as required, which they always are (OpenAPI 3.1, Parameter Object, `required`). */
function requirePathParameters(holder: JsonObject, note: Note): JsonObject {
  const parameters = listOf(holder.parameters);
  const settled = mapValues(parameters, (parameter, index) => {
    if (!isRecord(parameter) || parameter.in !== 'path' || parameter.required === true) return parameter;
    note('path-parameter-optional', `${String(parameter.name)} is required`, 'parameters', index);
    return { ...parameter, required: true };
  });
  return settled === parameters ? holder : { ...holder, parameters: settled };
}
