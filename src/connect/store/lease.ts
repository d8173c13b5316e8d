import type { CircuitBreaker } from './circuit-breaker.js';
import { fetchedMessage } from './messages.js';
import type { TokenStore, TokenStoreKeys } from './token-store.js';

/** Life of a lease that is not renewed, in milliseconds: a process that died holds up the others for so long. */
export const LEASE_MS = 2_000;
/** Between two renewals, in milliseconds. */
const RENEW_MS = 600;

/** A lease that is renewed for as long as its flight lives. */
export interface Lease {
  /** Ends the renewals. */
  stop(): void;
  /** Ends them and lets the next one have it. */
  release(): Promise<void>;
}

/** Keeps a lease that has just been taken. One that is lost is not renewed: what was fetched under it is then refused. */
export function keepLease(
  store: TokenStore,
  breaker: CircuitBreaker,
  { lease, entry }: TokenStoreKeys,
  owner: string,
): Lease {
  const timer = setInterval(async () => {
    const renewed = await breaker.run(() => store.renew(lease, owner, LEASE_MS, ''), undefined, false);
    if (renewed?.value === false) clearInterval(timer);
  }, RENEW_MS).unref();
  const stop = () => clearInterval(timer);
  return {
    stop,
    async release() {
      stop();
      await breaker.run(() => store.renew(lease, owner, 0, fetchedMessage(entry)), undefined, false);
    },
  };
}
