import { checkArgument } from '../../../errors/index.js';

/** A rate limit that a mock keeps. */
export interface MockLimit {
  /** The operations that count against it together, by id. Default: all that no other limit names, each operation apart. */
  readonly operations?: readonly string[] | undefined;
  /** Requests that a window allows. */
  readonly limit: number;
  /** Length of a window in milliseconds; it begins with its first request. Default 60 000. */
  readonly windowMs?: number | undefined;
  /**
   * Headers of the responses: `x-ratelimit-limit`, `-remaining` and `-reset` on all of them, `retry-after` on refusals
   * alone, or `none`. Default `x-ratelimit`.
   */
  readonly headers?: 'x-ratelimit' | 'retry-after' | 'none' | undefined;
}

/** Behaviour of a mock of the Vercel API; see `memory` of {@link MockOptions}. Times are in milliseconds. */
export interface MemoryOptions {
  /** Default: none. */
  readonly limits?: readonly MockLimit[] | undefined;
  /** Time that every response takes. Default 0. */
  readonly latencyMs?: number | undefined;
  readonly deployments?:
    | {
        /** Time from the creation of a deployment to the end of its build. Default 0: it is ready at once. */
        readonly buildMs?: number | undefined;
        /** Time from then until its aliases are assigned. Default 0. */
        readonly aliasMs?: number | undefined;
        /** Lines of the build log, spread over the build. Default 3. */
        readonly logLines?: number | undefined;
        /** The state that builds end in, or what decides it by the body of the request. Default `READY`. */
        readonly outcome?: BuildOutcome | ((body: unknown) => BuildOutcome) | undefined;
        /** Events after which a followed log breaks off. Default: it does not. */
        readonly disconnectAfter?: number | undefined;
      }
    | undefined;
  readonly environment?:
    | {
        /** Refuses a variable with the code that it returns. Default: names that no shell takes are refused. */
        readonly refuse?: ((key: string) => string | undefined) | undefined;
      }
    | undefined;
  readonly domains?:
    | {
        /** Time from when a domain is added until its verification succeeds. Default 0: it is verified at once. */
        readonly verifyMs?: number | undefined;
        /** Time from when a domain is added until its DNS records are right. Default 0. */
        readonly configureMs?: number | undefined;
      }
    | undefined;
  readonly promotions?:
    | { /** Time that a promotion takes. Default 0. */ readonly ms?: number | undefined }
    | undefined;
}

/** The state that a build ends in. */
export type BuildOutcome = 'READY' | 'ERROR' | 'CANCELED';

/** @throws {InvalidArgumentError} For a limit or time that cannot work. */
export function checkMemoryOptions(options: MemoryOptions): void {
  const { limits = [], latencyMs = 0, deployments, domains, promotions } = options;
  for (const { limit, windowMs = 60_000 } of limits) {
    checkNumber('memory.limits.limit', limit, 1);
    checkNumber('memory.limits.windowMs', windowMs, 1);
  }
  checkNumber('memory.latencyMs', latencyMs, 0);
  for (const [name, value] of Object.entries({ ...deployments, ...domains, ...promotions })) {
    if (typeof value === 'number') checkNumber(`memory.${name}`, value, 0);
  }
}

function checkNumber(name: string, value: unknown, least: number): void {
  const isEnough = typeof value === 'number' && Number.isFinite(value) && value >= least;
  checkArgument(isEnough, name, `must be a number of at least ${least}`, value);
}
