import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { InvalidArgumentError } from '../errors/index.js';
import { forEachConcurrently } from './for-each-concurrently.js';

/** A file of a folder that is deployed. */
export interface FolderFile {
  /** Path in the folder, with slashes. */
  readonly file: string;
  /** Path on this machine. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

/** A file with the SHA-1 of its content, hexadecimal. */
export interface HashedFile extends FolderFile {
  readonly digest: string;
}

/** The files of a folder, and what was left out of it. */
interface FolderListing {
  readonly files: readonly FolderFile[];
  /** Links that lead out of the folder, and what is neither a file nor a folder. */
  readonly skipped: readonly string[];
}

/** Files up to this size are read at once, which is faster than a stream; in bytes. */
const SMALL_FILE_BYTES = 1_000_000;
/** Files that are hashed at a time. */
const HASHED_AT_A_TIME = 8;

/** Entries of one folder that are looked at, at a time. */
const LOOKED_AT_A_TIME = 16;

/** Left out of every deployment, as https://vercel.com/docs/deployments/vercel-ignore lists it. */
const ALWAYS_IGNORED = [
  ...['.hg', '.git', '.gitmodules', '.svn', 'CVS', '.cache', '.next', '.now', '.vercel', '.npmignore'],
  ...['.dockerignore', '.gitignore', '.*.swp', '.DS_Store', '.wafpicke-*', '.lock-wscript', '.env.local'],
  ...['.env.*.local', '.venv', 'venv', '.yarn/cache', '.pnp*', 'npm-debug.log', 'config.gypi'],
  ...['node_modules', '__pycache__'],
];

/**
 * Lists the files of a folder that a deployment consists of, in the order of their paths.
 *
 * `.vercelignore` leaves files out, by the rules of `.gitignore`.
 *
 * @throws {InvalidArgumentError} For a folder that cannot be read, or has no file to deploy.
 */
export async function listFiles(folder: string): Promise<FolderListing> {
  const root = await realpath(folder).catch((cause: unknown) =>
    refuse('is a folder that cannot be read', cause),
  );
  const isIgnored = await readIgnored(root);
  const listing = { files: [] as FolderFile[], skipped: [] as string[] };
  await walk({ root, isIgnored, listing }, root, [root]);
  if (listing.files.length === 0)
    refuse('has no file to deploy: it is empty, or all of its files are ignored');
  listing.files.sort((left, right) => (left.file < right.file ? -1 : 1));
  return listing;
}

function refuse(rule: string, cause?: unknown): never {
  throw new InvalidArgumentError('folder', rule, cause === undefined ? undefined : { cause });
}

async function readIgnored(root: string): Promise<(path: string) => boolean> {
  const { default: ignore } = await import('ignore');
  const own = await readFile(join(root, '.vercelignore'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    if (error.code === 'ENOTDIR') refuse('is a file; give the folder that it is in', error);
    return refuse('has a .vercelignore that cannot be read', error);
  });
  // `./dist` is often written, and means `dist` here.
  const rules = ignore()
    .add([...ALWAYS_IGNORED, '.vercelignore'])
    .add(own.replaceAll(/^(!?)\.\//gm, '$1'));
  return (path) => rules.ignores(path);
}

interface Walk {
  readonly root: string;
  readonly isIgnored: (path: string) => boolean;
  readonly listing: { readonly files: FolderFile[]; readonly skipped: string[] };
}

/** @param parents - Real paths of the folders above, so that a link cannot lead round in a circle. */
async function walk(given: Walk, folder: string, parents: readonly string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) =>
    refuse('is a folder that cannot be read', cause),
  );
  await forEachConcurrently(entries, LOOKED_AT_A_TIME, undefined, (entry) =>
    visit(given, join(folder, entry.name), entry, parents),
  );
}

async function visit(given: Walk, path: string, entry: Dirent, parents: readonly string[]): Promise<void> {
  const { root, isIgnored, listing } = given;
  const file = relative(root, path).replaceAll(sep, '/');
  if (isIgnored(entry.isDirectory() ? `${file}/` : file)) return;
  const real = entry.isSymbolicLink() ? await realpath(path).catch(() => undefined) : path;
  const isInside = real === root || real?.startsWith(root + sep);
  const facts = real !== undefined && isInside ? await stat(real) : undefined;
  if (facts?.isFile()) listing.files.push({ file, path, size: facts.size });
  else if (facts?.isDirectory() && real !== undefined && !parents.includes(real)) {
    if (!isIgnored(`${file}/`)) await walk(given, path, [...parents, real]);
  } else listing.skipped.push(file);
}

/** Computes the SHA-1 of each file. */
export async function hashFiles(
  files: readonly FolderFile[],
  signal: AbortSignal | undefined,
): Promise<readonly HashedFile[]> {
  const hashed: HashedFile[] = [];
  await forEachConcurrently([...files.entries()], HASHED_AT_A_TIME, signal, async ([index, file]) => {
    const hash = createHash('sha1');
    if (file.size <= SMALL_FILE_BYTES) hash.update(await readFile(file.path));
    else for await (const chunk of createReadStream(file.path)) hash.update(chunk);
    hashed[index] = { ...file, digest: hash.digest('hex') };
  });
  return hashed;
}

/** Opens a file to be uploaded: a small one is faster in one piece than as a stream, and a few of them fit in memory. */
export async function openFile({ path, size }: FolderFile): Promise<Uint8Array | string> {
  return size <= SMALL_FILE_BYTES ? readFile(path) : path;
}
