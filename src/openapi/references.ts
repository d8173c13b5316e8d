import { isRecord } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';

/** The pointers of all references in a part of a document, as often as they stand there. */
export function referencesIn(node: unknown): string[] {
  const found: string[] = [];
  collect(node, found);
  return found;
}

function collect(node: unknown, found: string[]): void {
  if (Array.isArray(node)) for (const item of node) collect(item, found);
  if (!isRecord(node)) return;
  if (typeof node.$ref === 'string') found.push(node.$ref);
  for (const key in node) {
    const value = node[key];
    if (typeof value === 'object') collect(value, found);
  }
}

/** The component that a pointer such as `#/components/schemas/Team` names. */
export function componentAt(document: OpenApiDocument, pointer: string): JsonObject | undefined {
  const [, , section = '', name = ''] = pointer.split('/');
  const named = document.components?.[section as 'schemas'];
  return named !== undefined && Object.hasOwn(named, name) ? named[name] : undefined;
}

/**
 * The pointers of the components that a part of a document leads to, over however many others.
 *
 * @throws {Error} For a reference to a component that is not there.
 */
export function reachableFrom(document: OpenApiDocument, ...roots: readonly unknown[]): Set<string> {
  const found = new Set<string>();
  const queue = roots.flatMap(referencesIn);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    const component = componentAt(document, next);
    if (component === undefined && next.startsWith('#/components/'))
      throw new Error(`the reference ${next} leads nowhere`);
    queue.push(...referencesIn(component));
  }
  return found;
}
