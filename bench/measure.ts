/** One contender: a name and what it does once. */
export interface Contender {
  readonly name: string;
  readonly work: () => Promise<unknown>;
}

/** What a contender came to. */
export interface Measured {
  readonly name: string;
  /** Median time of one call, in microseconds. */
  readonly microseconds: number;
  /** Median over the rounds of the first contender's rate divided by this one's: over 1, the first is faster. */
  readonly ratio: number;
}

/**
 * Times contenders side by side: rounds are interleaved and ratios are taken within a round, so that what slows the
 * machine for a while slows all of them.
 *
 * @param contenders - Ours first.
 * @param calls - Calls in each round.
 */
export async function compare(
  contenders: readonly Contender[],
  calls: number,
  rounds = 15,
): Promise<Measured[]> {
  const times = contenders.map((): number[] => []);
  for (let round = -2; round < rounds; round++) {
    for (const [index, { work }] of contenders.entries()) {
      const startedAt = performance.now();
      for (let call = 0; call < calls; call++) await work();
      // The first rounds warm up and are not counted.
      if (round >= 0) times[index]?.push(((performance.now() - startedAt) * 1000) / calls);
    }
  }
  const ours = times[0] ?? [];
  return contenders.map(({ name }, index) => {
    const own = times[index] ?? [];
    return {
      name,
      microseconds: median(own),
      ratio: median(own.map((time, round) => time / (ours[round] ?? time))),
    };
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
