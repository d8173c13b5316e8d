// Reads test/hosts: each folder is one small project, and the "hosts" of its package.json name the programs in it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One row of the table: a program, what it is built with, and what it runs on. */
export interface Host {
  readonly name: string;
  /** The folder in test/hosts. */
  readonly folder: string;
  /** The script of the folder's package.json that builds and runs the program. The name of the host by default. */
  readonly script: string;
  /** Names of the packages whose installed versions the table shows. */
  readonly versions: readonly string[];
  /** Dependencies in place of those of the folder. */
  readonly install: Readonly<Record<string, string>>;
  /** The major version of Node that the program runs on. That of this process by default. */
  readonly node?: number;
  /** The oldest major version of Node that the host runs on. A younger one is taken from the package `node`. */
  readonly minNode: number;
  /** Whether the program imports a generated folder: it is run for each document, or for the fixture alone. */
  readonly generated: boolean | 'fixture';
  /** The value of `--import-extension` for the generated folder. */
  readonly importExtension: string;
  /** Requests that the server must have seen: `rest` (a GET) and `token`. Both by default. */
  readonly expects: readonly Expectation[];
  /** Environment variables of the script. */
  readonly env: Readonly<Record<string, string>>;
  /** Lets the program do its own install, for package managers. */
  readonly installs: boolean;
}

/** A request that a host has to make. */
type Expectation = 'rest' | 'token';

/** The part of a host that its package.json states. */
type HostEntry = Partial<Omit<Host, 'name' | 'folder'>>;

interface Manifest {
  readonly hosts?: Readonly<Record<string, HostEntry>>;
}

/** Reads all hosts, in the order of folders and of their package.json. */
export function readHosts(root: string): Host[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, 'package.json')))
    .flatMap(({ name }) => hostsOf(root, name));
}

function hostsOf(root: string, folder: string): Host[] {
  // The file is ours, and a wrong one fails the host that it describes.
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
  return Object.entries(manifest.hosts ?? {}).map(([name, entry]) => ({
    script: name,
    versions: [],
    install: {},
    minNode: 20,
    generated: false,
    importExtension: 'none',
    expects: ['rest', 'token'],
    env: {},
    installs: false,
    ...entry,
    name,
    folder,
  }));
}

/** Picks hosts by name or by folder. @throws {Error} For a name that is neither. */
export function pickHosts(hosts: readonly Host[], names: readonly string[]): readonly Host[] {
  const unknown = names.find((name) => !hosts.some((host) => host.name === name || host.folder === name));
  if (unknown !== undefined) {
    const known = hosts.map(({ name }) => name).join(', ');
    throw new Error(`${unknown} is not a host. Hosts: ${known}`);
  }
  return names.length === 0
    ? hosts
    : hosts.filter((host) => names.includes(host.name) || names.includes(host.folder));
}
