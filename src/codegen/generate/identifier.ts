import { sha256 } from '../../util/sha256.js';

// What no identifier may be in a strict module, and what would hide a global that generated code uses.
const RESERVED: ReadonlySet<string> = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

/**
 * A TypeScript identifier for any name: `update-installation` gives `updateInstallation`.
 *
 * A name that is an identifier already stays as it is. Two names may give one identifier; the caller sees to that.
 */
export function identifierOf(name: string): string {
  if (/^[A-Za-z_$][\w$]*$/.test(name)) return RESERVED.has(name) ? `${name}_` : name;
  const [first = '', ...others] = name.split(/[^A-Za-z0-9_$]+/).filter((word) => word !== '');
  const joined = first + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  if (joined === '' || /^\d/.test(joined)) return `_${joined}`;
  return RESERVED.has(joined) ? `${joined}_` : joined;
}

/**
 * Gives each of some texts a name of its own: the wanted one, or where several want it, or it is taken, the wanted one and a
 * short hash of the text.
 *
 * A number would not do: what else the document holds would decide which text is number two.
 */
export function uniqueNames(
  texts: readonly string[],
  wantedBy: (text: string) => string,
  taken: ReadonlySet<string> = new Set(),
): Map<string, string> {
  const wanted = new Map(texts.map((text) => [text, wantedBy(text)]));
  const counts = new Map<string, number>();
  for (const name of wanted.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...wanted].map(([text, name]): [string, string] => {
    const isFree = counts.get(name) === 1 && !taken.has(name);
    return [text, isFree || text === name ? name : `${name}_${shortHash(text)}`];
  });
  return new Map(names);
}

/** Returns six hexadecimal digits of the hash of a text. */
export function shortHash(text: string): string {
  return sha256(text).slice(0, 6);
}
