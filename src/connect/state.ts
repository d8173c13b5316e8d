import type { Identify } from '../transport/auth/identity.js';
import type { OpenConsents } from './consent/open-consents.js';
import type { StartedConsent } from './consent/wait.js';
import type { ContextResolver } from './request-context.js';
import type { TokenEvent } from './stats.js';
import type { StoreLevel } from './store/level.js';
import type { Grants } from './tokens/grants.js';
import type { NegativeCache } from './tokens/negative-cache.js';
import type { TokenCache } from './tokens/token-cache.js';
import type { ReadTokenRequest } from './tokens/token-request.js';
import type { ConnectTokenResponse } from './types.js';

/** State that the functions of one Connect client share. */
export interface State {
  readonly contexts: ContextResolver;
  readonly cache: TokenCache<ConnectTokenResponse>;
  readonly negativeCache: NegativeCache;
  /** Ends grants, in this process and in the others. */
  readonly grants: Grants;
  /** The level that this process shares with others; `undefined` without a store. */
  readonly shared: StoreLevel | undefined;
  /** Counts and emits an event. */
  readonly record: (event: TokenEvent) => void;
  /** Tells callers apart, without their tokens. */
  readonly identify: Identify;
  /** Checks and copies the arguments of a token call. */
  readonly readRequest: ReadTokenRequest;
  /** The bound of a whole token call, in milliseconds. */
  readonly tokenTimeoutMs: number;
  /** The arguments of each open request for consent, for as long as its response is referenced. */
  readonly consents: WeakMap<object, StartedConsent>;
  /** Requests for consent that callers share. */
  readonly openConsents: OpenConsents;
  /** The client's own buffer, sent to the API only where the client was given one. */
  readonly bufferMs: number | undefined;
}
