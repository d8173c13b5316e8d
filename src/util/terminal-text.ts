/*
 * The one place that makes text safe for a terminal.
 *
 * A name from an API, a document or a file may hold an escape sequence that clears the screen, sets the title or fills the
 * clipboard. It may hold a line break that forges a line of the program, or a control that reverses the order of letters.
 * Each such character is shown as its escape (`\u001b`), so that a reader sees that it is there.
 */

// Controls, format characters (bidi, tags), line separators and halves of pairs. The joiners stay: Persian and emoji need them.
const UNSAFE = String.raw`(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]`;
/** Colours that the program itself writes, and the clearing of a progress line, which begins a write. */
const OWN = String.raw`^\r\u001b\[2K|\u001b\[(?:0|1|2|31|39|1;3[1-5]|1;90)m`;

const UNSAFE_CHARACTER = new RegExp(UNSAFE, 'gu');
const UNSAFE_IN_LINES = new RegExp(String.raw`(?!\n)${UNSAFE}`, 'gu');
const UNSAFE_IN_OUTPUT = new RegExp(String.raw`(${OWN})|(?![\n\t])${UNSAFE}`, 'gu');

/**
 * Makes text from elsewhere safe to stand inside a line on a terminal.
 *
 * @returns The text on one line, with controls and bidi characters as visible escapes.
 *
 * @example
 * terminalText('a\u001b[2Jb\n'); // 'a\\u001b[2Jb\\u000a'
 */
export function terminalText(text: string): string {
  return text.replace(UNSAFE_CHARACTER, escapeUnits);
}

/** Does the same for text of several lines, whose line ends stay. */
export function terminalLines(text: string): string {
  return text.replace(UNSAFE_IN_LINES, escapeUnits);
}

/**
 * Writes a value as JSON that is safe on a terminal. It parses to the same value.
 *
 * `JSON.stringify` escapes C0 controls alone, and leaves DEL, C1, bidi controls and line separators as they are.
 */
export function terminalJson(value: unknown, indent?: number): string {
  return terminalLines(JSON.stringify(value, null, indent) ?? 'null');
}

/**
 * Makes whole output safe, as the last step before it is written: the program's own colours stay.
 *
 * It is a second line of defence. It cannot tell a line end of the program from one inside of a name, so that names go
 * through {@link terminalText} where they are put into a line.
 */
export function terminalOutput(text: string): string {
  return text.replace(
    UNSAFE_IN_OUTPUT,
    (found: string, own: string | undefined) => own ?? escapeUnits(found),
  );
}

function escapeUnits(text: string): string {
  return Array.from({ length: text.length }, (_, index) => {
    return `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
