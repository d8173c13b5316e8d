import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A package in a folder of its own. */
export interface InstalledPackage {
  readonly folder: string;
  remove(): void;
}

/**
 * Installs a package that one benchmark uses and this repository does without, in a temporary folder.
 *
 * @param part - The benchmark that goes without it where this fails, which prints why.
 * @param wanted - Name and version.
 */
export function installPackage(part: string, wanted: string): InstalledPackage | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'bench-package-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    // Without scripts: some packages report installations to their makers.
    const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', wanted];
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
    return { folder, remove };
  } catch (error) {
    remove();
    const [reason] = String(error instanceof Error ? error.message : error).split('\n', 1);
    console.error(`${part}: ${wanted} is left out, it could not be installed (${reason})`);
    return undefined;
  }
}
