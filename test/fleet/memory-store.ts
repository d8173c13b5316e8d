import { createStoreCrypto, type StoreListener, type TokenStore } from '../../src/connect/index.js';
import { KEYS } from './fleet.js';

interface Kept {
  readonly text: string;
  readonly until: number;
}

/** What a store in memory keeps, for any number of clients. */
export interface MemoryData {
  readonly texts: Map<string, Kept>;
  /** Tells everybody. */
  publish(message: string): void;
  readonly listeners: Map<StoreListener, (message: string) => void>;
}

/** When an operation on a store takes effect and is answered, and when a message arrives: at once, unless told otherwise. */
export interface Pace {
  readonly operate: <T>(name: keyof TokenStore, work: () => T) => Promise<T>;
  readonly deliver: (work: () => void) => void;
}

export function createMemoryData(): MemoryData {
  const listeners: MemoryData['listeners'] = new Map();
  return {
    texts: new Map(),
    listeners,
    publish: (message) => {
      for (const deliver of listeners.values()) deliver(message);
    },
  };
}

/** A whole {@link TokenStore} in the memory of one process: for tests, and an example of how one is written. */
export function createMemoryStore(data: MemoryData, pace?: Pace): TokenStore {
  const { texts, publish, listeners } = data;
  const operate: Pace['operate'] = pace?.operate ?? (async (_, work) => work());
  const now = () => performance.now();
  const read = (name: string) => {
    const kept = texts.get(name);
    return kept !== undefined && kept.until > now() ? kept : undefined;
  };
  const keep = (name: string, text: string, ms: number) => texts.set(name, { text, until: now() + ms });
  const DAY = 86_400_000;
  return {
    crypto: createStoreCrypto(KEYS),
    acquire: ({ keys, owner, leaseMs, seen, fresh, replaces, message }) =>
      operate('acquire', () => {
        for (const name of replaces) keep(name, fresh[keys.generations.indexOf(name)] ?? '', DAY);
        if (replaces.length > 0) {
          texts.delete(keys.entry);
          texts.delete(keys.lease);
          publish(message);
        }
        const entry = read(keys.entry);
        const isWanted = entry === undefined || (seen !== undefined && entry.text.startsWith(seen));
        const leased = isWanted && read(keys.lease) === undefined;
        if (leased) keep(keys.lease, owner, leaseMs);
        keys.generations.forEach((name, at) => {
          if (leased && read(name) === undefined) keep(name, fresh[at] ?? '', DAY);
        });
        return {
          stored: entry && { value: entry.text, leftMs: entry.until - now() },
          generations: keys.generations.map((name) => read(name)?.text ?? ''),
          leased,
          nowMs: now(),
        };
      }),
    renew: (lease, owner, leaseMs, message) =>
      operate('renew', () => {
        if (read(lease)?.text !== owner) return false;
        if (leaseMs > 0) keep(lease, owner, leaseMs);
        else {
          texts.delete(lease);
          publish(message);
        }
        return true;
      }),
    write: ({ keys, owner, generations, value, untilMs, message }) =>
      operate('write', () => {
        const isOwner = read(keys.lease)?.text === owner;
        const isCurrent = keys.generations.every((name, at) => read(name)?.text === generations[at]);
        const isEnded = keys.generations.some((name, at) => {
          const text = read(name)?.text;
          return text !== generations[at] && text?.startsWith('!') === true;
        });
        if (isOwner && isCurrent) keep(keys.entry, value, untilMs - now());
        if (isOwner) {
          texts.delete(keys.lease);
          publish(message);
        }
        if (isEnded) return 'outdated';
        return isOwner && isCurrent ? 'stored' : 'lost';
      }),
    generations: (keys, fresh, leastMs) =>
      operate('generations', () =>
        keys.map((name, at) => {
          const kept = read(name);
          const text = kept?.text ?? fresh[at] ?? '';
          keep(name, text, Math.max(kept === undefined ? DAY : kept.until - now(), leastMs));
          return text;
        }),
      ),
    replace: (generations, fresh, message, { expected, unlessEnding } = {}) =>
      operate('replace', () => {
        const isMeant = (name: string, at: number) => {
          const text = read(name)?.text;
          if (expected !== undefined) return text === expected[at];
          return unlessEnding !== true || text?.startsWith('!') !== true;
        };
        const meant = generations.filter(isMeant);
        for (const name of meant) keep(name, fresh[generations.indexOf(name)] ?? '', DAY);
        if (meant.length > 0) publish(message);
      }),
    cooldown: (name, leastMs) =>
      operate('cooldown', () => {
        const left = Math.max(0, (read(name)?.until ?? 0) - now());
        if (leastMs > left) keep(name, '1', leastMs);
        return Math.max(left, leastMs);
      }),
    probe: (_channel, message) =>
      operate('probe', () => {
        for (const deliver of listeners.values()) deliver(message);
      }),
    subscribe(_channel, listener) {
      const deliver = pace?.deliver ?? ((work) => work());
      listeners.set(listener, (message) => deliver(() => listener.message(message)));
      listener.listening();
      return () => void listeners.delete(listener);
    },
  };
}
