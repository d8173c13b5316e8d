import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The text of a document that this package brings along: its own OpenAPI document, or its corrections of the published one.
 *
 * In the repository they are YAML, which people write; the build puts them beside itself as JSON, which needs no parser.
 */
export function readPackaged(name: 'connect' | 'corrections' | 'platform'): string {
  // A package may refer to itself by its name, wherever in it this module has been put.
  const root = dirname(createRequire(import.meta.url).resolve('vercel-rest/package.json'));
  const isSource = import.meta.url.endsWith('.ts');
  return readFileSync(join(root, isSource ? `openapi/${name}.yaml` : `dist/openapi/${name}.json`), 'utf8');
}
