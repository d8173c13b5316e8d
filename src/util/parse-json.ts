/**
 * Parses JSON without throwing: the parser's own error quotes the text, which may be secret.
 *
 * @returns `undefined` for malformed text.
 */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
