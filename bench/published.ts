import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** The newest published document that is here: beside the repository, else the one that was pulled. */
export function newestDocument(): string | undefined {
  const pulled = join(root, 'openapi/vercel.json');
  return publishedDocuments().at(-1) ?? (existsSync(pulled) ? pulled : undefined);
}

/** The published documents beside the repository, the oldest first. */
export function publishedDocuments(): string[] {
  const specs = join(root, '../shared/specs');
  const names = existsSync(specs) ? readdirSync(specs).filter((name) => name.endsWith('.json')) : [];
  return names.sort().map((name) => join(specs, name));
}

/** Documents of other APIs beside the repository. */
export function foreignDocuments(): string[] {
  const folder = join(root, '../shared/specs/other');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => /\.(?:json|yaml)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
