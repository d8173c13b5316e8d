import stringWidth from 'string-width';
import { terminalText } from '../../util/terminal-text.js';
import type { CliContext } from '../io.js';
import { DEFAULT_COLUMNS } from './columns.js';
import { shorten, wrapText } from './wrap.js';

const BOLD = '\u001b[1m';
const DIM = '\u001b[2m';
const RESET = '\u001b[0m';
const GAP = 2;
/** The width that a column keeps where room is short. */
const MIN_WIDTH = 8;

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Whether a narrow terminal can do without it. */
  readonly isOptional?: boolean;
}

/** A cell of a table or a list of facts: text from anywhere, or a time in epoch milliseconds. */
export type Cell = string | { readonly epochMs: number };

/**
 * Formats a table: on a terminal with a heading and aligned columns that fit its width, elsewhere a line a row with a tab between
 * the cells, and times as ISO 8601.
 *
 * A narrow terminal does without optional columns, then gets shorter cells. Without rows it is empty.
 */
export function formatTable(
  columns: readonly Column[],
  cells: readonly (readonly Cell[])[],
  io: CliContext,
): string {
  if (cells.length === 0) return '';
  const rows = cells.map((row) => row.map((cell) => textOf(cell, io)));
  if (io.stdoutIsTerminal !== true) return rows.map((row) => `${row.join('\t')}\n`).join('');
  const natural = columns.map(({ title }, column) =>
    Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[column] ?? ''))),
  );
  const shown = chooseColumns(columns, natural, io.columns ?? DEFAULT_COLUMNS);
  const line = (row: readonly string[]) =>
    shown
      .map(({ column, width }) => pad(shorten(row[column] ?? '', width), width))
      .join(' '.repeat(GAP))
      .trimEnd();
  const title = line(columns.map((column) => column.title.toUpperCase()));
  const shownTitle = io.colors === true ? `${BOLD}${title}${RESET}` : title;
  return `${[shownTitle, ...rows.map(line)].join('\n')}\n`;
}

/** Which columns are shown, and how wide. */
function chooseColumns(columns: readonly Column[], natural: readonly number[], room: number) {
  let shown = natural.map((width, column) => ({ column, width }));
  const total = () => shown.reduce((sum, { width }) => sum + width + GAP, -GAP);
  const isOptional = ({ column }: { column: number }) => columns[column]?.isOptional === true;
  while (total() > room) {
    const least = shown.findLast(isOptional);
    if (least === undefined) break;
    shown = shown.filter((one) => one !== least);
  }
  while (total() > room) {
    const widest = shown.reduce((a, b) => (b.width > a.width ? b : a));
    if (widest.width <= MIN_WIDTH) break;
    widest.width -= 1;
  }
  return shown;
}

/** Formats the facts of one thing, a line each; those without a value are left out. */
export function formatFacts(facts: Readonly<Record<string, Cell | undefined>>, io: CliContext): string {
  const shown = Object.entries(facts)
    .filter((fact): fact is [string, Cell] => fact[1] !== undefined)
    .map(([name, value]) => [terminalText(name), value] as const);
  if (io.stdoutIsTerminal !== true)
    return shown.map(([name, value]) => `${name}\t${textOf(value, io)}\n`).join('');
  const width = Math.max(...shown.map(([name]) => stringWidth(name)));
  const room = (io.columns ?? DEFAULT_COLUMNS) - width - GAP;
  const margin = ' '.repeat(width + GAP);
  return shown
    .map(([name, value]) => {
      const label = io.colors === true ? `${DIM}${pad(name, width)}${RESET}` : pad(name, width);
      const text = wrapText(textOf(value, io), room).replaceAll('\n', `\n${margin}`);
      return `${label}${' '.repeat(GAP)}${text}\n`;
    })
    .join('');
}

function textOf(cell: Cell, io: CliContext): string {
  if (typeof cell === 'string') return terminalText(cell);
  if (io.stdoutIsTerminal === true) return relativeTime(cell.epochMs, Date.now());
  return new Date(cell.epochMs).toISOString();
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
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
