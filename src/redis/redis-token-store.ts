import type { StoreCrypto, TokenStore, TokenStoreKeys } from '../connect/index.js';
import type { RedisCommands } from './redis-client.js';
import { ACQUIRE, COOLDOWN, GENERATIONS, PROBE, RENEW, REPLACE, WRITE } from './scripts.js';
import { keepSubscription } from './subscription.js';

/** Life of a generation without entries, in milliseconds: a day. */
const GENERATION_MS = 86_400_000;
/** Extra life of a generation, in milliseconds: it outlives its entries. */
const SPARE_MS = 60_000;
const PROBE_MS = 10_000;

/** A {@link TokenStore} of Lua scripts: each is one step for everybody, on one node. */
export function createRedisTokenStore(
  commands: RedisCommands,
  crypto: StoreCrypto,
  prefix: string,
): TokenStore {
  const full = (name: string) => prefix + name;
  const broadcast = full('messages');
  const channelOf = (channel: string) => full(`client:${channel}`);
  const keysOf = ({ entry, lease, generations }: TokenStoreKeys) => [entry, lease, ...generations].map(full);
  return {
    crypto,
    async acquire({ keys, owner, leaseMs, seen, fresh, replaces, message }) {
      const places = replaces.map((name) => keys.generations.indexOf(name) + 1);
      const given = [
        ...[owner, leaseMs, seen ?? '', GENERATION_MS, broadcast, message],
        ...[places.length, ...fresh, ...places],
      ];
      const found = await commands.run(ACQUIRE, keysOf(keys), given);
      if (!Array.isArray(found)) throw unknownReply();
      const [entry, leftMs, leased, nowMs, ...generations] = found;
      const value = readText(entry);
      return {
        stored: value === '' ? undefined : { value, leftMs: readNumber(leftMs) },
        generations: readTexts(generations),
        leased: readNumber(leased) === 1,
        nowMs: readNumber(nowMs),
      };
    },
    async renew(lease, owner, leaseMs, message) {
      return readNumber(await commands.run(RENEW, [full(lease)], [owner, leaseMs, broadcast, message])) === 1;
    },
    async write({ keys, owner, generations, value, untilMs, message }) {
      const given = [owner, value, untilMs, SPARE_MS, broadcast, message, ...generations];
      const outcome = readText(await commands.run(WRITE, keysOf(keys), given));
      if (outcome === 'stored' || outcome === 'outdated' || outcome === 'lost') return outcome;
      throw unknownReply();
    },
    async generations(keys, fresh, leastMs) {
      const given = [GENERATION_MS, Math.ceil(leastMs), ...fresh];
      return readTexts(await commands.run(GENERATIONS, keys.map(full), given));
    },
    async replace(generations, fresh, message, { expected, unlessEnding } = {}) {
      const condition = expected ? 'expected' : unlessEnding ? 'unless-ending' : '';
      const given = [GENERATION_MS, broadcast, message, condition, ...fresh, ...(expected ?? [])];
      await commands.run(REPLACE, generations.map(full), given);
    },
    async cooldown(name, leastMs) {
      return readNumber(await commands.run(COOLDOWN, [full(name)], [leastMs]));
    },
    async probe(channel, message) {
      await commands.run(PROBE, [full(`probe:${channel}`)], [PROBE_MS, channelOf(channel), message]);
    },
    subscribe: (channel, listener) => keepSubscription(commands, [broadcast, channelOf(channel)], listener),
  };
}

// A client may be set up to give numbers as text, and text as bytes.
function readNumber(reply: unknown): number {
  if (typeof reply === 'number' || typeof reply === 'bigint') return Number(reply);
  const text = readText(reply);
  if (/^-?\d+$/.test(text)) return Number(text);
  throw unknownReply();
}

function readText(reply: unknown): string {
  if (typeof reply === 'string') return reply;
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString('utf8');
  throw unknownReply();
}

function readTexts(reply: unknown): string[] {
  if (Array.isArray(reply)) return reply.map(readText);
  throw unknownReply();
}

function unknownReply(): Error {
  return new TypeError("the client gave a script's reply in a shape that is not known");
}
