import { join } from 'node:path';
import type { ImportExtension } from '../codegen/generate/generate.js';
import { isRecord } from '../util/is-record.js';
import { messageOf } from '../util/message-of.js';
import { type CliContext, UsageError } from './io.js';
import { readIfThere } from './read-if-there.js';

/** The file that `vercel-rest pull` writes by default. */
export const DEFAULT_DOCUMENT = 'openapi/vercel.json';
const CONFIG_FILE = 'vercel-rest.json';

/**
 * Settings that a project makes once, so that `pull`, `generate` and `diff` need no arguments.
 *
 * Files and folders are relative to the working folder. Flags of a command take precedence.
 */
export interface Project {
  /** The document that is pulled, generated from and compared. Default `openapi/vercel.json`. */
  readonly document?: string | undefined;
  /** The folder of the generated files. Without it `pull` generates nothing. */
  readonly out?: string | undefined;
  /** The address of the document. Default: Vercel's own. */
  readonly url?: string | undefined;
  /** The program whose calls are looked at, as `--uses` takes it. Default with `pull`: `tsconfig.json`, if there is one. */
  readonly uses?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly operations?: readonly string[] | undefined;
  readonly paths?: readonly string[] | undefined;
  /** Whether descriptions become comments. Default `true`. */
  readonly docs?: boolean | undefined;
  /** The form in which the generated files import the types of each other: `js`, `ts` or `none`. Default `js`. */
  readonly importExtension?: ImportExtension | undefined;
  /** Whether `index.ts` exports `createClient`. Default `true`. */
  readonly client?: boolean | undefined;
  /** A file with corrections of the project's own. Each has to fit the document. */
  readonly corrections?: string | undefined;
  /** Ids of corrections that are not made. */
  readonly skipCorrections?: readonly string[] | undefined;
  /** Set by the checkout of this package alone, which generates its own `src/generated`. */
  readonly checkout?: Checkout | undefined;
}

/** Differences between the checkout of this package and a project that has installed it. */
interface Checkout {
  /** Returns the command line of a command, e.g. `npm run generate`. */
  readonly command: (name: string) => string;
  /** Whether the table that the mock reads is generated too. */
  readonly contract: boolean;
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string' && value !== '';
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const TEXT = [isText, 'a string'] as const;
const TEXTS = [isTexts, 'a list of strings'] as const;
const BOOLEAN = [(value: unknown) => typeof value === 'boolean', 'true or false'] as const;
const SETTINGS: Readonly<Record<string, readonly [check: Check, expected: string]>> = {
  document: TEXT,
  out: TEXT,
  url: TEXT,
  uses: TEXTS,
  tags: TEXTS,
  operations: TEXTS,
  paths: TEXTS,
  docs: BOOLEAN,
  importExtension: [(value) => value === 'js' || value === 'ts' || value === 'none', 'js, ts or none'],
  client: BOOLEAN,
  corrections: TEXT,
  skipCorrections: TEXTS,
};

/**
 * Reads the settings of the project in a folder: `vercel-rest.json`, else the entry `vercel-rest` of `package.json`.
 *
 * @throws {UsageError} Naming the file, the setting and what it has to be.
 */
export async function readProject(folder: string): Promise<Project> {
  const own = await readJson(join(folder, CONFIG_FILE));
  if (own !== undefined) return checkSettings(own, CONFIG_FILE);
  const manifest = await readJson(join(folder, 'package.json'));
  const entry = isRecord(manifest) ? manifest['vercel-rest'] : undefined;
  return entry === undefined ? {} : checkSettings(entry, 'package.json, "vercel-rest"');
}

/** The settings that a command runs with: those that it was given, else those of the working folder. */
export async function projectOf(io: CliContext): Promise<Project> {
  return io.project ?? (await readProject(process.cwd()));
}

/** Returns the command line of a command of this program, for a hint. */
export function commandOf({ checkout }: Project, name: string): string {
  return checkout?.command(name) ?? `npx vercel-rest ${name}`;
}

function checkSettings(value: unknown, where: string): Project {
  if (!isRecord(value)) throw new UsageError(`${where}: an object is expected, e.g. { "out": "src/vercel" }`);
  for (const [name, setting] of Object.entries(value)) {
    const [check, expected] = (Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined) ?? [];
    if (check === undefined)
      throw new UsageError(
        `${where}: unknown setting ${name}; the settings are ${Object.keys(SETTINGS).join(', ')}`,
      );
    if (!check(setting)) throw new UsageError(`${where}: ${name} has to be ${expected}`);
  }
  // Each setting was checked above.
  return value as Project;
}

async function readJson(file: string): Promise<unknown> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new UsageError(`${file} is not JSON: ${messageOf(cause)}`);
  }
}
