import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpenApiDocument } from '../../src/openapi/document.js';
import { readDocument } from '../../src/openapi/read-document.js';

/** Documents that lie beside the repository, small enough for each run. */
const QUICK = ['museum.yaml', 'train.yaml', 'adyen-checkout.json'];

/** Documents that npm packages hold, by the name that the tests print. Versions are exact, so that figures can be compared. */
const PACKED: Readonly<Record<string, readonly [packed: string, file: string]>> = {
  'blockfrost.yaml': ['@blockfrost/openapi@0.1.93', 'openapi.yaml'],
  'directus.json': ['@directus/specs@15.2.0', 'dist/openapi.json'],
  'figma.yaml': ['@figma/rest-api-spec@0.43.0', 'openapi/openapi.yaml'],
  'github.json': ['@octokit/openapi@23.0.2', 'generated/api.github.com.json'],
  'github-cloud.json': ['@octokit/openapi@23.0.2', 'generated/ghec.json'],
  'github-server.json': ['@octokit/openapi@23.0.2', 'generated/ghes-3.19.json'],
};

const folder = fileURLToPath(new URL('../../../shared/specs/other/', import.meta.url));
const beside = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(?:json|yaml)$/.test(name)) : [];
if (beside.length === 0)
  console.log('skipped: no documents of other APIs in ../shared/specs/other beside the repository');

/**
 * Documents of other APIs, which are never part of the repository: quick ones; with `PUBLISHED=all`, as CI has it, each one that
 * lies beside the repository and those of npm packages; with `FOREIGN=stripe.json,figma.yaml` these.
 */
export const foreignNames: readonly string[] = wantedNames().filter(
  (name) => pathOfForeign(name) !== undefined,
);

function wantedNames(): string[] {
  const { FOREIGN, PUBLISHED } = process.env;
  if (FOREIGN !== undefined) return FOREIGN.split(',');
  if (PUBLISHED === 'all') return [...beside, ...Object.keys(PACKED)].sort();
  return beside.filter((name) => QUICK.includes(name)).sort();
}

/** Those of them that lie beside the repository, for what would take too long with the ones of npm packages. */
export const foreignBeside: readonly string[] = foreignNames.filter((name) => beside.includes(name));

/** Reads one of {@link foreignNames}. */
export function readForeign(name: string): OpenApiDocument {
  return readDocument(foreignPath(name)).openapi;
}

/** Returns the path of one of {@link foreignNames}. */
export function foreignPath(name: string): string {
  const path = pathOfForeign(name);
  if (path === undefined) throw new Error(`there is no document ${name}`);
  return path;
}

/** The path of a document; `undefined` where it is neither beside the repository nor to be had from the registry. */
function pathOfForeign(name: string): string | undefined {
  if (beside.includes(name)) return join(folder, name);
  const source = Object.hasOwn(PACKED, name) ? PACKED[name] : undefined;
  if (source === undefined) return undefined;
  const [packed, file] = source;
  const unpacked = join(tmpdir(), 'vercel-rest-documents', packed.replaceAll('/', '+'));
  const path = join(unpacked, 'package', file);
  try {
    if (!existsSync(path)) unpack(packed, file, unpacked);
    return path;
  } catch (cause) {
    const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n', 1);
    console.log(`skipped: ${name}, because npm could not fetch ${packed} (${reason})`);
    return undefined;
  }
}

/** Unpacks one file of a package; a run that ends halfway leaves nothing under the name of the file. */
function unpack(packed: string, file: string, target: string): void {
  const own = mkdtempSync(join(tmpdir(), 'vercel-rest-packed-'));
  try {
    execFileSync('npm', ['pack', packed, '--ignore-scripts', '--pack-destination', own], {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    const [tarball = ''] = readdirSync(own);
    execFileSync('tar', ['-xzf', tarball, `package/${file}`], { cwd: own });
    const path = join(target, 'package', file);
    mkdirSync(dirname(path), { recursive: true });
    renameSync(join(own, 'package', file), path);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
