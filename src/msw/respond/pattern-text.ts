import { compilePattern } from '../../openapi/compile-pattern.js';
import type { Random } from './random.js';

/** A part of a regular expression, as far as making a text that matches it goes. */
type Part =
  | { readonly kind: 'characters'; readonly characters: readonly string[] }
  | { readonly kind: 'sequence'; readonly parts: readonly Part[] }
  | { readonly kind: 'choice'; readonly options: readonly Part[] }
  | { readonly kind: 'repeat'; readonly part: Part; readonly min: number; readonly max: number }
  | { readonly kind: 'group'; readonly name: string; readonly part: Part }
  | { readonly kind: 'back'; readonly name: string };

/** Candidates for a character class: those that people type, then a few from other scripts. */
const CANDIDATES = [
  ...'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ...'-_. /:@+,;=%&?#!$*~()[]{}<>|^\'"`\\\t\n',
  ...'éßλж日ٱ€÷😀\u0000',
];
const NOTHING: Part = { kind: 'sequence', parts: [] };
/** Numbers of repetitions beyond the minimum, in the order in which they are tried. */
const SPREADS = [4, 2, 8, 0, 1, 3, 12, 24, 48];
const TRIES_EACH = 4;

interface PatternText {
  readonly pattern: string;
  readonly minLength: number;
  readonly maxLength: number;
}

/**
 * Makes a text that a pattern matches (ECMA-262, with the `u` flag).
 *
 * It does not follow lookaheads and the like: each text is tested against the pattern, and another one is made if it does not
 * match.
 *
 * @returns `undefined` if none was found.
 */
export function textFor(
  { pattern, minLength, maxLength }: PatternText,
  expression: RegExp,
  random: Random,
): string | undefined {
  const part = new PatternReader(pattern).read();
  for (const spread of [...SPREADS, minLength]) {
    for (let attempt = 0; attempt < TRIES_EACH; attempt++) {
      const text = write(part, { random, spread, groups: new Map() });
      const length = [...text].length;
      if (length >= minLength && length <= maxLength && expression.test(text)) return text;
    }
  }
  return undefined;
}

interface Writing {
  readonly random: Random;
  readonly spread: number;
  readonly groups: Map<string, string>;
}

function write(part: Part, writing: Writing): string {
  const { random, spread, groups } = writing;
  switch (part.kind) {
    case 'characters':
      return part.characters[random.integer(0, part.characters.length - 1)] ?? '';
    case 'sequence':
      return part.parts.map((one) => write(one, writing)).join('');
    case 'choice':
      return write(part.options[random.integer(0, part.options.length - 1)] ?? NOTHING, writing);
    case 'repeat': {
      const count = random.integer(part.min, Math.min(part.max, part.min + spread));
      return Array.from({ length: count }, () => write(part.part, writing)).join('');
    }
    case 'group': {
      const text = write(part.part, writing);
      groups.set(part.name, text);
      return text;
    }
    case 'back':
      return groups.get(part.name) ?? '';
  }
}

/** Reads a pattern that is known to be a regular expression. */
class PatternReader {
  #at = 0;
  #groups = 0;

  constructor(readonly pattern: string) {}

  read(): Part {
    return this.#choice();
  }

  #choice(): Part {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    const [only] = options;
    return only !== undefined && options.length === 1 ? only : { kind: 'choice', options };
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#at < this.pattern.length && !/[|)]/.test(this.pattern.charAt(this.#at)))
      parts.push(this.#repeated(this.#atom()));
    return { kind: 'sequence', parts };
  }

  #repeated(part: Part): Part {
    const match = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.pattern.slice(this.#at));
    if (match === null) return part;
    this.#at += match[0].length;
    const [sign, least, comma, most] = [match[0].charAt(0), match[1], match[2], match[3]];
    if (least === undefined) {
      const max = sign === '?' ? 1 : Number.POSITIVE_INFINITY;
      return { kind: 'repeat', part, min: sign === '+' ? 1 : 0, max };
    }
    const max = comma === '' ? Number(least) : most ? Number(most) : Number.POSITIVE_INFINITY;
    return { kind: 'repeat', part, min: Number(least), max };
  }

  #atom(): Part {
    if (this.#take('^') || this.#take('$')) return NOTHING;
    if (this.#take('(')) return this.#group();
    const source = this.#source();
    if (/^\\[bB]$/.test(source)) return NOTHING;
    const back = /^\\(?:([1-9])|k<(.+)>)$/.exec(source);
    if (back !== null) return { kind: 'back', name: back[1] ?? back[2] ?? '' };
    return { kind: 'characters', characters: charactersOf(source) };
  }

  #group(): Part {
    const [opening = '', sign, name] =
      /^\?(?:([:=!]|<[=!])|<([^>]+)>)/.exec(this.pattern.slice(this.#at)) ?? [];
    this.#at += opening.length;
    const index = sign === undefined ? ++this.#groups : 0;
    const part = this.#choice();
    this.#take(')');
    // A lookaround adds no characters of its own.
    if (sign !== undefined && sign !== ':') return NOTHING;
    return sign === ':' ? part : { kind: 'group', name: name ?? String(index), part };
  }

  /** The source of one character: a class, an escape or the character itself. */
  #source(): string {
    const rest = this.pattern.slice(this.#at);
    const [source] =
      /^(?:\[(?:\\.|[^\]\\])*\]|\\(?:[pPu]\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[A-Za-z]|k<[^>]+>|.)|.)/su.exec(
        rest,
      ) ?? [rest];
    this.#at += source.length;
    return source;
  }

  #take(character: string): boolean {
    if (this.pattern.charAt(this.#at) !== character) return false;
    this.#at += 1;
    return true;
  }
}

function charactersOf(source: string): readonly string[] {
  if (!/^[[\\.]/.test(source)) return [source];
  const expression = compilePattern(`^${source}$`);
  const found = CANDIDATES.filter((character) => expression.test(character));
  // A literal such as \u00e4, or a class of a few characters from elsewhere.
  if (found.length > 0) return found;
  const every = Array.from({ length: 0x3000 }, (_, code) => String.fromCodePoint(code));
  return every.filter((character) => expression.test(character));
}
