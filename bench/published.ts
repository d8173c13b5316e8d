import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** The newest published document that is here: beside the repository, else the one that was pulled. */
export function newestDocument(): string | undefined {
  const specs = join(root, '../shared/specs');
  const names = existsSync(specs) ? readdirSync(specs).filter((name) => name.endsWith('.json')) : [];
  const newest = names.sort().at(-1);
  const pulled = join(root, 'openapi/vercel.json');
  if (newest !== undefined) return join(specs, newest);
  return existsSync(pulled) ? pulled : undefined;
}
