import { isRecord } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { fromFragment, toPointer, valueAt } from './json-pointer.js';
import { type Keys, keysBelow } from './keywords.js';

/**
 * Follows a `$ref` inside the document, and the references that it leads to.
 *
 * @throws {Error} For a reference that leads nowhere, out of the document, to itself, or not to an object.
 */
export function dereference(document: OpenApiDocument, node: unknown): JsonObject {
  let current = node;
  for (let depth = 0; isRecord(current) && typeof current.$ref === 'string'; depth++) {
    const reference = current.$ref;
    if (depth > 32) throw new Error(`the reference ${reference} leads to itself`);
    if (!reference.startsWith('#/')) throw new Error(`the reference ${reference} leads out of the document`);
    current = valueAt(document, fromFragment(reference));
    if (current === undefined) throw new Error(`the reference ${reference} leads nowhere`);
  }
  if (!isRecord(current)) throw new Error('expected an object or a reference to one');
  return current;
}

/** Section and name of a component. */
interface ComponentName {
  readonly section: string;
  readonly name: string;
}

/** Reads `#/components/schemas/Team`; `undefined` for a reference to anything but a whole component. */
export function componentNameOf(reference: string): ComponentName | undefined {
  if (!reference.startsWith('#/components/')) return undefined;
  const [, section = '', name, ...rest] = fromFragment(reference);
  return name === undefined || rest.length > 0 ? undefined : { section, name };
}

/** Writes the reference to a component, in the only form that a bundled document has. */
export function referenceTo(section: string, name: string): string {
  return `#${toPointer(['components', section, name])}`;
}

/** Returns the component that a reference such as `#/components/schemas/Team` names, or that holds its target. */
export function componentAt(document: OpenApiDocument, reference: string): JsonObject | undefined {
  const component = valueAt(document, fromFragment(reference).slice(0, 3));
  return isRecord(component) ? component : undefined;
}

/** Lists the references in a part of a document, with repetitions. Examples and extensions are data without references. */
export function referencesIn(node: unknown): string[] {
  const found: string[] = [];
  collect(node, 'keywords', found);
  return found;
}

function collect(node: unknown, keys: Keys, found: string[]): void {
  if (Array.isArray(node)) for (const item of node) collect(item, keys, found);
  if (!isRecord(node)) return;
  if (keys === 'keywords' && typeof node.$ref === 'string') found.push(node.$ref);
  for (const key in node) {
    const value = node[key];
    if (typeof value !== 'object' || value === null) continue;
    const below = keysBelow(key, value, keys);
    if (below !== 'data') collect(value, below, found);
  }
}

/**
 * Returns the references to the components that a part of a document leads to, directly or through others.
 *
 * @throws {Error} For a reference to a component that is not there.
 */
export function reachableFrom(document: OpenApiDocument, ...roots: readonly unknown[]): Set<string> {
  const found = new Set<string>();
  const queue = roots.flatMap(referencesIn);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    const component = valueAt(document, fromFragment(next).slice(0, 3));
    if (component === undefined && next.startsWith('#/components/'))
      throw new Error(`the reference ${next} leads nowhere`);
    // A reference to a part of a path leads to a path, which is a root itself.
    if (next.startsWith('#/components/')) queue.push(...referencesIn(component));
  }
  return found;
}
