import { isRecord } from '../../util/is-record.js';
import { fromPointer, toPointer } from '../json-pointer.js';

/** Where an object stands: below the object at `parent`, by a keyword and, in a list or map, an index or name. */
export interface NodePath {
  readonly parent: NodePath | undefined;
  readonly keyword: string;
  readonly step?: string;
}

/** Lists the steps from the top of the document to a place. */
export function stepsOf(place: NodePath | undefined): string[] {
  const steps: string[] = [];
  for (let at = place; at !== undefined; at = at.parent) {
    if (at.step !== undefined) steps.push(at.step);
    steps.push(at.keyword);
  }
  return steps.reverse();
}

/** Returns the JSON pointer (RFC 6901) that follows the steps as far as the document has them. */
export function nearestPointer(document: unknown, steps: readonly string[]): string {
  let node = document;
  let length = 0;
  for (const step of steps) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, step)) break;
    node = Reflect.get(node, step);
    length += 1;
  }
  return toPointer(steps.slice(0, length));
}

/** Sorts things that carry a pointer by where it leads in a document; what leads nowhere comes last at its level. */
export function inDocumentOrder<T extends { readonly pointer: string }>(
  document: unknown,
  things: readonly T[],
): T[] {
  const orders = new Map<unknown, Map<string, number>>();
  const keyed = things.map((thing) => ({ thing, key: positionsOf(document, thing.pointer, orders) }));
  return keyed.sort((left, right) => compareLists(left.key, right.key)).map(({ thing }) => thing);
}

function positionsOf(
  document: unknown,
  pointer: string,
  orders: Map<unknown, Map<string, number>>,
): number[] {
  let node = document;
  return fromPointer(pointer).map((step) => {
    if (!isRecord(node) && !Array.isArray(node)) return Number.MAX_SAFE_INTEGER;
    let order = orders.get(node);
    if (order === undefined) {
      order = new Map(Object.keys(node).map((key, index) => [key, index]));
      orders.set(node, order);
    }
    const index = order.get(step);
    node = index === undefined ? undefined : Reflect.get(node, step);
    return index ?? Number.MAX_SAFE_INTEGER;
  });
}

function compareLists(left: readonly number[], right: readonly number[]): number {
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
