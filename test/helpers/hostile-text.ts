/** Everything that steers a terminal, in one name: OSC 52, OSC 0, a cleared screen, line ends, C1, bidi controls. */
export const HOSTILE_NAME =
  'a\u001b]52;c;ZXZpbA==\u0007b\u001b]0;title\u0007c\u001b[2Jd\r\nerror: forged\u009b31me\u202ef\u2066g\u2028h\u007f\u200f';

/** How the beginning of it looks where it was made visible. */
export const SHOWN_NAME = 'a\\u001b]52;c;ZXZpbA==\\u0007b';

// Line ends and tabs are the program's own; everything else that a terminal obeys is not.
const STEERING =
  /(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\u{e0000}-\u{e007f}]/u;

/** Finds what of a printed text would steer a terminal or forge a line; `undefined` where there is nothing. */
export function findSteering(printed: string): string | undefined {
  const found = STEERING.exec(printed) ?? /^error: forged.*$/m.exec(printed);
  return found === null
    ? undefined
    : JSON.stringify(printed.slice(Math.max(0, found.index - 40), found.index + 20));
}
