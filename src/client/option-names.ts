import { InvalidArgumentError } from '../errors/index.js';

/** Words for the errors of {@link checkOptionNames}. */
interface OptionNamesContext {
  /** Written before each name in an error, e.g. `options.`. Default: nothing. */
  readonly prefix?: string;
  /** Says what to do instead, for names that other packages or earlier versions know, e.g. `give totalTimeout`. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** Longer names are not compared, and are cut in messages. */
const MAX_NAME_LENGTH = 40;

/**
 * Refuses options that do not exist, because an ignored option silently does not do what its author wanted.
 *
 * An option whose value is `undefined` counts as absent.
 *
 * @param options - The options of the caller.
 * @param known - Every name that exists.
 * @throws {InvalidArgumentError} Naming the option, and the known one that is nearest to it.
 *
 * @example
 * checkOptionNames({ token: 'x' }, new Set(['bearerToken', 'timeout'])); // Invalid token: ... did you mean bearerToken?
 */
export function checkOptionNames(
  options: object,
  known: ReadonlySet<string>,
  { prefix = '', instead = {} }: OptionNamesContext = {},
): void {
  for (const name of Object.keys(options)) {
    // A known one is not read: its owner reads it, once.
    if (known.has(name) || Reflect.get(options, name) === undefined) continue;
    const nearest = nearestName(name, known);
    const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
    const rule = Object.hasOwn(instead, name) ? instead[name] : undefined;
    throw new InvalidArgumentError(
      prefix + name.slice(0, MAX_NAME_LENGTH),
      rule ?? `is not an option${hint}`,
    );
  }
}

/**
 * Finds the known name that a misspelled one most likely means: the one with the smallest edit distance, at most 40 % of
 * the name's length, else one that contains it or is part of it.
 *
 * @param maxLength - Longer names are not compared. Default 40.
 */
export function nearestName(
  name: string,
  known: Iterable<string>,
  maxLength = MAX_NAME_LENGTH,
): string | undefined {
  if (name === '' || name.length > maxLength) return undefined;
  const wanted = name.toLowerCase();
  const ranked = [...known]
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [nearest] = ranked;
  if (nearest !== undefined && nearest.distance <= Math.max(1, wanted.length / 2.5)) return nearest.candidate;
  const isPart = (other: string) => wanted.length > 2 && (other.includes(wanted) || wanted.includes(other));
  return ranked.find(({ candidate }) => isPart(candidate.toLowerCase()))?.candidate;
}

/**
 * Finds the known name that another one is a spelling of: in another case, with one letter more, less or different, or with two
 * swapped. It suits fields that may also be new ones, which {@link nearestName} would take for a misspelling too often.
 *
 * @param name - Not a known one.
 * @param known - Names of fewer than five letters are not compared.
 */
export function misspelledName(name: string, known: ReadonlySet<string>): string | undefined {
  if (name.length > MAX_NAME_LENGTH) return undefined;
  const given = name.toLowerCase();
  // Two letters that are swapped count as two changes.
  const limit = (one: string) => (one.length === given.length ? 2 : 1);
  return [...known].find((one) => one.length > 4 && editDistance(given, one.toLowerCase()) <= limit(one));
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
