// What `npm install vercel-rest` brings along: a budget of packages and bytes, and the licences that it may have.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const LICENCES = ['MIT', 'ISC', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause'];
/** Packages beside this one, and their bytes unpacked. docs/dependencies.md states the numbers for users. */
const BUDGET = {
  'npm install --omit=optional': { packages: 10, bytes: 5_200_000 },
  'npm install': { packages: 34, bytes: 14_700_000 },
};

interface Manifest {
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Finds a package as Node does: in its user's `node_modules`, then further out. */
function folderOf(name: string, from: string): string {
  for (let folder = from; ; folder = join(folder, '..')) {
    const candidate = join(folder, 'node_modules', name);
    if (statSync(join(candidate, 'package.json'), { throwIfNoEntry: false })?.isFile()) return candidate;
    if (folder === ROOT) throw new Error(`${name} is not installed`);
  }
}

function collect(names: readonly string[], from: string, found = new Set<string>()): Set<string> {
  for (const name of names) {
    const folder = folderOf(name, from);
    if (found.has(folder)) continue;
    found.add(folder);
    collect(Object.keys(readManifest(folder).dependencies ?? {}), folder, found);
  }
  return found;
}

function bytesOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .reduce((sum, entry) => {
      const path = join(folder, entry.name);
      return sum + (entry.isDirectory() ? bytesOf(path) : statSync(path).size);
    }, 0);
}

const own = readManifest(ROOT);
const required = Object.keys(own.dependencies ?? {});
const optional = Object.keys(own.optionalDependencies ?? {});
const installs = {
  'npm install --omit=optional': [...collect(required, ROOT)],
  'npm install': [...collect([...required, ...optional], ROOT)],
};

describe.each(Object.entries(installs))('%s', (command, folders) => {
  const { packages, bytes } = BUDGET[command as keyof typeof BUDGET]; // The keys of `installs` are those of the budget.

  test(`brings at most ${packages} packages`, () => {
    expect(folders.map((folder) => folder.slice(ROOT.length)).sort()).toHaveLength(packages);
  });
  test(`brings at most ${bytes} bytes`, () => {
    expect(folders.reduce((sum, folder) => sum + bytesOf(folder), 0)).toBeLessThanOrEqual(bytes);
  });
});

test('every package has a licence that may be used', () => {
  const other = installs['npm install'].filter(
    (folder) => !LICENCES.includes(readManifest(folder).license ?? ''),
  );
  expect(other.map((folder) => `${folder} ${readManifest(folder).license}`)).toEqual([]);
});

test('docs/dependencies.md names every direct dependency, and the number of packages', () => {
  const page = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8');
  for (const name of [...required, ...optional]) expect(page).toContain(`| \`${name}\``);
  expect(page).toContain(`installs ${BUDGET['npm install'].packages + 1} packages`);
  expect(page).toContain(`# ${BUDGET['npm install --omit=optional'].packages + 1} packages`);
});
