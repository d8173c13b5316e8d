import stringWidth from 'string-width';

/**
 * Breaks text into lines that fit a terminal, between words.
 *
 * A command in backticks stays in one piece where it fits a line of its own. A longer one is continued with `\`, so that a shell
 * takes what is pasted as one command.
 */
export function wrapText(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, columns))
    .join('\n');
}

function wrapLine(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  const margin = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = margin;
  for (const unit of text
    .trimStart()
    .split(/(`[^`]*`\S*)|\s+/)
    .filter(Boolean)) {
    const joint = line.trim() === '' ? '' : ' ';
    if (stringWidth(line + joint + unit) <= columns) {
      line += joint + unit;
      continue;
    }
    if (line.trim() !== '') lines.push(line);
    const [last = '', ...before] = continued(margin + unit, columns).reverse();
    lines.push(...before.reverse());
    line = last;
  }
  return [...lines, line].join('\n');
}

/** A command on as many lines as it takes, each but the last with a `\` at its end. */
function continued(command: string, columns: number): string[] {
  if (stringWidth(command) <= columns) return [command];
  const margin = /^ */.exec(command)?.[0] ?? '';
  const lines: string[] = [];
  let line = '';
  for (const word of command.trimStart().match(/(?:'[^']*'|"[^"]*"|\S)+/g) ?? []) {
    if (line !== '' && stringWidth(`${line} ${word} \\`) > columns) {
      lines.push(`${line} \\`);
      line = `${margin}  ${word}`;
    } else line = line === '' ? margin + word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A text on one line of at most `columns`; what is cut off is shown by an ellipsis. */
export function shorten(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let shown = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(shown + segment) >= columns) break;
    shown += segment;
  }
  return `${shown}…`;
}
