import { readFile } from 'node:fs/promises';
import { isRecord, recordOf } from '../../util/is-record.js';
import { parseJson } from '../../util/parse-json.js';
import { type CliContext, UsageError } from '../io.js';

/** The ways in which a secret may come in; said wherever one came in another. */
const WAYS = 'give a file (@file.json), standard input (@-) or an environment variable (env:NAME)';

/**
 * Reads JSON from where a flag says: `@file`, `@-` for standard input, `env:NAME`, or the text itself.
 *
 * The text itself must hold nothing secret: a command line stands in the shell's history and in the list of processes.
 *
 * @throws {UsageError} Quoting nothing of what was read.
 */
export async function readJsonFlag(flag: string, text: string, io: CliContext): Promise<unknown> {
  const isInline = !text.startsWith('@') && !text.startsWith('env:');
  const read = await readText(flag, text, io);
  if (read.trim() === '') {
    let problem = 'is empty';
    if (text === '@-' || text === '-') problem = 'got nothing from standard input: pipe the JSON in';
    else if (text.startsWith('@')) problem = `names an empty file (${text.slice(1)})`;
    throw new UsageError(`${flag} ${problem}; it takes JSON, or @file.json, @- or env:NAME with JSON in it`);
  }
  const parsed = parseJson(read);
  if (parsed === undefined)
    throw new UsageError(`${flag} must be JSON, or @file.json, @- or env:NAME with JSON in it`);
  if (isInline) await refuseSecrets(flag, parsed.value, WAYS);
  return parsed.value;
}

/**
 * Refuses secret fields that came in on the command line, which the shell's history and the list of processes show.
 *
 * @param ways - How they may come in.
 * @throws {UsageError}
 */
export async function refuseSecrets(flag: string, value: unknown, ways: string): Promise<void> {
  const { contract } = await import('../../generated/contract.js');
  const secret = findSecret(value, writeOnlyNames(contract.schemas));
  if (secret === undefined) return;
  throw new UsageError(`${flag} has the secret field "${secret}", which a command line would show; ${ways}`);
}

/** Reads text from where a flag says, see {@link readJsonFlag}. */
export async function readText(flag: string, text: string, io: CliContext): Promise<string> {
  if (text === '@-' || text === '-') return readStdin(flag, io);
  if (text.startsWith('@')) return readFileText(flag, text.slice(1));
  if (!text.startsWith('env:')) return text;
  const value = io.env[text.slice(4)];
  if (value === undefined || value === '')
    throw new UsageError(`${flag} names the environment variable ${text.slice(4)}, which is not set`);
  return value;
}

/** Reads a file. @throws {UsageError} */
export async function readFileText(flag: string, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${flag}: cannot read ${path} (${error.code ?? 'unknown reason'})`);
  });
}

async function readStdin(flag: string, io: CliContext): Promise<string> {
  if (io.readStdin === undefined) throw new UsageError(`${flag}: standard input is missing here`);
  // Where somebody types, silence looks like a program that hangs.
  if (io.confirm !== undefined) io.stderr(`Reading ${flag} from the terminal; end with Ctrl-D.\n`);
  return io.readStdin();
}

/** The names of all fields that schemas mark as write-only: what is sent and never given back. */
function writeOnlyNames(node: unknown, names = new Set<string>()): ReadonlySet<string> {
  for (const [name, schema] of Object.entries(recordOf(recordOf(node).properties))) {
    if (recordOf(schema).writeOnly === true) names.add(name);
  }
  for (const inner of Object.values(Object(node)))
    if (typeof inner === 'object') writeOnlyNames(inner, names);
  return names;
}

function findSecret(value: unknown, names: ReadonlySet<string>): string | undefined {
  if (Array.isArray(value))
    return value.map((item) => findSecret(item, names)).find((name) => name !== undefined);
  if (!isRecord(value)) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (names.has(name) && inner !== null && inner !== '') return name;
    const found = findSecret(inner, names);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Reads a flag of the form `name=value`.
 *
 * @throws {UsageError} Where it has no name.
 */
export function readParam(text: string, flag = '--param'): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`${flag} must be name=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}
