import stringWidth from 'string-width';
import { type CliContext, DEFAULT_COLUMNS } from '../io.js';
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

/** Aligns the columns of a table under a heading, in the width of the terminal. */
export function alignTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  io: CliContext,
): string {
  const room = io.columns ?? DEFAULT_COLUMNS;
  let shown = columns.map(({ title, isOptional }, column) => ({
    ...{ column, isOptional },
    width: Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[column] ?? ''))),
  }));
  const total = () => shown.reduce((sum, { width }) => sum + width + GAP, -GAP);
  while (total() > room) {
    const least = shown.findLast(({ isOptional }) => isOptional === true);
    if (least === undefined) break;
    shown = shown.filter((one) => one !== least);
  }
  while (total() > room) {
    const widest = shown.reduce((a, b) => (b.width > a.width ? b : a));
    if (widest.width <= MIN_WIDTH) break;
    widest.width -= 1;
  }
  const line = (row: readonly string[]) =>
    shown
      .map(({ column, width }) => pad(shorten(row[column] ?? '', width), width))
      .join(' '.repeat(GAP))
      .trimEnd();
  const title = line(columns.map((column) => column.title.toUpperCase()));
  const shownTitle = io.colors === true ? `${BOLD}${title}${RESET}` : title;
  return `${[shownTitle, ...rows.map(line)].join('\n')}\n`;
}

/** Aligns the values of facts beside their names, and continues a long one below itself. */
export function alignFacts(
  facts: readonly (readonly [name: string, text: string])[],
  io: CliContext,
): string {
  const width = Math.max(...facts.map(([name]) => stringWidth(name)));
  const room = (io.columns ?? DEFAULT_COLUMNS) - width - GAP;
  const margin = ' '.repeat(width + GAP);
  const lines = facts.map(([name, text]) => {
    const label = io.colors === true ? `${DIM}${pad(name, width)}${RESET}` : pad(name, width);
    return `${label}${' '.repeat(GAP)}${wrapText(text, room).replaceAll('\n', `\n${margin}`)}\n`;
  });
  return lines.join('');
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}
