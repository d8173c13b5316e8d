const KINDS = Symbol.for('vercel-rest.error-kinds');

type ErrorClass = abstract new (...args: never[]) => Error;

/**
 * Gives an error class a name, and an `instanceof` that also holds for errors made by another installed copy.
 *
 * Two copies of a package in one process have two different classes of the same name; the registered symbol on the
 * prototype is what both share. Classes that users derive keep the ordinary `instanceof`.
 *
 * @param errorClass - The class to mark.
 * @param name - Its public name, which survives minification.
 * @param matches - Recognises errors of another branch that are of this kind too (the status family).
 */
export function brand(errorClass: ErrorClass, name: string, matches?: (error: Error) => boolean): void {
  const inherited = kindsOf(errorClass.prototype);
  Object.defineProperty(errorClass.prototype, KINDS, { value: [...inherited, name] });
  Object.defineProperty(errorClass.prototype, 'name', { value: name, configurable: true, writable: true });
  // Node prints the name of the class, and bundlers rename classes.
  Object.defineProperty(errorClass, 'name', { value: name, configurable: true });
  Object.defineProperty(errorClass, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      if (this !== errorClass) return Function.prototype[Symbol.hasInstance].call(this, value);
      if (!(value instanceof Error)) return false;
      return kindsOf(value).includes(name) || (matches?.(value) ?? false);
    },
  });
}

/**
 * Whether `value` is an error of the given kind, made by whichever copy of the package.
 *
 * @internal
 */
export function isOfKind(value: unknown, name: string): boolean {
  return value instanceof Error && kindsOf(value).includes(name);
}

function kindsOf(value: object): readonly string[] {
  const kinds: unknown = Reflect.get(value, KINDS);
  return Array.isArray(kinds) ? kinds : [];
}
