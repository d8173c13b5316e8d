// The one file that names openapi-typescript at run time. Its maintainer ended all updates in September 2026: it is pinned
// exactly, and `type-builder.ts` states what is asked of it, so that taking it over or replacing it touches these files alone.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type ts from 'typescript';

/** The generator of types, openapi-typescript, and the compiler that it uses itself. */
export interface Toolkit {
  readonly openapiTypescript: typeof import('openapi-typescript');
  readonly compiler: typeof ts;
}

/** A file in the project of the working folder, whose packages come first, and one of this package. */
const PLACES = [join(process.cwd(), 'package.json'), import.meta.url];

/**
 * Finds openapi-typescript and its compiler: those of the project in the working folder, else those beside this package.
 *
 * In a monorepo npm keeps this package at the root, where TypeScript can be another version than in the project's own folder. The
 * compiler is that of openapi-typescript: two versions number the kinds of nodes differently.
 *
 * @param places - Files whose packages are looked at, in this order.
 * @returns The toolkit, or `version`, the version of a TypeScript without the API to compile with; 7 has none.
 * @throws When one of the packages is missing.
 */
export function findToolkit(places: readonly string[] = PLACES): Toolkit | { readonly version: string } {
  let problem: unknown;
  let version: string | undefined;
  for (const from of places) {
    try {
      const require = createRequire(from);
      const compiler: typeof ts = createRequire(require.resolve('openapi-typescript'))('typescript');
      if ('factory' in compiler) return { compiler, openapiTypescript: require('openapi-typescript') };
      version = (compiler as { readonly version: string }).version;
    } catch (cause) {
      problem = cause;
    }
  }
  if (version !== undefined) return { version };
  throw problem;
}
