import { createClient } from 'redis';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ConnectClient, ConnectEvent, ConnectTokenParams } from '../../src/connect/index.js';
import { countedTokenFor } from '../connect/helpers.js';
import { CLIENT_KINDS, type ClientKind, startFleet, startTestRedis, until } from './fleet.js';
import { type RedisProxy, startProxy } from './proxy.js';
import { hasServer, type RedisServer } from './redis-server.js';

const PAUSE_MS = Number(process.env.FLEET_PAUSE_MS ?? 200);
const isLong = process.env.FLEET_PAUSE_MS !== undefined;
/** Rest of each line of the load after a call, in milliseconds. */
const REST_MS = isLong ? 5 : 20;
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
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
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

/** Goes through one outage under load. */
async function survive(kind: ClientKind, outage: Outage): Promise<void> {
  const { events, fleet, setting } = await setUp(kind);
  const { clients } = fleet;
  const reasons = () =>
    events
      .filter(({ type }) => type === 'store-away')
      .map((event) => ('reason' in event ? String(event.reason) : ''));
  const load = startLoad(clients);
  // On a busy machine it may have been slow before; what is looked at here is what comes of the outage.
  await until(() =>
    clients
      .map((client) => client.stats())
      .every((now) => now.storeHits > 0 && now.storeOutages === now.storeReturns),
  );
  const earlier = reasons().length;
  await outage.begin(setting);
  // A busy machine may meet its own timeout first, and the outage in the attempt after that.
  await until(
    () =>
      reasons().length >= earlier + clients.length && reasons().some((reason) => outage.reason.test(reason)),
  );
  const before = load.answered();
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  expect(load.answered(), `${outage.name}: calls are answered without the store`).toBeGreaterThan(before);
  const away = clients.map((client) => client.stats());
  await outage.end(setting);
  await until(
    () => clients.every((client, at) => client.stats().storeReturns > (away[at]?.storeReturns ?? 0)),
    5_000,
  );
  const back = clients.map((client) => client.stats().storeHits);
  await until(() => clients.some((client, at) => client.stats().storeHits > (back[at] ?? 0)));
  expect(await load.stop(), outage.name).toEqual([]);
  expect(reasons(), outage.name).toContainEqual(expect.stringMatching(outage.reason));
  expect(reasons().length, `${outage.name}: one event for an outage, none for each call`).toBeLessThan(20);
}

describe.skipIf(!hasServer()).each(CLIENT_KINDS)('a store over a client of %s', (kind) => {
  it.runIf(isLong).each(OUTAGES)(
    'that is $name: fails and delays no call, and is soon used again',
    async (outage) => survive(kind, outage),
  );

  it.skipIf(isLong)(
    `that is ${OUTAGES.map(({ name }) => name).join('; or ')}: fails and delays no call, and is soon used again`,
    async () => void (await Promise.all(OUTAGES.map((outage) => survive(kind, outage)))),
  );
});
