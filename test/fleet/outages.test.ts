import { createClient } from 'redis';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ConnectClient, ConnectEvent, ConnectTokenParams } from '../../src/connect/index.js';
import { countedTokenFor } from '../connect/helpers.js';
import { CLIENT_KINDS, type ClientKind, startFleet, startTestRedis, until } from './fleet.js';
import { type RedisProxy, startProxy } from './proxy.js';
import { hasServer, type RedisServer } from './redis-server.js';

const PAUSE_MS = Number(process.env.FLEET_PAUSE_MS ?? 300);
const user = (id: number): ConnectTokenParams => ({ subject: { type: 'user', id: `user_${id}` } });

interface Setting {
  readonly server: RedisServer;
  readonly proxy: RedisProxy;
  /** Sends a command to the server itself. */
  command(...parts: string[]): Promise<unknown>;
}

interface Outage {
  readonly name: string;
  readonly begin: (setting: Setting) => Promise<unknown> | unknown;
  readonly end: (setting: Setting) => Promise<unknown> | unknown;
  /** The word by which the event names it. */
  readonly reason: RegExp;
}

const OUTAGES: readonly Outage[] = [
  {
    name: 'stopped, and started again empty',
    begin: ({ server }) => server.kill(),
    end: ({ server }) => server.restart(),
    reason: /./,
  },
  {
    name: 'paused',
    begin: ({ server }) => server.pause(),
    end: ({ server }) => server.resume(),
    reason: /timeout/,
  },
  {
    name: 'full',
    begin: ({ command }) => command('CONFIG', 'SET', 'maxmemory', '1'),
    end: ({ command }) => command('CONFIG', 'SET', 'maxmemory', '0'),
    reason: /OOM/,
  },
  {
    name: 'a replica that takes no writes',
    begin: ({ command }) => command('REPLICAOF', '127.0.0.1', '1'),
    end: ({ command }) => command('REPLICAOF', 'NO', 'ONE'),
    reason: /READONLY/,
  },
  {
    name: 'loading',
    begin: ({ proxy }) => {
      proxy.mode = 'loading';
    },
    end: ({ proxy }) => {
      proxy.mode = 'pass';
    },
    reason: /LOADING/,
  },
  {
    name: 'cut in the middle of a reply',
    begin: ({ proxy }) => {
      proxy.mode = 'cut';
    },
    end: ({ proxy }) => {
      proxy.mode = 'pass';
    },
    reason: /./,
  },
];

/** Asks all the time, in so many lines at once, for tokens that are soon over. */
function startLoad(clients: readonly ConnectClient[]) {
  const failures: unknown[] = [];
  let isWanted = true;
  let answered = 0;
  const line = async (client: ConnectClient, id: number) => {
    while (isWanted) {
      await client.getToken('oauth/linear', user(id), { signal: AbortSignal.timeout(5_000) }).then(
        () => answered++,
        (error) => failures.push(error),
      );
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const lines = clients.flatMap((client) => [0, 1, 2].map((id) => line(client, id)));
  return {
    answered: () => answered,
    async stop() {
      isWanted = false;
      await Promise.all(lines);
      return failures;
    },
  };
}

async function setUp(kind: ClientKind) {
  const server = await startTestRedis();
  const proxy = await startProxy(server.port);
  const events: ConnectEvent[] = [];
  const fleet = await startFleet(proxy.url, 3, countedTokenFor(400), {
    kind,
    onEvent: (event) => events.push(event),
    cache: { storeTimeoutMs: 50 },
  });
  const command = async (...parts: string[]) => {
    const direct = createClient({ url: server.url });
    direct.on('error', () => undefined);
    await direct.connect();
    onTestFinished(() => {
      if (direct.isOpen) direct.destroy();
    });
    return direct.sendCommand(parts);
  };
  return { server, proxy, events, fleet, setting: { server, proxy, command } };
}

// Where time is short, the second client is shown what is the clients' own business: connections that break.
const SHORT: readonly string[] = ['stopped, and started again empty', 'cut in the middle of a reply'];
const isLong = process.env.FLEET_PAUSE_MS !== undefined;
const outagesOf = (kind: ClientKind) =>
  OUTAGES.filter(({ name }) => isLong || kind === 'redis' || SHORT.includes(name));

describe.skipIf(!hasServer()).each(CLIENT_KINDS)('a store over a client of %s', (kind) => {
  it.each(outagesOf(kind))(
    'that is $name: fails and delays no call, and is soon used again',
    async (outage) => {
      const { events, fleet, setting } = await setUp(kind);
      const load = startLoad(fleet.clients);
      await until(() => fleet.clients.every((client) => client.stats().storeHits > 0));
      await outage.begin(setting);
      await until(() => events.filter(({ type }) => type === 'store-away').length >= 3);
      const before = load.answered();
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      expect(load.answered(), 'calls are answered without the store').toBeGreaterThan(before);
      const away = fleet.clients.map((client) => client.stats());
      await outage.end(setting);
      await until(
        () =>
          fleet.clients.every((client, at) => client.stats().storeReturns > (away[at]?.storeReturns ?? 0)),
        5_000,
      );
      const back = fleet.clients.map((client) => client.stats().storeHits);
      await until(() => fleet.clients.some((client, at) => client.stats().storeHits > (back[at] ?? 0)));
      expect(await load.stop()).toEqual([]);
      const told = events
        .filter((event) => event.type === 'store-away')
        .map((event) => ('reason' in event ? String(event.reason) : ''));
      // On a busy machine it may have been slow before.
      expect(told).toContainEqual(expect.stringMatching(outage.reason));
      expect(told.length, 'an outage is told of and not each call').toBeLessThan(20);
    },
  );
});
