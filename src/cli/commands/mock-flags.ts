import type { MemoryOptions } from '../../msw/mock/platform/memory-options.js';
import { CHECK_NAMES, type Checks } from '../../msw/validate/checks.js';
import { UsageError } from '../io.js';

/** The flags of `vercel-rest mock`, as parsed. */
export interface MockFlags {
  readonly port: string;
  readonly seed?: string;
  readonly watch?: boolean;
  /** Whether the document of Vercel Connect is laid over Vercel's own. */
  readonly supplement: boolean;
  /** Names of checks that are not made. */
  readonly skipCheck?: readonly string[];
  readonly empty?: boolean;
  /** Port of the provider stubs; `true` for a free one. */
  readonly providers?: string | true;
  readonly fault?: readonly string[];
  readonly memory?: boolean;
  /** Requests a minute; `true` for the default. */
  readonly limits?: string | true;
  readonly baseUrl?: string;
  readonly oneOf?: string;
  readonly nullable?: string;
  readonly cors?: readonly string[];
}

/** Reads the settings of a document's mock from the flags. @throws {UsageError} For a value that does not exist. */
export function readReading({ baseUrl, oneOf = 'any', nullable = 'lenient' }: MockFlags) {
  if (oneOf !== 'any' && oneOf !== 'one') throw new UsageError('--one-of must be any or one');
  if (nullable !== 'lenient' && nullable !== 'strict')
    throw new UsageError('--nullable must be lenient or strict');
  return { baseUrl, oneOf, nullable } as const;
}

/** A number stays one: at seed 1, the default, answers are the document's examples. */
export function readSeed(seed: string | undefined): string | number | undefined {
  return seed !== undefined && /^\d{1,15}$/.test(seed) ? Number(seed) : seed;
}

/** Reads which checks are made. @throws {UsageError} For a name that no check has. */
export function readChecks({ skipCheck = [] }: MockFlags): Checks {
  const known: readonly string[] = CHECK_NAMES;
  const unknown = skipCheck.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(
      `--skip-check: the check ${unknown} does not exist; the checks are ${known.join(', ')}`,
    );
  return Object.fromEntries(skipCheck.map((name) => [name, false]));
}

/** Requests a minute of each operation, where `--limits` names no number. */
const DEFAULT_LIMIT = 120;

/** Sets the behavior of the API with `--memory`: slow enough that one sees it happen. @throws {UsageError} */
export function readMemory({ memory, limits: given }: MockFlags): MemoryOptions | undefined {
  const limits = given === true ? String(DEFAULT_LIMIT) : given;
  if (memory !== true) {
    if (limits !== undefined) throw new UsageError('--limits goes with --memory');
    return undefined;
  }
  if (limits !== undefined && !/^[1-9]\d{0,5}$/.test(limits))
    throw new UsageError('--limits must be a whole number of requests a minute above 0');
  return {
    deployments: { buildMs: 4_000, aliasMs: 1_000, logLines: 20 },
    domains: { verifyMs: 5_000, configureMs: 8_000 },
    promotions: { ms: 2_000 },
    ...(limits === undefined ? {} : { limits: [{ limit: Number(limits) }] }),
  };
}
