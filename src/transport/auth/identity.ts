import { toBase64Url } from '../../util/bytes.js';
import { sha256Bytes } from '../../util/sha256.js';

/** Tells bearers apart by a digest, so that none has to be kept in a key. */
export type Identify = (bearer: string) => string;

/** Time between two sweeps of unused digests. */
const SWEEP_MS = 60_000;
/** Sweeps after which an unused digest is dropped: after four minutes at the latest. */
const MAX_IDLE_SWEEPS = 4;

interface Remembered {
  readonly bearer: string;
  readonly digest: string;
  usedIn: number;
}

/**
 * Makes the function that names a bearer by its SHA-256, remembering the digests of those seen last.
 *
 * The claims of a token are never used: they are unverified here, and a forged token with another's claims would
 * otherwise be taken for the other's. No bearer is a key, and none is kept for five minutes after its last use.
 *
 * @param max - How many digests are remembered; hashing again costs time, never correctness.
 * @param digestOf - Names a bearer that is not remembered.
 */
export function createIdentify(max = 1_000, digestOf: Identify = digest): Identify {
  // By a number made of a few characters. Where two bearers share it, the later one takes the place.
  const slots = new Map<number, Remembered>();
  let sweeps = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  function sweep(): void {
    sweeps += 1;
    for (const [slot, { usedIn }] of slots) if (sweeps - usedIn >= MAX_IDLE_SWEEPS) slots.delete(slot);
    if (slots.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return (bearer) => {
    const slot = slotOf(bearer);
    const known = slots.get(slot);
    if (known?.bearer === bearer) {
      known.usedIn = sweeps;
      return known.digest;
    }
    const digest = digestOf(bearer);
    if (slots.size >= max && known === undefined) {
      const [oldest] = slots.keys();
      if (oldest !== undefined) slots.delete(oldest);
    }
    slots.delete(slot);
    slots.set(slot, { bearer, digest, usedIn: sweeps });
    if (timer === undefined) {
      timer = setInterval(sweep, SWEEP_MS);
      // It does not keep the process alive. In browsers it is a number, and no timer does.
      timer.unref?.();
    }
    return digest;
  };
}

function digest(bearer: string): string {
  return toBase64Url(sha256Bytes(bearer));
}

/** The end of a token differs where its beginning does not: a JWT begins with its algorithm and ends with its signature. */
function slotOf(bearer: string): number {
  let slot = bearer.length;
  for (let at = Math.max(0, bearer.length - 12); at < bearer.length; at++)
    slot = (Math.imul(slot, 31) + bearer.charCodeAt(at)) | 0;
  return slot;
}
