/** One contender: a name and what it does once. */
export interface Contender {
  readonly name: string;
  readonly work: () => Promise<unknown>;
}

/** A median, and the quartiles around it: how far the rounds agree. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** What contenders came to, side by side. */
export interface Comparison {
  readonly names: readonly string[];
  /** Time of one unit of work, in microseconds. */
  time(name: string): Spread;
  /** One contender's time divided by another's in the same round: under 1, the first is faster. */
  ratio(name: string, other: string): Spread;
}

/** How often to do what. */
export interface Effort {
  /** Units of work in each turn of a contender. */
  readonly calls: number;
  readonly rounds: number;
}

/** Rounds that warm up and are not counted. */
const WARM_UP = 3;

/**
 * Times contenders side by side: rounds are interleaved and ratios are taken within a round, so that what slows the
 * machine for a while slows all of them. The order changes from round to round, or one of them would always pay for
 * the garbage of the same other.
 */
export async function compare(
  contenders: readonly Contender[],
  { calls, rounds }: Effort,
): Promise<Comparison> {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]] as const));
  const random = seededRandom(1);
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const { name, work } of shuffle(contenders, random)) {
      const startedAt = performance.now();
      for (let call = 0; call < calls; call++) await work();
      if (round >= 0) times.get(name)?.push(((performance.now() - startedAt) * 1000) / calls);
    }
  }
  return createComparison(times);
}

/**
 * Times two contenders that are almost the same, for a difference of a few per cent.
 *
 * A turn is so short that what disturbs it disturbs one round of hundreds; a round goes through them and back again, so that
 * neither is always the first; and both are made anew several times, since two that do the same differ by where the engine
 * has put them.
 *
 * @param make - Makes both, and says how they end.
 */
export async function comparePair(
  make: () => { readonly pair: readonly [Contender, Contender]; readonly end: () => Promise<void> },
  { calls, rounds, makings }: Effort & { readonly makings: number },
): Promise<Comparison> {
  const times = new Map<string, number[]>();
  for (let making = 0; making < makings; making++) {
    const { pair, end } = make();
    for (let round = -rounds; round < rounds; round++) {
      const ordered = round % 2 === 0 ? [...pair] : [...pair].reverse();
      const spent = await timeThereAndBack(ordered, calls);
      if (round < 0) continue;
      for (const [name, ms] of spent) times.set(name, [...(times.get(name) ?? []), (ms * 500) / calls]);
    }
    await end();
  }
  return createComparison(times);
}

/** Times one round of {@link comparePair}: two turns each, in milliseconds. */
async function timeThereAndBack(ordered: readonly Contender[], calls: number): Promise<Map<string, number>> {
  const spent = new Map<string, number>();
  for (const { name, work } of [...ordered, ...[...ordered].reverse()]) {
    const startedAt = performance.now();
    for (let call = 0; call < calls; call++) await work();
    spent.set(name, (spent.get(name) ?? 0) + performance.now() - startedAt);
  }
  return spent;
}

/** Makes a {@link Comparison} of times that are ordered by round, in microseconds. */
export function createComparison(times: ReadonlyMap<string, readonly number[]>): Comparison {
  const of = (name: string) => {
    const own = times.get(name);
    if (own === undefined) throw new Error(`no contender is called ${name}`);
    return own;
  };
  return {
    names: [...times.keys()],
    time: (name) => spread(of(name)),
    ratio(name, other) {
      const others = of(other);
      return spread(of(name).map((time, round) => time / (others[round] ?? Number.NaN)));
    },
  };
}

/** Median and quartiles. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A copy in random order (Fisher-Yates). */
export function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const shuffled: T[] = [];
  for (const item of items) {
    const place = Math.floor(random() * (shuffled.length + 1));
    shuffled.splice(place, 0, item);
  }
  return shuffled;
}
