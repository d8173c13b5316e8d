// The temporary folder of a run: projects that hosts are installed in, generated folders, and other versions of Node.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

/** A document that the generated folder is made from. */
export interface Source {
  readonly name: string;
  readonly document: string;
}

/** The output of a command, and whether its exit code was 0. */
export interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

const INSTALL = [
  'install',
  '--no-audit',
  '--no-fund',
  '--no-package-lock',
  '--prefer-offline',
  '--loglevel=error',
];

/** Projects for one tarball of the package. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'vercel-rest-hosts-'));
  readonly #tarball: string;
  readonly #made = new Map<string, Promise<string>>();

  constructor(tarball: string) {
    this.#tarball = tarball;
  }

  /** Deletes everything. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Copies a host's folder and installs what its package.json asks for, with the tarball as `vercel-rest`. */
  async project(source: string, name: string, replaced: Readonly<Record<string, string>>): Promise<string> {
    const folder = join(this.folder, name);
    cpSync(source, folder, { recursive: true, filter: (file) => !file.endsWith('node_modules') });
    const file = join(folder, 'package.json');
    // The file is ours: a package.json with dependencies.
    const own = JSON.parse(readFileSync(file, 'utf8')) as { dependencies?: Record<string, string> };
    const dependencies = { ...own.dependencies, ...replaced, 'vercel-rest': `file:${this.#tarball}` };
    writeFileSync(file, JSON.stringify({ ...own, dependencies }, undefined, 2));
    return folder;
  }

  /** Installs a project's dependencies. @throws {Error} With what npm printed. */
  async install(folder: string): Promise<void> {
    const { ok, output } = await run('npm', INSTALL, folder);
    if (!ok) throw new Error(output);
  }

  /** Generates a folder with the package's own command. @returns Where it is. */
  generate(source: Source, importExtension: string): Promise<string> {
    return this.#once(`generated-${source.name}-${importExtension}`, async (folder) => {
      const generator = await this.#generator();
      const args = ['generate', '--out', folder, '--document', source.document];
      const command = join(generator, 'node_modules/.bin/vercel-rest');
      // Version 0.1.0 does not know the option.
      const withOption = [...args, '--import-extension', importExtension];
      const hasOption = (await run(command, ['generate', '--help'], generator)).output.includes(
        '--import-extension',
      );
      const { ok, output } = await run(command, hasOption ? withOption : args, generator);
      if (!ok) throw new Error(`vercel-rest generate failed:\n${output}`);
    });
  }

  /** Installs a version of Node. @returns The folder of its binary. */
  node(major: number): Promise<string> {
    return this.#once(`node-${major}`, async (folder) => {
      mkdirSync(folder, { recursive: true });
      // The package fetches its binary in an install script, which newer versions of npm run only where told to.
      const own = { private: true, allowScripts: { node: true }, dependencies: { node: `${major}` } };
      writeFileSync(join(folder, 'package.json'), JSON.stringify(own));
      await this.install(folder);
    }).then((folder) => join(folder, 'node_modules/node/bin'));
  }

  #generator(): Promise<string> {
    return this.#once('generator', async (folder) => {
      mkdirSync(folder, { recursive: true });
      const { typescript, 'openapi-typescript': openapi } = manifest.devDependencies;
      const dependencies = {
        'vercel-rest': `file:${this.#tarball}`,
        typescript,
        'openapi-typescript': openapi,
      };
      writeFileSync(
        join(folder, 'package.json'),
        JSON.stringify({ private: true, type: 'module', dependencies }),
      );
      await this.install(folder);
    });
  }

  #once(name: string, make: (folder: string) => Promise<void>): Promise<string> {
    const made = this.#made.get(name);
    if (made !== undefined) return made;
    const folder = join(this.folder, name);
    const promise = make(folder).then(() => folder);
    this.#made.set(name, promise);
    return promise;
  }
}

/** Runs a command to its end, in a process group of its own that is ended after `timeoutMs`. */
export function run(
  command: string,
  args: readonly string[],
  cwd: string,
  { env = {}, timeoutMs = 300_000 }: { env?: Record<string, string | undefined>; timeoutMs?: number } = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    const timer = setTimeout(() => {
      output += `\nended after ${timeoutMs / 1000} s`;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, timeoutMs);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output += String(chunk)));
    child.on('error', (error) => (output += error.message));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ ok: code === 0, output });
    });
  });
}

/** PATH with another folder in front. */
export function pathWith(folder: string): string {
  return [folder, process.env.PATH ?? ''].join(delimiter);
}

/** The version of a package as it is installed in a project. */
export function installedVersion(folder: string, name: string): string {
  const file = join(folder, 'node_modules', name, 'package.json');
  if (!existsSync(file)) return '';
  const { version }: { version?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
  return String(version);
}
