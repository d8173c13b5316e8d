import type { Look, LookRequest, StoreKeys, TokenNames, TokenStore, WriteOutcome } from '../connect/index.js';
import type { RedisCommands } from './redis-client.js';
import { HOLD, LOOK, PROBE, RENEW, REPLACE, WRITE } from './scripts.js';
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
      return (await commands.run(RENEW, [full(lease)], [owner, leaseMs, channel, notice])) === 1;
    },
    async write({ names, owner, generations, value, untilMs, notice }) {
      const given = [owner, value, untilMs, SPARE_MS, channel, notice, ...generations];
      return readOutcome(await commands.run(WRITE, keysOf(names), given));
    },
    async replace(generations, fresh, notice) {
      await commands.run(REPLACE, generations.map(full), [GENERATION_MS, channel, notice, ...fresh]);
    },
    async hold(name, leastMs) {
      return Number(await commands.run(HOLD, [full(name)], [leastMs]));
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
  if (!Array.isArray(found)) throw new TypeError('the look script answered something else');
  const [value, leftMs, leased, nowMs, ...generations] = found;
  return {
    stored: value === '' ? undefined : { value: String(value), leftMs: Number(leftMs) },
    generations: generations.map(String),
    leased: leased === 1,
    nowMs: Number(nowMs),
  };
}

function readOutcome(outcome: unknown): WriteOutcome {
  return outcome === 'stored' || outcome === 'outdated' ? outcome : 'lost';
}
