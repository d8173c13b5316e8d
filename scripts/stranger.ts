// What the checks of the packed package share: an empty project somewhere else, and commands in it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this checkout. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Makes an empty project outside of the repository. */
export function createProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vercel-rest-package-'));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'stranger', private: true, type: 'module' }),
  );
  return folder;
}

/**
 * Packs what `dist` holds.
 *
 * @param checkout - Default: this one.
 * @returns The tarball.
 */
export function packInto(folder: string, checkout = root): string {
  const output = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], checkout);
  const report: unknown = JSON.parse(output);
  // npm 11 prints an array, npm 12 an object keyed by name; the file name is all that is needed.
  const name = /"filename":\s*"([^"]+)"/.exec(JSON.stringify(report))?.[1];
  if (name === undefined) throw new Error(`npm pack named no file:\n${output}`);
  return resolve(folder, name);
}

/** Runs npm in a project. */
export function npm(folder: string, args: string[]): string {
  return run('npm', [...args, '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], folder);
}

/** Runs a command to its end. @returns What it printed. @throws {Error} When it fails. */
export function run(command: string, args: string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Does one thing and says how it went. */
export async function step<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  try {
    const result = await work();
    console.log(`ok   ${name}`);
    return result;
  } catch (error) {
    console.error(`FAIL ${name}`);
    // What a tool printed says more than the exit code that execFileSync reports.
    for (const stream of ['stdout', 'stderr'])
      console.error(String(Reflect.get(Object(error), stream) ?? ''));
    throw error;
  }
}
