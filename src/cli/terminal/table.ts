import { terminalText } from '../../util/terminal-text.js';
import type { Io } from '../io.js';

const BOLD = '\u001b[1m';
const DIM = '\u001b[2m';
const RESET = '\u001b[0m';

/** Formats a table for people: a heading and aligned columns. Cells may hold text from anywhere. */
export function formatTable(
  heading: readonly string[],
  cells: readonly (readonly string[])[],
  io: Io,
): string {
  const rows = cells.map((row) => row.map(terminalText));
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const title = line(heading.map((name) => name.toUpperCase()));
  const shownTitle = io.colors === true ? `${BOLD}${title}${RESET}` : title;
  return `${[shownTitle, ...rows.map(line)].join('\n')}\n`;
}

/** Formats the facts of one thing, a line each; those without a value are left out. Values may hold text from anywhere. */
export function formatFacts(facts: Readonly<Record<string, string | undefined>>, io: Io): string {
  const shown = Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined);
  const width = Math.max(...shown.map(([name]) => name.length));
  const label = (name: string) =>
    io.colors === true ? `${DIM}${name.padEnd(width)}${RESET}` : name.padEnd(width);
  return `${shown.map(([name, value]) => `${label(name)}  ${terminalText(value)}`).join('\n')}\n`;
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
