/** The flags of `vercel-rest mock`, as parsed. */
export interface MockFlags {
  readonly port: string;
  readonly seed?: string;
  readonly watch?: boolean;
  readonly fault?: readonly string[];
}

/** A number stays one: at seed 1, the default, answers are the document's examples. */
export function readSeed(seed: string | undefined): string | number | undefined {
  return seed !== undefined && /^\d{1,15}$/.test(seed) ? Number(seed) : seed;
}
