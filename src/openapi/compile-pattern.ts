/**
 * Compiles the pattern of a schema: with Unicode, as JSON Schema asks (draft 2020-12 core, section 6.4), and without where
 * that refuses it. Many documents escape a hyphen or a quote, which is an error with Unicode alone.
 *
 * @throws {SyntaxError} When it is not a regular expression either way.
 */
export function compilePattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}
