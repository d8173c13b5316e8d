const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Seed of a sequence: any list of texts and numbers; an equal list gives an equal sequence. */
type SeedParts = readonly (string | number)[];

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
  return new SeededRandom(hash(JSON.stringify(parts), STARTS));
}

type Words = readonly [number, number, number, number];

const STARTS: Words = [0x811c9dc5, 0x1b873593, 0xe6546b64, 0x9e3779b9];

// Four FNV-1a runs from different starting points: 128 bits, so that no two callers of a test ever share a sequence.
function hash(text: string, starts: Words): Words {
  let [first, second, third, fourth] = starts;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    first = mix(first, code);
    second = mix(second, code);
    third = mix(third, code);
    fourth = mix(fourth, code);
  }
  return [first >>> 0, second >>> 0, third >>> 0, fourth >>> 0];
}

function mix(value: number, code: number): number {
  const mixed = Math.imul(value ^ code, 0x01000193);
  return mixed ^ (mixed >>> 15);
}

/** Chris Doty-Humphrey's small fast counter generator (PractRand, public domain). */
class SeededRandom implements Random {
  #state: [number, number, number, number] | undefined;

  constructor(readonly seed: Words) {}

  next(): number {
    if (this.#state === undefined) {
      this.#state = [...this.seed];
      // The first outputs still show the seed.
      for (let round = 0; round < 12; round++) this.#draw(this.#state);
    }
    return (this.#draw(this.#state) >>> 0) / 2 ** 32;
  }

  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.integer(0, list.length - 1)] ?? list[0];
  }

  text(length: number): string {
    let text = '';
    while (text.length < length) text += LETTERS.charAt(this.integer(0, LETTERS.length - 1));
    return text;
  }

  fork(...further: SeedParts): Random {
    return new SeededRandom(hash(JSON.stringify(further), this.seed));
  }

  #draw(state: [number, number, number, number]): number {
    const [a, b, c, counter] = state;
    const sum = (((a + b) | 0) + counter) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = (c + (c << 3)) | 0;
    state[2] = (((c << 21) | (c >>> 11)) + sum) | 0;
    state[3] = (counter + 1) | 0;
    return sum;
  }
}
