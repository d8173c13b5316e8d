import { isRecord } from '../../util/is-record.js';
import type { OpenApiDocument } from '../document.js';
import { toPointer } from './place.js';
import { METHODS } from './walk.js';

// These become keys of look-up tables, where such a name would find what every object inherits.
const INHERITED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Refuses what no repair makes safe: a key `__proto__` anywhere, a component or operation named like a member of every
 * object, and a reference that leads out of the document.
 *
 * @throws {Error} That names the place.
 */
export function guardDocument(document: OpenApiDocument): void {
  guardNode(document, []);
  for (const [section, named] of Object.entries(document.components ?? {})) {
    for (const name of Object.keys(isRecord(named) ? named : {})) {
      if (INHERITED.has(name)) refuse(['components', section, name], `the name ${name} is not allowed`);
    }
  }
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = isRecord(item) ? item[method] : undefined;
      const id = isRecord(operation) ? operation.operationId : undefined;
      if (INHERITED.has(String(id)))
        refuse(['paths', path, method], `the operation id ${String(id)} is not allowed`);
    }
  }
}

/**
 * One list of steps serves the whole walk: it is only read where something is refused.
 *
 * Written for speed: it looks at each of a million keys before anything else is done with a document.
 */
function guardNode(node: object, steps: string[]): void {
  if (Array.isArray(node)) {
    for (let index = 0; index < node.length; index++) guardBelow(String(index), node[index], steps);
    return;
  }
  // What is inherited and enumerable is found too, which does no harm.
  for (const key in node) {
    // `__@proto__@1` would become `__proto__` once its number is gone.
    if (key.startsWith('__') && (key === '__proto__' || /^__@proto__@\d+$/.test(key)))
      refuse([...steps, key], 'the key __proto__ is not allowed');
    // Any object can be read by its own keys.
    const value = (node as Readonly<Record<string, unknown>>)[key];
    if (key === '$ref' && typeof value === 'string' && !value.startsWith('#/'))
      refuse(steps, `the reference ${value} leads out of the document`);
    guardBelow(key, value, steps);
  }
}

function guardBelow(step: string, value: unknown, steps: string[]): void {
  if (typeof value !== 'object' || value === null) return;
  steps.push(step);
  guardNode(value, steps);
  steps.pop();
}

function refuse(steps: readonly string[], why: string): never {
  throw new Error(`${why}, at ${toPointer(steps) || 'the top'}`);
}
