import { styleText } from 'node:util';

/** What a cell says of its row: `good` and `bad` are coloured where the terminal has colours. */
export type Tone = 'plain' | 'good' | 'bad' | 'quiet';

/** A cell: its text, and how it is meant. */
export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

const COLOURS = { plain: 'reset', good: 'green', bad: 'yellow', quiet: 'gray' } as const;

/** Draws a table with a heading; columns are as wide as their widest cell. */
export function drawTable(
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
  colours: boolean,
): string {
  const paint = (text: string, tone: Tone) => (colours ? styleText(COLOURS[tone], text) : text);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.text.length ?? 0)),
  );
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right;
  const line = (cells: readonly Cell[]) =>
    `│${widths.map((width, column) => ` ${paint((cells[column]?.text ?? '').padEnd(width), cells[column]?.tone ?? 'plain')} `).join('│')}│`;
  return [
    rule('┌', '┬', '┐'),
    line(headings.map((text) => ({ text }))),
    rule('├', '┼', '┤'),
    ...rows.map(line),
    rule('└', '┴', '┘'),
  ].join('\n');
}
