import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { sleep } from '../../util/abort.js';

/** The network, clock and disk of a pull. A test replaces each part. */
export interface PullWorld {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Waits between attempts; ends at once with the signal's reason when that fires. */
  readonly wait: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly files: FileOperations;
  readonly limits: PullLimits;
}

/** The calls of `node:fs/promises` that a pull makes. */
export type FileOperations = Pick<
  typeof import('node:fs/promises'),
  'mkdir' | 'open' | 'readdir' | 'readFile' | 'rename' | 'rm' | 'stat'
>;

/** The limits of time and size of a pull. */
export interface PullLimits {
  /** For the whole download: attempts, waits and redirects. */
  readonly totalMs: number;
  /** Longest silence of the server. */
  readonly idleMs: number;
  /** Further attempts after the first. */
  readonly retries: number;
  /** Longest document, counted after decompression. */
  readonly maxBytes: number;
}

/** The limits of `vercel-rest pull`. */
export const PULL_LIMITS: PullLimits = {
  totalMs: 30_000,
  idleMs: 10_000,
  retries: 2,
  maxBytes: 50_000_000,
};

/** The real network, clock and disk. */
export const REAL_WORLD: PullWorld = {
  // Looked up at each call, so that a later replacement of the global counts.
  fetch: (url, init) => fetch(url, init),
  now: Date.now,
  random: Math.random,
  wait: sleep,
  files: { mkdir, open, readdir, readFile, rename, rm, stat },
  limits: PULL_LIMITS,
};
