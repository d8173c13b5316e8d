/**
 * Puts fields into a value, each of them only where the document still allows the whole.
 *
 * @returns The value with as many of the fields as it can hold.
 */
export function fitFields(
  value: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, unknown>>,
  isAllowed: (value: unknown) => boolean,
): Record<string, unknown> {
  const all = { ...value, ...fields };
  if (isAllowed(all)) return all;
  let fitted = { ...value };
  for (const [name, field] of Object.entries(fields)) {
    const next = { ...fitted, [name]: field };
    if (isAllowed(next)) fitted = next;
  }
  return fitted;
}
