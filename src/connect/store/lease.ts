import type { Guard } from './guard.js';
import { landedNotice } from './notices.js';
import type { TokenNames, TokenStore } from './token-store.js';

/** Life of a lease that is not renewed, in milliseconds: so long a process that died holds the others up. */
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
  guard: Guard,
  { lease, entry }: TokenNames,
  owner: string,
): Lease {
  const timer = setInterval(async () => {
    const renewed = await guard.run(() => store.renew(lease, owner, LEASE_MS, ''), undefined, false);
    if (renewed?.value === false) clearInterval(timer);
  }, RENEW_MS).unref();
  const stop = () => clearInterval(timer);
  return {
    stop,
    async release() {
      stop();
      await guard.run(() => store.renew(lease, owner, 0, landedNotice(entry)), undefined, false);
    },
  };
}
