import { attachSecrets } from '../http/request-id.js';
import { serverDelayMs } from '../http/retry-after.js';
import { authMiddleware } from '../transport/auth/auth.js';
import { createIdentify } from '../transport/auth/identity.js';
import type { responseCacheMiddleware } from '../transport/cache/response-cache.js';
import { fetchSend, redirectMiddleware } from '../transport/fetch-send.js';
import { callHooks, observeMiddleware } from '../transport/hooks.js';
import { logTo } from '../transport/log.js';
import { type CallContext, compose, type OutgoingRequest } from '../transport/middleware.js';
import { type ParsedBodies, readBodyMiddleware } from '../transport/read-body.js';
import { rateLimitMiddleware, type SharedCooldowns } from '../transport/retry/rate-limit.js';
import { createRetryBudget, retryMiddleware } from '../transport/retry/retry.js';
import { timeoutMiddleware } from '../transport/timeout.js';
import { toAPIError } from '../transport/to-error.js';
import { CLIENT_COUNTERS, type ClientStats, createCounters, createEmitter } from '../util/emitter.js';
import type { ResolvedOptions } from './options.js';
import type { Result } from './types.js';

/** Sends the requests of one client. */
export interface Transport {
  readonly options: ResolvedOptions;
  /**
   * Sends a request that is ready, with further attempts where its call allows them.
   *
   * @throws {VercelError} For every response outside 2xx, and for a request without a response.
   */
  send(request: OutgoingRequest, call: CallContext): Promise<Result<unknown>>;
  /** Returns a copy of the counters. */
  stats(): ClientStats;
}

/** Options of {@link createTransport} that users do not have. */
export interface TransportOptions {
  /** Makes the response cache. It is passed in, so that a bundle with Connect alone, which has none, does not carry it. */
  readonly createCache?: typeof responseCacheMiddleware | undefined;
  /** Cooldowns that other processes take part in. */
  readonly sharedCooldowns?: SharedCooldowns | undefined;
}

/** Makes the transport of a client. The order of its layers, outermost first, is stated here and nowhere else. */
export function createTransport(
  options: ResolvedOptions,
  { createCache, sharedCooldowns }: TransportOptions = {},
): Transport {
  const { responseCache, logger, hooks, onEvent } = options;
  const { origin } = new URL(options.baseUrl);
  const counters = createCounters(CLIENT_COUNTERS);
  const report = createEmitter(counters.count, logger && logTo(logger), onEvent);
  const emit = hooks.length === 0 ? report : callHooks(hooks, report);
  const parsedBodies: ParsedBodies = new WeakMap();
  const bodyOf = (response: Response) => parsedBodies.get(response)?.data;
  const identify = createIdentify();
  const cached =
    responseCache && createCache ? [createCache({ ...responseCache, parsedBodies, identify })] : [];
  const exchange = compose(
    [
      ...cached,
      retryMiddleware({ budget: createRetryBudget(), emit, bodyOf }),
      authMiddleware(origin),
      rateLimitMiddleware({
        ...{ cooldowns: new Map(), shared: sharedCooldowns, emit, identify },
        delayOf: (response) => serverDelayMs(response, Date.now(), bodyOf(response)),
      }),
      // Outside the timeout, to report an attempt that a fetch never ends. Outside the body reader, to report a body that
      // breaks off as an error and not as a response.
      observeMiddleware({ origin, emit, hooks }),
      timeoutMiddleware(),
      readBodyMiddleware(parsedBodies, options.fetch === undefined),
      redirectMiddleware(),
    ],
    fetchSend(options.fetch),
  );
  return {
    options,
    async send(request, call) {
      const response = await exchange(request, call);
      const data = parsedBodies.get(response)?.data;
      if (!response.ok) throw toAPIError(response, data, call);
      // Errors that are made of the response later show its id.
      if (response.headers.has('x-vercel-id')) attachSecrets(response, call.secrets);
      return { data, response };
    },
    stats: counters.read,
  };
}
