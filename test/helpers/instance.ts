/** Hides the fields of an object behind getters of a class, as a configuration service does. */
export function instance<T extends object>(fields: T): T {
  class Fields {}
  for (const name of Object.keys(fields))
    Object.defineProperty(Fields.prototype, name, { get: () => Reflect.get(fields, name) });
  return new Fields() as T; // It has them all, by inheritance.
}
