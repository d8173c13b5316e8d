import type { Identify } from '../transport/identity.js';
import type { StartedConsent } from './consent/wait.js';
import type { Gateway } from './gateway.js';
import type { Refusals } from './refusals.js';
import type { TokenCache } from './token-cache.js';
import type { ConnectTokenResponse } from './types.js';

/** What the functions of one Connect client share. */
export interface State {
  readonly gateway: Gateway;
  readonly cache: TokenCache<ConnectTokenResponse>;
  readonly refusals: Refusals;
  /** Tells callers apart, without their tokens. */
  readonly identify: Identify;
  /** What each open request for consent is for; forgotten with the answer that it came in. */
  readonly consents: WeakMap<object, StartedConsent>;
  /** The client's own buffer, sent to the API only where the client was given one. */
  readonly bufferMs: number | undefined;
}
