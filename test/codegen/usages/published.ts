import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';

const FOLDER = resolve('../shared/specs');

/** Published documents, the oldest first. They are not ours to pass on, and may not be here. */
export function publishedDocuments(): string[] {
  const names = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.json')) : [];
  return names.sort().map((name) => resolve(FOLDER, name));
}
