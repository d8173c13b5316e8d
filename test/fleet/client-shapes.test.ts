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
  isClosed = false;
  receive: Receive = () => {};
  readonly stream = { unref: () => this.unref() };
  readonly connect = async () => {};
  readonly unref = () => {
    this.isUnref = true;
  };
  readonly destroy = () => {
    this.isClosed = true;
  };
  readonly disconnect = this.destroy;
}

interface Shape {
  readonly client: RedisClient & EventEmitter;
  readonly opened: Beside[];
  /** What the server answers. */
  answer: (command: 'digest' | 'whole') => Promise<unknown>;
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
          beside.channels.push(...channels);
          beside.receive = receive;
        },
      });
    },
  });
  const setReady = (isReady: boolean) => void Object.assign(client, { isReady });
  const shape: Shape = { client, opened, answer: async () => 1, setReady };
  return shape;
}

function ioredis(): Shape {
  const opened: Beside[] = [];
  const client = Object.assign(new EventEmitter(), {
    status: 'ready',
    evalsha: () => shape.answer('digest'),
    eval: () => shape.answer('whole'),
    duplicate: (options: object) => {
      expect(options).toMatchObject({ retryStrategy: null, lazyConnect: true });
      const beside = new Beside();
      opened.push(beside);
      beside.receive = (text, channel) => beside.emit('message', channel, text);
      return Object.assign(beside, {
        subscribe: async (...channels: string[]) => void beside.channels.push(...channels),
      });
    },
  });
  const setReady = (isReady: boolean) =>
    void Object.assign(client, { status: isReady ? 'ready' : 'reconnecting' });
  const shape: Shape = { client, opened, answer: async () => 1, setReady };
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
  const shape: Shape = { client, opened: node.opened, answer: async () => 1, setReady: node.setReady };
  return Object.assign(shape, { looks });
}

function listen({ client }: Shape) {
  const told: string[] = [];
  const end = createRedisStore({ client, keys: KEYS, prefix: 'p:' }).subscribe('me', {
    message: (text) => told.push(text),
    listening: () => told.push('listening'),
    lost: () => told.push('lost'),
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
    expect(first?.isClosed).toBe(true);
    expect(told).toEqual(['listening', 'one', 'lost']);
    await vi.advanceTimersByTimeAsync(500);
    expect(told).toEqual(['listening', 'one', 'lost', 'listening']);
    end();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(shape.opened.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  });

  it('that is not connected keeps nothing for later, and listens when it is', async () => {
    const shape = make();
    shape.setReady(false);
    const { told } = listen(shape);
    const store = createRedisStore({ client: shape.client, keys: KEYS });
    await expect(store.probe('me', '')).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    await vi.advanceTimersByTimeAsync(1_000);
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
    shape.answer = async () => {
      throw new Error('OOM command not allowed');
    };
    await expect(store.cooldown('h:any', 7)).rejects.toThrow('OOM');
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
    shape.answer = async () => 'nonsense';
    await expect(store.acquire(request)).rejects.toThrow('a shape that is not known');
    const write = { keys, owner: 'o', generations: ['g'], value: 'v', untilMs: 1, message: '' };
    await expect(store.write(write)).rejects.toThrow('a shape that is not known');
    shape.answer = async () => 'outdated';
    expect(await store.write(write)).toBe('outdated');
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

  it('gives up before a reply has to be there, and does not wait again', async () => {
    const shape = ioredis();
    Object.assign(shape.client, { status: 'connecting' });
    const store = createRedisStore({ client: shape.client, keys: KEYS });
    const asked = store.cooldown('h:any', 7).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(45);
    expect(await asked).toMatchObject({ code: 'NOT_CONNECTED' });
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
