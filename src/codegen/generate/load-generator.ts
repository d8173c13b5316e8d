import { findToolkit } from './types/toolkit.js';

/**
 * Loads the generator, which stands on openapi-typescript and on the compiler API of TypeScript 5.
 *
 * @param purpose - What needs them, for the message.
 * @throws {Error} Naming what to install: a package is missing, or TypeScript is a version without that API (7 has none).
 */
export async function loadGenerator(purpose: string): Promise<typeof import('./generate.js')> {
  const advice = 'run `npm install --save-dev openapi-typescript@7 typescript@5`';
  let found: ReturnType<typeof findToolkit>;
  try {
    found = findToolkit();
  } catch (cause) {
    throw new Error(`${purpose} needs openapi-typescript and typescript 5: ${advice}`, { cause });
  }
  if ('version' in found)
    throw new Error(
      `${purpose} needs the compiler API of TypeScript 5, and ${found.version} has none: ${advice}`,
    );
  return import('./generate.js');
}
