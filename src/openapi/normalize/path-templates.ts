import { isRecord } from '../../util/is-record.js';
import type { OpenApiDocument } from '../document.js';
import { toPointer } from '../json-pointer.js';
import type { Repair } from './types.js';
import { METHODS } from './walk.js';

/**
 * Reports paths that differ only in the names of their parameters, e.g. `/v1/a/{id}` and `/v1/a/{idOrName}`.
 *
 * Both stay as they are. OpenAPI forbids them, yet the two are different keys of `paths` to a program, and each operation has
 * the parameter names that its own path has. Joining them would rename the parameters of one.
 */
export function reportSameTemplates(document: OpenApiDocument): Repair[] {
  const first = new Map<string, string>();
  const repairs: Repair[] = [];
  for (const path of Object.keys(document.paths)) {
    const template = templateOf(path);
    const other = first.get(template);
    if (other === undefined) {
      first.set(template, path);
      continue;
    }
    const items = [document.paths[path], document.paths[other]];
    const both = METHODS.filter((method) =>
      items.every((item) => isRecord(item) && item[method] !== undefined),
    );
    const methods = both.length === 0 ? 'no method in common' : `both have ${both.join(', ')}`;
    repairs.push({
      kind: 'same-path-template',
      pointer: toPointer(['paths', path]),
      detail: `kept beside ${other}, ${methods}`,
    });
  }
  return repairs;
}

/** Returns a path without the names of its parameters: `/v1/a/{}`. */
export function templateOf(path: string): string {
  return path.replaceAll(/\{[^{}]*\}/g, '{}');
}
