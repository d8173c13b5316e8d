import type { MemoryOptions } from '../../msw/mock/platform/memory-options.js';
import { UsageError } from '../io.js';

/** The flags of `vercel-rest mock`, as parsed. */
export interface MockFlags {
  readonly port: string;
  readonly seed?: string;
  readonly watch?: boolean;
  readonly empty?: boolean;
  readonly fault?: readonly string[];
  readonly memory?: boolean;
  /** Requests a minute; `true` for the default. */
  readonly limits?: string | true;
}

/** A number stays one: at seed 1, the default, answers are the document's examples. */
export function readSeed(seed: string | undefined): string | number | undefined {
  return seed !== undefined && /^\d{1,15}$/.test(seed) ? Number(seed) : seed;
}

/** Requests a minute of each operation, where `--limits` names no number. */
const DEFAULT_LIMIT = 120;

/** How the API behaves with `--memory`: slow enough that one sees it happen. @throws {UsageError} */
export function readMemory({ memory, limits }: MockFlags): MemoryOptions | undefined {
  if (memory !== true) {
    if (limits !== undefined) throw new UsageError('--limits goes with --memory');
    return undefined;
  }
  return {
    deployments: { buildMs: 4_000, aliasMs: 1_000, logLines: 20 },
    domains: { verifyMs: 5_000, configureMs: 8_000 },
    promotions: { ms: 2_000 },
    ...(limits === undefined ? {} : { limits: [{ limit: readLimit(limits) }] }),
  };
}

function readLimit(text: string | true): number {
  if (text === true) return DEFAULT_LIMIT;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UsageError('--limits must be a whole number of requests a minute above 0');
}
