/**
 * Loads the generator, which stands on openapi-typescript and on the compiler API of TypeScript 5.
 *
 * @param purpose - What needs them, for the message.
 * @throws {Error} Naming what to install: a package is missing, or TypeScript is a version without that API (7 has none).
 */
export async function loadGenerator(purpose: string): Promise<typeof import('./generate.js')> {
  const advice = 'run `npm install --save-dev openapi-typescript@7 typescript@5`';
  const missing = (cause: unknown) =>
    new Error(`${purpose} needs openapi-typescript and typescript 5: ${advice}`, { cause });
  const typescript = await import('typescript').catch((cause: unknown) => {
    throw missing(cause);
  });
  // The default export of version 7 holds its version and nothing else.
  if (!('factory' in typescript.default))
    throw new Error(
      `${purpose} needs the compiler API of TypeScript 5, and ${typescript.default.version} has none: ${advice}`,
    );
  return import('./generate.js').catch((cause: unknown) => {
    throw /openapi-typescript|'typescript'/.test(String(cause)) ? missing(cause) : cause;
  });
}
