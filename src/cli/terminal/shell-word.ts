/**
 * Writes a value so that it can be pasted into a shell as one word: a printed command must do what it says whatever an
 * API or a user named things.
 */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
