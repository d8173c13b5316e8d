import type { Identify } from '../transport/identity.js';
import type { Gateway } from './gateway.js';
import type { KeyMemo } from './key-memo.js';
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
  /** The keys of calls that have hit. */
  readonly keys: KeyMemo;
  /** The client's own buffer, sent to the API only where the client was given one. */
  readonly bufferMs: number | undefined;
}
