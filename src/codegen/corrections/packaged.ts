import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Returns the text of a document that this package brings along: its own OpenAPI documents, or its corrections of the
 * published one.
 *
 * In the repository they are YAML, which people write; the build puts them beside itself as JSON, which needs no parser.
 */
export function readPackaged(name: 'connect' | 'corrections' | 'platform'): string {
  if (!import.meta.url.endsWith('.ts'))
    // Every file of a build stands in a folder beside `openapi`; the build need not be the one in `dist`.
    return readFileSync(new URL(`../openapi/${name}.json`, import.meta.url), 'utf8');
  // A package may refer to itself by its name, wherever in it this module has been put.
  const root = dirname(createRequire(import.meta.url).resolve('vercel-rest/package.json'));
  return readFileSync(join(root, `openapi/${name}.yaml`), 'utf8');
}
