import { isRecord } from '../../util/is-record.js';
import { terminalJson } from '../../util/terminal-text.js';
import type { ApiFlags } from '../api-flags.js';
import { type CliContext, DEFAULT_COLUMNS } from '../io.js';

/** The output of a command, and the flags that shape it. */
interface Printer {
  readonly io: CliContext;
  readonly flags: ApiFlags;
}

/**
 * Prints the result of a command: with `--json` as JSON, else as text for people.
 *
 * @param text - Names from elsewhere in it went through `terminalText`.
 */
export async function print({ io, flags }: Printer, value: unknown, text: string): Promise<void> {
  if (flags.json) io.stdout(`${terminalJson(pickFields(value, flags.fields), 2)}\n`);
  else io.stdout(io.stdoutIsTerminal === true ? await fitted(text, io) : text);
}

/** Writes a note beside the result to stderr, in lines that fit the terminal where there is one. */
export async function printNote(io: CliContext, note: string): Promise<void> {
  const text = `${note}\n`;
  io.stderr(io.stderrIsTerminal === true ? await fitted(text, io) : text);
}

/** Breaks lines for a terminal. Only there are the widths of characters loaded, which takes as long as all commands. */
async function fitted(text: string, io: CliContext): Promise<string> {
  const { wrapText } = await import('./wrap.js');
  return wrapText(text, io.columns ?? DEFAULT_COLUMNS);
}

/**
 * Picks the fields that `--fields` names. Of a list, and of an object that holds one list (`{ connectors, cursor }`), they are
 * the fields of each item. `project.id` is a field of a field; a field that is not there is `null`.
 */
export function pickFields(value: unknown, fields: readonly string[] | undefined): unknown {
  if (fields === undefined) return value;
  if (!isRecord(value)) return pickOfEach(value, fields);
  // Texts in a list are a field of the object, and not what it lists.
  const lists = Object.values(value).filter((held) => Array.isArray(held) && held.every(isRecord));
  const isItself = fields.some((field) => Object.hasOwn(value, field.split('.', 1).join('')));
  return !isItself && lists.length === 1 ? pickOfEach(lists[0], fields) : pickOf(value, fields);
}

function pickOfEach(list: unknown, fields: readonly string[]): unknown {
  return Array.isArray(list) ? list.map((item) => (isRecord(item) ? pickOf(item, fields) : item)) : list;
}

function pickOf(value: Readonly<Record<string, unknown>>, fields: readonly string[]): unknown {
  const picked = fields.map((field) => {
    const found = field
      .split('.')
      .reduce<unknown>(
        (holder, name) => (isRecord(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined),
        value,
      );
    return [field, found ?? null];
  });
  return Object.fromEntries(picked);
}
