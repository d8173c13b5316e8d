// What a store needs of each kind of client, by its shape; that the real ones are so is shown by the suites with a server.
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRedisStore, type RedisClient } from '../../src/redis/index.js';
import { KEYS } from './fleet.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Receive = (text: string, channel: string) => void;

/** A connection that a store opens beside that of a client. */
class Beside extends EventEmitter {
  readonly channels: string[] = [];
  isUnref = false;
  closings = 0;
  receive: Receive = () => {};
  readonly stream = { unref: () => this.unref() };
  readonly connect = async () => {};
  readonly unref = () => {
    this.isUnref = true;
  };
  /** Says so at once, as a client of `redis` does. */
  readonly destroy = () => {
    this.closings++;
    this.emit('end');
  };
  readonly disconnect = this.destroy;
}

interface Shape {
  readonly client: RedisClient & EventEmitter;
  readonly opened: Beside[];
  /** What the server answers. */
  answer: (command: 'digest' | 'whole') => Promise<unknown>;
  /** Why the server refuses to subscribe. */
  refusal?: Error;
  /** The events after which a connection is not used any more. */
  readonly losses: readonly string[];
  setReady(isReady: boolean): void;
}

function nodeRedis(): Shape {
  const opened: Beside[] = [];
  const client = Object.assign(new EventEmitter(), {
    isOpen: true,
    isReady: true,
    options: { socket: { host: 'redis.example' } },
    evalSha: () => shape.answer('digest'),
    eval: () => shape.answer('whole'),
    duplicate: (options: { socket: object }) => {
      expect(options.socket).toEqual({ host: 'redis.example', reconnectStrategy: false });
      const beside = new Beside();
      opened.push(beside);
      return Object.assign(beside, {
        subscribe: async (channels: string[], receive: Receive) => {
          if (shape.refusal !== undefined) throw shape.refusal;
          beside.channels.push(...channels);
          beside.receive = receive;
        },
      });
    },
  });
  const setReady = (isReady: boolean) => void Object.assign(client, { isReady });
  const losses = ['error', 'end', 'reconnecting'];
  const shape: Shape = { client, opened, answer: async () => 1, setReady, losses };
  return shape;
}

function ioredis(): Shape {
  const opened: Beside[] = [];
  const client = Object.assign(new EventEmitter(), {
    status: 'ready',
    evalsha: () => shape.answer('digest'),
    eval: () => shape.answer('whole'),
    duplicate: (options: object) => {
      const expected = { retryStrategy: null, lazyConnect: true, autoResubscribe: false };
      expect(options).toEqual({ ...expected, maxRetriesPerRequest: 0 });
      const beside = new Beside();
      opened.push(beside);
      beside.receive = (text, channel) => beside.emit('message', channel, text);
      return Object.assign(beside, {
        subscribe: async (...channels: string[]) => {
          if (shape.refusal !== undefined) throw shape.refusal;
          beside.channels.push(...channels);
        },
      });
    },
  });
  const setReady = (isReady: boolean) =>
    void Object.assign(client, { status: isReady ? 'ready' : 'reconnecting' });
  const losses = ['error', 'close', 'end'];
  const shape: Shape = { client, opened, answer: async () => 1, setReady, losses };
  return shape;
}

/** A cluster of one node, as a client of `createCluster` shows it. */
function cluster(): Shape & { readonly looks: unknown[] } {
  const node = nodeRedis();
  const looks: unknown[] = [];
  const masters = [{ client: node.client }];
  const client = Object.assign(new EventEmitter(), {
    isOpen: true,
    slots: Array.from({ length: 16_384 }, () => ({ master: masters[0] })),
    masters,
    _slots: { rediscover: async (from: unknown) => void looks.push(from) },
    evalSha: () => shape.answer('digest'),
    eval: () => shape.answer('whole'),
  });
  const shape: Shape = Object.assign(node, { client, answer: async () => 1 });
  return Object.assign(shape, { looks });
}

function listen({ client }: Shape) {
  const told: string[] = [];
  const end = createRedisStore({ client, keys: KEYS, prefix: 'p:' }).subscribe('me', {
    message: (text) => told.push(text),
    listening: () => told.push('listening'),
    lost: (reason) => told.push(`lost ${reason ?? ''}`.trim()),
  });
  return { told, end };
}

describe.each([
  ['createClient', nodeRedis],
  ['createCluster', cluster],
  ['ioredis', ioredis],
] as const)('a store over a client of %s', (_, make) => {
  it('listens beside it, says when that breaks, and begins again', async () => {
    const shape = make();
    const { told, end } = listen(shape);
    await vi.advanceTimersByTimeAsync(0);
    const [first] = shape.opened;
    expect(first).toMatchObject({ channels: ['p:messages', 'p:client:me'], isUnref: true });
    first?.receive('one', 'p:messages');
    first?.emit('error', new Error('of the test'));
    first?.emit('end');
    expect(first?.closings).toBe(1);
    expect(told).toEqual(['listening', 'one', 'lost']);
    await vi.advanceTimersByTimeAsync(500);
    expect(told).toEqual(['listening', 'one', 'lost', 'listening']);
    end();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(shape.opened.map(({ closings }) => closings)).toEqual([1, 1]);
  });

  it('gives a connection up after the first sign that it may have missed something', async () => {
    for (const event of make().losses) {
      const shape = make();
      const { told } = listen(shape);
      await vi.advanceTimersByTimeAsync(0);
      shape.opened[0]?.emit(event, new Error('of the test'));
      expect(told, event).toEqual(['listening', 'lost']);
      expect(shape.opened[0]?.closings, event).toBe(1);
    }
  });

  it('says why the server refuses to let it listen, and closes the connection', async () => {
    const shape = make();
    shape.refusal = new Error('NOPERM this user has no permissions');
    const { told } = listen(shape);
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual(['lost NOPERM']);
    expect(shape.opened.map(({ closings }) => closings)).toEqual([1]);
  });

  it('that is not connected keeps nothing for later, and listens when it is', async () => {
    const shape = make();
    shape.setReady(false);
    const { told } = listen(shape);
    const store = createRedisStore({ client: shape.client, keys: KEYS });
    const error = { name: 'NotConnectedError', code: 'NOT_CONNECTED' };
    await expect(store.probe('me', '')).rejects.toMatchObject(error);
    // Asking a client again costs nothing, so that the pauses do not grow.
    await vi.advanceTimersByTimeAsync(20_000);
    expect(told).not.toContain('listening');
    shape.setReady(true);
    await vi.advanceTimersByTimeAsync(500);
    expect(told.at(-1)).toBe('listening');
    await expect(store.probe('me', '')).resolves.toBeUndefined();
  });

  it('sends a script whole where the server does not know it, and passes on what it says else', async () => {
    const shape = make();
    const sent: string[] = [];
    shape.answer = async (how) => {
      sent.push(how);
      if (how === 'digest') throw new Error('NOSCRIPT No matching script');
      return 7;
    };
    const store = createRedisStore({ client: shape.client, keys: KEYS });
    expect(await store.cooldown('h:any', 7)).toBe(7);
    expect(sent).toEqual(['digest', 'whole']);
    shape.answer = async (how) => {
      sent.push(how);
      throw new Error('OOM command not allowed');
    };
    await expect(store.cooldown('h:any', 7)).rejects.toThrow('OOM');
    expect(sent).toEqual(['digest', 'whole', 'digest']);
  });

  it('is quiet about errors, with one listener however many stores it has', () => {
    const { client } = make();
    for (let count = 0; count < 20; count++) createRedisStore({ client, keys: KEYS });
    expect(client.listenerCount('error')).toBe(1);
    expect(client.emit('error', new Error('of the test'))).toBe(true);
  });

  it('reads what the scripts answer', async () => {
    const shape = make();
    const store = createRedisStore({ client: shape.client, keys: KEYS });
    const keys = { entry: '{s}:t:a', lease: '{s}:l:a', generations: ['{s}:g:a'], shared: [] };
    const request = {
      keys,
      owner: 'o',
      leaseMs: 1,
      seen: undefined,
      fresh: ['f'],
      replaces: [],
      message: '',
    };
    shape.answer = async () => ['sealed', 12, 0, 34, 'g'];
    const stored = { value: 'sealed', leftMs: 12 };
    expect(await store.acquire(request)).toEqual({ stored, leased: false, nowMs: 34, generations: ['g'] });
    shape.answer = async () => ['', 0, 1, 34, ''];
    expect(await store.acquire(request)).toMatchObject({
      stored: undefined,
      leased: true,
      generations: [''],
    });
    // As text and bytes, where a client is set up so.
    shape.answer = async () => [Buffer.from('sealed é'), '12', 0n, Buffer.from('-34'), Buffer.from('g')];
    expect(await store.acquire(request)).toEqual({
      stored: { value: 'sealed é', leftMs: 12 },
      leased: false,
      nowMs: -34,
      generations: ['g'],
    });
    const write = { keys, owner: 'o', generations: ['g'], value: 'v', untilMs: 1, message: '' };
    shape.answer = async () => 'outdated';
    expect(await store.write(write)).toBe('outdated');
    const unknown = expect.objectContaining({
      name: 'TypeError',
      message: expect.stringContaining('not known'),
    });
    for (const reply of [
      ...['nonsense', 7, undefined, ['sealed', 12, 1], ['sealed', '12 ms', 1, 34], ['sealed', 'x12', 1, 34]],
      ...[
        [7, 12, 1, 34],
        ['sealed', 12, 1, 34, 7],
      ],
    ]) {
      shape.answer = async () => reply;
      await expect(store.acquire(request), JSON.stringify(reply)).rejects.toEqual(unknown);
      await expect(store.write(write), JSON.stringify(reply)).rejects.toEqual(unknown);
    }
    for (const reply of ['nonsense', undefined, [7]]) {
      shape.answer = async () => reply;
      await expect(store.cooldown('h', 0), JSON.stringify(reply)).rejects.toEqual(unknown);
      await expect(store.generations([], [], 0), JSON.stringify(reply)).rejects.toEqual(unknown);
    }
    shape.answer = async () => 1;
    expect(await store.renew('{s}:l:a', 'o', 1, '')).toBe(true);
    await expect(store.replace(['{s}:g:a'], ['f'], '')).resolves.toBeUndefined();
  });
});

describe('a store over a client of ioredis that has just been made', () => {
  it.each(['connecting', 'connect'])('waits for its first connection (%s)', async (status) => {
    const shape = ioredis();
    Object.assign(shape.client, { status });
    const store = createRedisStore({ client: shape.client, keys: KEYS });
    const asked = store.cooldown('h:any', 7);
    await vi.advanceTimersByTimeAsync(40);
    shape.setReady(true);
    shape.client.emit('ready');
    expect(await asked).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits no longer where that fails, and does not connect it a second time', async () => {
    const shape = ioredis();
    const connect = vi.fn();
    Object.assign(shape.client, { status: 'connecting', connect });
    const asked = createRedisStore({ client: shape.client, keys: KEYS }).cooldown('h:any', 7);
    const refused = expect(asked).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    shape.client.emit('close');
    await refused;
    expect(vi.getTimerCount()).toBe(0);
    expect(connect).not.toHaveBeenCalled();
  });

  it('gives up before a reply has to be there, and does not wait again', async () => {
    const shape = ioredis();
    Object.assign(shape.client, { status: 'connecting' });
    const store = createRedisStore({ client: shape.client, keys: KEYS });
    const asked = store.cooldown('h:any', 7).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(45);
    expect(await asked).toMatchObject({ code: 'NOT_CONNECTED' });
    await expect(store.cooldown('h:any', 7)).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
  });

  it('does not wait for a connection that it had before', async () => {
    const shape = ioredis();
    const store = createRedisStore({ client: shape.client, keys: KEYS });
    expect(await store.cooldown('h:any', 7)).toBe(1);
    Object.assign(shape.client, { status: 'connecting' });
    await expect(store.cooldown('h:any', 7)).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
  });

  it('connects one with lazyConnect, and keeps the process when that fails', async () => {
    const shape = ioredis();
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const connect = async () => {
      shape.setReady(false);
      throw new Error('Connection is closed.');
    };
    Object.assign(shape.client, { status: 'wait', connect });
    const store = createRedisStore({ client: shape.client, keys: KEYS });
    await expect(store.cooldown('h:any', 7)).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    vi.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});

describe('a store over a cluster', () => {
  it('looks for the node that has taken over, and not at every call', async () => {
    const shape = cluster();
    shape.setReady(false);
    const store = createRedisStore({ client: shape.client, keys: KEYS });
    for (let call = 0; call < 5; call++) await store.cooldown('h:any', 0).catch(() => undefined);
    expect(shape.looks).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(500);
    await store.cooldown('h:any', 0).catch(() => undefined);
    expect(shape.looks).toHaveLength(2);
  });

  it('asks a node that can be asked for the one that has taken over, or else the first', async () => {
    const [away, well] = [nodeRedis().client, nodeRedis().client];
    Object.assign(away, { isReady: false });
    const shape = cluster();
    // The first has not been needed yet, and has no client.
    const masters = [{}, { client: away }, { client: well }];
    Object.assign(shape.client, { masters, slots: Array(16_384).fill({ master: masters[1] }) });
    const store = createRedisStore({ client: shape.client, keys: KEYS });
    await store.cooldown('h:any', 0).catch(() => undefined);
    Object.assign(well, { isReady: false });
    await vi.advanceTimersByTimeAsync(500);
    await store.cooldown('h:any', 0).catch(() => undefined);
    expect(shape.looks).toEqual([well, away]);
  });

  it('asks a node that has not been needed before, which connects it', async () => {
    const shape = cluster();
    Object.assign(shape.client, { slots: Array(16_384).fill({ master: {} }) });
    expect(await createRedisStore({ client: shape.client, keys: KEYS }).cooldown('h:any', 0)).toBe(1);
  });

  it('that is closed neither asks nor looks for another node', async () => {
    const shape = cluster();
    Object.assign(shape.client, { isOpen: false });
    const store = createRedisStore({ client: shape.client, keys: KEYS });
    await expect(store.cooldown('h:any', 0)).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    expect(shape.looks).toEqual([]);
  });

  it('asks the node that has the slot of what stands in braces', async () => {
    const shape = cluster();
    const slots = Array.from({ length: 16_384 }, (): object | undefined => undefined);
    // The check value of CRC-16/XMODEM.
    slots[0x31c3] = { master: { client: { isReady: true } } };
    Object.assign(shape.client, { slots });
    const store = createRedisStore({ client: shape.client, keys: KEYS });
    expect(await store.renew('{123456789}:l:{other}', 'o', 1, '')).toBe(true);
    await expect(store.renew('{12345678}:l:a', 'o', 1, '')).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
  });
});

describe('a store over ioredis', () => {
  it('connects a client that waits for its first command, and keeps nothing for it', async () => {
    const { client } = ioredis();
    const connect = vi.fn();
    const store = createRedisStore({
      client: Object.assign(client, { status: 'wait', connect }),
      keys: KEYS,
    });
    await expect(store.cooldown('h:any', 0)).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    expect(connect).toHaveBeenCalledTimes(1);
    Object.assign(client, { status: 'connecting' });
    await expect(store.cooldown('h:any', 0)).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    expect(connect).toHaveBeenCalledTimes(1);
  });

  it('listens beside any of the masters of a cluster', async () => {
    const masters = [ioredis(), ioredis(), ioredis()];
    const nodes = (role: string) => (role === 'master' ? masters.map(({ client }) => client) : []);
    const client = Object.assign(ioredis().client, { nodes });
    for (let count = 0; count < 60; count++)
      createRedisStore({ client, keys: KEYS }).subscribe('me', {
        message: () => {},
        listening: () => {},
        lost: () => {},
      });
    await vi.advanceTimersByTimeAsync(0);
    const opened = masters.map((master) => master.opened.length);
    expect(opened.reduce((sum, count) => sum + count)).toBe(60);
    expect(Math.min(...opened)).toBeGreaterThan(0);
  });

  it('sends the names and the values of a script after their number', async () => {
    const sent: unknown[] = [];
    const evalsha = async (_: string, ...given: unknown[]) => void sent.push(given);
    const client = Object.assign(ioredis().client, { evalsha });
    await createRedisStore({ client, keys: KEYS, prefix: 'p:' })
      .cooldown('h:any', 7)
      .catch(() => undefined);
    expect(sent).toEqual([[1, 'p:h:any', '7']]);
  });
});
