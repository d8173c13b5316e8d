/** Writes steps as a JSON pointer (RFC 6901). */
export function toPointer(steps: readonly string[]): string {
  let pointer = '';
  for (const step of steps) pointer += `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return pointer;
}

/** Reads a JSON pointer; the inverse of {@link toPointer}. */
export function fromPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * Reads the fragment of a URI as a JSON pointer (RFC 6901 section 6): `#/paths/~1a%7Bid%7D`.
 *
 * A percent sign that encodes nothing stays as it is.
 */
export function fromFragment(fragment: string): string[] {
  const steps = fragment.slice(1).split('/');
  const decoded = steps.map((step) => {
    try {
      return decodeURIComponent(step);
    } catch {
      return step;
    }
  });
  return fromPointer(decoded.join('/'));
}

/** Returns the value at the steps from a node; `undefined` where one of them is missing. */
export function valueAt(node: unknown, steps: readonly string[]): unknown {
  let current = node;
  for (const step of steps) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = Reflect.get(current, step);
  }
  return current;
}
