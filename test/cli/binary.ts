import { type ExecFileException, execFile, execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { CliOutcome } from './run-cli.js';

const ROOT = resolve(import.meta.dirname, '../..');

/** Runs the program as it is published. */
export type Binary = (
  args: readonly string[],
  options?: { readonly env?: Readonly<Record<string, string>>; readonly stdin?: string },
) => Promise<CliOutcome>;

/** Bundles the program as it is published, for the tests of one file. */
export function useBinary(): Binary & { readonly path: () => string } {
  const folder = `dist-e2e-${process.pid}`;
  const path = () => join(ROOT, folder, 'cli/main.js');
  beforeAll(() => void execFileSync(process.execPath, ['scripts/bundle.mjs', folder], { cwd: ROOT }));
  afterAll(() => rmSync(join(ROOT, folder), { recursive: true, force: true }));
  const run: Binary = (args, { env = {}, stdin } = {}) =>
    new Promise((done) => {
      // Nothing of whoever runs the tests: no credential, no colours.
      const own = { PATH: process.env.PATH ?? '', ...env };
      const child = execFile(
        process.execPath,
        [path(), ...args],
        { env: own, cwd: ROOT, timeout: 30_000 },
        (error: ExecFileException | null, stdout, stderr) => {
          done({
            code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 99,
            stdout,
            stderr,
          });
        },
      );
      child.stdin?.end(stdin ?? '');
    });
  return Object.assign(run, { path });
}
