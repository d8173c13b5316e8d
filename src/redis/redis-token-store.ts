import type { Look, LookRequest, StoreKeys, TokenNames, TokenStore, WriteOutcome } from '../connect/index.js';
import type { RedisCommands } from './redis-client.js';
import { GENERATIONS, HOLD, LOOK, PROBE, RENEW, REPLACE, WRITE } from './scripts.js';
import { keepSubscription } from './subscription.js';

/** How long a generation is kept that nothing has been stored under, in milliseconds: a day. */
const GENERATION_MS = 86_400_000;
/** How much longer than its entries a generation is kept, in milliseconds. */
const SPARE_MS = 60_000;
const PROBE_MS = 10_000;

/** A {@link TokenStore} of Lua scripts: each is one step for everybody, on one node. */
export function createRedisTokenStore(commands: RedisCommands, keys: StoreKeys, prefix: string): TokenStore {
  const full = (name: string) => prefix + name;
  const channel = full('notices');
  const inboxOf = (inbox: string) => full(`inbox:${inbox}`);
  const keysOf = ({ entry, lease, generations }: TokenNames) => [entry, lease, ...generations].map(full);
  return {
    keys,
    async look(request) {
      const found = await commands.run(LOOK, keysOf(request.names), lookArguments(request, channel));
      return readLook(found);
    },
    async renew(lease, owner, leaseMs, notice) {
      return readNumber(await commands.run(RENEW, [full(lease)], [owner, leaseMs, channel, notice])) === 1;
    },
    async write({ names, owner, generations, value, untilMs, notice }) {
      const given = [owner, value, untilMs, SPARE_MS, channel, notice, ...generations];
      return readOutcome(await commands.run(WRITE, keysOf(names), given));
    },
    async generations(names, fresh, leastMs) {
      const given = [GENERATION_MS, Math.ceil(leastMs), ...fresh];
      return readTexts(await commands.run(GENERATIONS, names.map(full), given));
    },
    async replace(generations, fresh, notice, { expected, unlessEnding } = {}) {
      const condition = expected ? 'expected' : unlessEnding ? 'unless-ending' : '';
      const given = [GENERATION_MS, channel, notice, condition, ...fresh, ...(expected ?? [])];
      await commands.run(REPLACE, generations.map(full), given);
    },
    async hold(name, leastMs) {
      return readNumber(await commands.run(HOLD, [full(name)], [leastMs]));
    },
    async probe(inbox, notice) {
      await commands.run(PROBE, [full(`probe:${inbox}`)], [PROBE_MS, inboxOf(inbox), notice]);
    },
    subscribe: (inbox, listener) => keepSubscription(commands, [channel, inboxOf(inbox)], listener),
  };
}

function lookArguments(
  { names, owner, leaseMs, seen, fresh, replaces, notice }: LookRequest,
  channel: string,
): (string | number)[] {
  const places = replaces.map((name) => names.generations.indexOf(name) + 1);
  return [owner, leaseMs, seen ?? '', GENERATION_MS, channel, notice, places.length, ...fresh, ...places];
}

function readLook(found: unknown): Look {
  if (!Array.isArray(found) || found.length < 4) throw unknownReply();
  const [entry, leftMs, leased, nowMs, ...generations] = found;
  const value = readText(entry);
  return {
    stored: value === '' ? undefined : { value, leftMs: readNumber(leftMs) },
    generations: readTexts(generations),
    leased: readNumber(leased) === 1,
    nowMs: readNumber(nowMs),
  };
}

function readOutcome(reply: unknown): WriteOutcome {
  const outcome = readText(reply);
  if (outcome === 'stored' || outcome === 'outdated' || outcome === 'lost') return outcome;
  throw unknownReply();
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
