import { terminalText } from '../../util/terminal-text.js';
import type { CliContext } from '../io.js';
import type { Column } from './align.js';

/** A cell of a table or a list of facts: text from anywhere, or a time in epoch milliseconds. */
export type Cell = string | { readonly epochMs: number };

/**
 * Formats a table: on a terminal with a heading and aligned columns that fit its width, elsewhere a line a row with a tab between
 * the cells, and times as ISO 8601.
 *
 * A narrow terminal does without optional columns, then gets shorter cells. Without rows it is empty.
 */
export async function formatTable(
  columns: readonly Column[],
  cells: readonly (readonly Cell[])[],
  io: CliContext,
): Promise<string> {
  if (cells.length === 0) return '';
  const rows = cells.map((row) => row.map((cell) => textOf(cell, io)));
  if (io.stdoutIsTerminal !== true) return rows.map((row) => `${row.join('\t')}\n`).join('');
  const { alignTable } = await import('./align.js');
  return alignTable(columns, rows, io);
}

/** Formats the facts of one thing, a line each; those without a value are left out. */
export async function formatFacts(
  facts: Readonly<Record<string, Cell | undefined>>,
  io: CliContext,
): Promise<string> {
  const shown = Object.entries(facts)
    .filter((fact): fact is [string, Cell] => fact[1] !== undefined)
    .map(([name, value]) => [terminalText(name), textOf(value, io)] as const);
  if (io.stdoutIsTerminal !== true) return shown.map(([name, text]) => `${name}\t${text}\n`).join('');
  const { alignFacts } = await import('./align.js');
  return alignFacts(shown, io);
}

function textOf(cell: Cell, io: CliContext): string {
  if (typeof cell === 'string') return terminalText(cell);
  if (io.stdoutIsTerminal === true) return relativeTime(cell.epochMs, Date.now());
  return new Date(cell.epochMs).toISOString();
}

const UNITS: readonly (readonly [name: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** A time as people say it: `3 hours ago`, `in 5 minutes`. */
export function relativeTime(epochMs: number, now: number): string {
  const seconds = Math.round((epochMs - now) / 1000);
  if (seconds === 0) return 'now';
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return new Intl.RelativeTimeFormat('en').format(Math.trunc(seconds / size), unit);
}
