/**
 * Copies the own fields of an object, and the named ones that it inherits: an instance of a class has its getters there.
 *
 * @param names - The fields that have a meaning. None is a name of `Object.prototype`.
 */
export function copyFields(source: object, names: Iterable<string>): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...source };
  for (const name of names)
    if (!Object.hasOwn(copy, name) && name in source) copy[name] = Reflect.get(source, name);
  return copy;
}
