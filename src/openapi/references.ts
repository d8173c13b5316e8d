import { isRecord } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { fromFragment, toPointer, valueAt } from './json-pointer.js';
import { type Keys, keysBelow } from './keywords.js';

/**
 * Follows a `$ref` inside the document, as often as it leads to another.
 *
 * @throws {Error} For a reference that leads nowhere, out of the document, to itself, or not to an object.
 */
export function dereference(document: OpenApiDocument, node: unknown): JsonObject {
  let current = node;
  for (let depth = 0; isRecord(current) && typeof current.$ref === 'string'; depth++) {
    if (depth > 32) throw new Error(`the reference ${current.$ref} leads to itself`);
    current = targetOf(document, current.$ref);
  }
  if (!isRecord(current)) throw new Error('expected an object or a reference to one');
  return current;
}

function targetOf(document: OpenApiDocument, reference: string): unknown {
  if (!reference.startsWith('#/')) throw new Error(`the reference ${reference} leads out of the document`);
  const target = valueAt(document, fromFragment(reference));
  if (target === undefined) throw new Error(`the reference ${reference} leads nowhere`);
  return target;
}

/** Where a component stands. */
export interface ComponentName {
  readonly section: string;
  readonly name: string;
}

/** Reads `#/components/schemas/Team`; `undefined` for a reference to anything but a whole component. */
export function componentNameOf(reference: string): ComponentName | undefined {
  if (!reference.startsWith('#/components/')) return undefined;
  const [, section = '', name, ...rest] = fromFragment(reference);
  return name === undefined || rest.length > 0 ? undefined : { section, name };
}

/** Writes the reference to a component, in the one form that a document has once it was bundled. */
export function referenceTo(section: string, name: string): string {
  return `#${toPointer(['components', section, name])}`;
}

/** The component that a reference such as `#/components/schemas/Team` names, or that holds what it names. */
export function componentAt(document: OpenApiDocument, reference: string): JsonObject | undefined {
  const component = valueAt(document, fromFragment(reference).slice(0, 3));
  return isRecord(component) ? component : undefined;
}

/** The references in a part of a document, as often as they stand there. Examples and extensions are data, and hold none. */
export function referencesIn(node: unknown): string[] {
  const found: string[] = [];
  collect(node, 'keywords', found);
  return found;
}

function collect(node: unknown, keys: Keys, found: string[]): void {
  if (Array.isArray(node)) for (const item of node) collect(item, keys, found);
  if (!isRecord(node)) return;
  const isKeyword = keys === 'keywords';
  if (isKeyword && typeof node.$ref === 'string') found.push(node.$ref);
  for (const key in node) {
    const value = node[key];
    if (typeof value !== 'object' || value === null) continue;
    const below = isKeyword ? keysBelow(key, value) : 'keywords';
    if (below !== 'data') collect(value, below, found);
  }
}

/**
 * The references to the components that a part of a document leads to, over however many others.
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
    // A reference to a part of a path stands in that path, which is a root itself.
    if (next.startsWith('#/components/')) queue.push(...referencesIn(component));
  }
  return found;
}
