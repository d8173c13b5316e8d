import { fromPointer, toPointer } from '../../openapi/json-pointer.js';
import { isRecord } from '../../util/is-record.js';

/** What a pointer leads to: a value, a place that is free below something that is there, or nothing at all. */
export type Found =
  | { readonly kind: 'present'; readonly value: unknown }
  | { readonly kind: 'free' }
  | { readonly kind: 'lost'; readonly missing: string };

/** Follows a JSON pointer. */
export function valueAt(document: unknown, pointer: string): Found {
  const steps = fromPointer(pointer);
  let node = document;
  for (const [index, step] of steps.entries()) {
    if (!isHolder(node)) return { kind: 'lost', missing: toPointer(steps.slice(0, index + 1)) };
    if (!Object.hasOwn(node, step)) {
      // An array has no free places: what is put beyond its end would leave a hole.
      const last = index === steps.length - 1 && isRecord(node);
      return last ? { kind: 'free' } : { kind: 'lost', missing: toPointer(steps.slice(0, index + 1)) };
    }
    node = Reflect.get(node, step);
  }
  return { kind: 'present', value: node };
}

/** A copy with another value at a pointer that leads to a value or a free place; only what is above it is copied. */
export function withValueAt(document: unknown, pointer: string, value: unknown): unknown {
  return change(document, fromPointer(pointer), (holder, step) => {
    if (Array.isArray(holder))
      return holder.map((item: unknown, index) => (String(index) === step ? value : item));
    return { ...holder, [step]: value };
  });
}

/** A copy without what a pointer leads to. */
export function withoutValueAt(document: unknown, pointer: string): unknown {
  return change(document, fromPointer(pointer), (holder, step) => {
    if (Array.isArray(holder)) return holder.filter((_, index) => String(index) !== step);
    return Object.fromEntries(Object.entries(holder).filter(([key]) => key !== step));
  });
}

function change(
  node: unknown,
  [step = '', ...rest]: readonly string[],
  at: (holder: object, step: string) => unknown,
): unknown {
  if (!isHolder(node)) return node;
  if (rest.length === 0) return at(node, step);
  const inner = change(Reflect.get(node, step), rest, at);
  if (Array.isArray(node)) return node.map((item: unknown, index) => (String(index) === step ? inner : item));
  return { ...node, [step]: inner };
}

function isHolder(node: unknown): node is object {
  return typeof node === 'object' && node !== null;
}
