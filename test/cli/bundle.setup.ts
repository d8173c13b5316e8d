// Bundles the program as it is published, once for all suites that run it.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

const ROOT = resolve(import.meta.dirname, '../..');
// Inside the repository, where the bundle finds the packages that it leaves to the installer.
const FOLDER = join(ROOT, `dist-e2e-${process.pid}`);

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the program as it is published. */
    program: string;
  }
}

export function setup(project: TestProject): void {
  execFileSync(process.execPath, ['scripts/bundle.mjs', FOLDER], { cwd: ROOT });
  project.provide('program', join(FOLDER, 'cli/main.js'));
}

export function teardown(): void {
  rmSync(FOLDER, { recursive: true, force: true });
}
