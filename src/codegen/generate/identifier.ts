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
