import { isRecord } from '../../util/is-record.js';
import { fromPointer, toPointer } from '../json-pointer.js';

/** The path of an object: below the object at `parent`, by a keyword and, in a list or map, an index or name. */
export interface NodePath {
  readonly parent: NodePath | undefined;
  readonly keyword: string;
  readonly step?: string | undefined;
}

/** Lists the steps from the top of the document to an object. */
export function stepsOf(path: NodePath | undefined): string[] {
  const steps: string[] = [];
  for (let at = path; at !== undefined; at = at.parent) {
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

/** Sorts items by where their pointers lead in a document. What leads nowhere comes last at its level. */
export function inDocumentOrder<T extends { readonly pointer: string }>(
  document: unknown,
  items: readonly T[],
): T[] {
  const orders = new Map<unknown, Map<string, number>>();
  const keyed = items.map((item) => {
    let node = document;
    const positions = fromPointer(item.pointer).map((step) => {
      if (!isRecord(node) && !Array.isArray(node)) return Number.MAX_SAFE_INTEGER;
      let order = orders.get(node);
      if (order === undefined) {
        order = new Map(Object.keys(node).map((key, index) => [key, index]));
        orders.set(node, order);
      }
      const position = order.get(step);
      node = position === undefined ? undefined : Reflect.get(node, step);
      return position ?? Number.MAX_SAFE_INTEGER;
    });
    return { item, positions };
  });
  const sorted = keyed.sort(({ positions: left }, { positions: right }) => {
    const at = left.findIndex((position, index) => position !== right[index]);
    // An object comes before what is below it.
    return at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
  });
  return sorted.map(({ item }) => item);
}
