/**
 * Compiles the pattern of a schema: with the flag `u`, as JSON Schema asks (draft 2020-12 core, section 6.4), or else
 * without it. Many documents escape a hyphen or a quote, which is an error with `u` alone.
 *
 * @throws {SyntaxError} When it is not a regular expression with or without the flag.
 */
export function compilePattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}
