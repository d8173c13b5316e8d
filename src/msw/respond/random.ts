const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** What seeds a sequence: any list of texts and numbers; an equal list gives an equal sequence. */
export type SeedParts = readonly (string | number)[];

/** A reproducible sequence of choices. Not for secrets. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** One of a list that is not empty. */
  pick<T>(list: readonly [T, ...T[]]): T;
  /** Letters and digits. */
  text(length: number): string;
  /** A sequence of its own for a part; it depends on what seeded this one and not on what was drawn from it. */
  fork(...parts: SeedParts): Random;
}

/**
 * Starts a reproducible sequence: the same in every process and on every platform.
 *
 * @example
 * createRandom('token', 1).text(4) === createRandom('token', 1).text(4); // true
 */
export function createRandom(...parts: SeedParts): Random {
  const next = sfc32(hash(JSON.stringify(parts)));
  const integer = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    integer,
    pick: (list) => list[integer(0, list.length - 1)] ?? list[0],
    fork: (...further) => createRandom(...parts, ...further),
    text: (length) => Array.from({ length }, () => LETTERS.charAt(integer(0, LETTERS.length - 1))).join(''),
  };
}

type Words = [number, number, number, number];

// Four FNV-1a runs from different starting points: 128 bits, so that no two callers of a test ever share a sequence.
function hash(text: string): Words {
  const run = (basis: number) => {
    let value = basis;
    for (let index = 0; index < text.length; index++) {
      value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
      value ^= value >>> 15;
    }
    return value >>> 0;
  };
  return [run(0x811c9dc5), run(0x1b873593), run(0xe6546b64), run(0x9e3779b9)];
}

// Chris Doty-Humphrey's small fast counter generator (PractRand, public domain).
function sfc32([a, b, c, counter]: Words): () => number {
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first outputs still show the seed.
  for (let round = 0; round < 12; round++) next();
  return next;
}
