const ARTIFACT = /^__@(.+)@\d+$/;

/**
 * Returns the lasting name of a property: `__@BRAND@544364` is `__BRAND`, any other name is itself.
 *
 * The published document holds names that a compiler gave to unique symbols. Their number changes with almost every build
 * and says nothing about the API.
 */
export function stableName(name: string): string {
  const match = ARTIFACT.exec(name);
  return match?.[1] === undefined ? name : `__${match[1]}`;
}
