// What a checkout of this package is generated from, and what its README says of that. Imports nothing of `src/generated`, so
// that damaged files can be generated anew.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import type { CliContext } from '../src/cli/io.js';
import { DEFAULT_DOCUMENT, type Project } from '../src/cli/project.js';
import { lockPathOf, readLock } from '../src/codegen/pull/lock.js';
import { sha256 } from '../src/util/sha256.js';

export const { version } = manifest;
const OWN_DOCUMENT = 'openapi/connect.yaml';
const GENERATED = 'src/generated';
const README = 'README.md';
const BLOCK = /<!-- document -->\n[\s\S]*?\n<!-- \/document -->/;

// The commands below name files as a user of this folder does.
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** The checkout as the project that `pull`, `generate` and `diff` work for. */
const CHECKOUT: Project = {
  out: GENERATED,
  uses: ['tsconfig.json'],
  checkout: { command: (name) => `npm run ${name}`, contract: true },
};

/** The description of the operations that `vercel-rest/platform` calls. The mock reads the document as it is packaged. */
export const PLATFORM: Project = {
  document: 'openapi/platform.yaml',
  out: `${GENERATED}/platform`,
  checkout: { command: (name) => `npm run ${name}`, contract: false },
};

/** The document that `src/generated` is made from: the published one after a pull, else our own of Vercel Connect. */
export function documentOfCheckout(): string {
  return existsSync(DEFAULT_DOCUMENT) ? DEFAULT_DOCUMENT : OWN_DOCUMENT;
}

/** A terminal for the commands of the checkout. A reader that has gone, such as `| head -1`, does not end them. */
export function createIo(signal: AbortSignal): CliContext {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    env: process.env,
    signal,
    stderrIsTerminal: process.stderr.isTTY === true,
    stdoutIsTerminal: process.stdout.isTTY === true,
    colors: process.stdout.isTTY === true && !process.env.NO_COLOR,
    project: CHECKOUT,
  };
}

/** Whether the README names the document that `src/generated` is made from. */
export async function isDocumentNamed(): Promise<boolean> {
  return (await readFile(README, 'utf8')).includes(await nameOfDocument());
}

/** Writes into the README which document `src/generated` is made from. */
export async function nameDocument(): Promise<void> {
  const readme = await readFile(README, 'utf8');
  if (!BLOCK.test(readme)) throw new Error(`${README} has no <!-- document --> to name the document in`);
  const block = await nameOfDocument();
  await writeFile(
    README,
    readme.replace(BLOCK, () => block),
  );
}

async function nameOfDocument(): Promise<string> {
  const index = await readFile(`${GENERATED}/index.ts`, 'utf8');
  const count = index.match(/^\t\t"[^"]+": \{"method":/gm)?.length ?? 0;
  const lines = documentOfCheckout() === OWN_DOCUMENT ? nameOwn(count) : await namePublished(count);
  return ['<!-- document -->', ...lines, '<!-- /document -->'].join('\n');
}

function nameOwn(count: number): string[] {
  return [
    `This checkout is generated from [\`${OWN_DOCUMENT}\`](${OWN_DOCUMENT}), our own description of Vercel Connect (${count}`,
    'operations). A release carries the whole API, and says here which document it is from.',
  ];
}

async function namePublished(count: number): Promise<string[]> {
  const hash = sha256(await readFile(DEFAULT_DOCUMENT));
  const lock = readLock(await readFile(lockPathOf(DEFAULT_DOCUMENT), 'utf8').catch(() => ''));
  // A lock of another document knows nothing of this one.
  const date = lock?.sha256 === hash ? `, retrieved on ${lock.retrievedAt.slice(0, 10)}` : '';
  return [
    `This version is generated from Vercel's document (SHA-256 \`${hash.slice(0, 16)}\`${date}), with our own description of`,
    `Vercel Connect laid over it: ${count} operations.`,
  ];
}
