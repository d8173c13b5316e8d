import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRedisStore } from '../../src/redis/index.js';
import { KEYS } from './fleet.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What a client of `createSentinel` is to a store. */
class SentinelClient extends EventEmitter {
  readonly isOpen = true;
  readonly isReady = true;
  master: object | undefined = { host: '127.0.0.1', port: 1 };
  readonly channels = new Map<string, (text: string, channel: string) => void>();
  readonly calls: string[] = [];
  refusal: Error | undefined;
  readonly evalSha = async () => 1;
  readonly eval = async () => 1;
  readonly getMasterNode = () => this.master;
  readonly subscribe = async (names: string[], listener: (text: string, channel: string) => void) => {
    this.calls.push('subscribe');
    if (this.refusal !== undefined) throw this.refusal;
    for (const channel of names) this.channels.set(channel, listener);
  };
  readonly unsubscribe = async (names: string[]) => {
    this.calls.push('unsubscribe');
    for (const channel of names) this.channels.delete(channel);
  };
}

function subscribe(refusal?: Error) {
  const client = Object.assign(new SentinelClient(), { refusal });
  const told: string[] = [];
  const store = createRedisStore({ client, keys: KEYS, prefix: 'p:' });
  const end = store.subscribe('me', {
    message: (text) => told.push(text),
    listening: () => told.push('listening'),
    lost: (reason) => told.push(`lost ${reason ?? ''}`.trim()),
  });
  return { client, told, end };
}

describe('a store over a client of createSentinel', () => {
  it.each([['topology-change'], ['error']])(
    'may have missed messages after %s, and says so',
    async (event) => {
      const { client, told } = subscribe();
      await vi.advanceTimersByTimeAsync(0);
      client.channels.get('p:messages')?.('one', 'p:messages');
      expect(told).toEqual(['listening', 'one']);
      client.emit(event, new Error('of the test'));
      client.emit(event, new Error('of the test'));
      client.channels.get('p:messages')?.('missed', 'p:messages');
      expect(told).toEqual(['listening', 'one', 'lost']);
      await vi.advanceTimersByTimeAsync(500);
      expect(client.calls, 'it may consider itself subscribed').toEqual([
        'subscribe',
        'unsubscribe',
        'subscribe',
      ]);
      client.channels.get('p:client:me')?.('two', 'p:client:me');
      expect(told).toEqual(['listening', 'one', 'lost', 'listening', 'two']);
    },
  );

  it('without a master neither asks nor listens, until there is one', async () => {
    const { client, told } = subscribe();
    await vi.advanceTimersByTimeAsync(0);
    client.master = undefined;
    client.emit('error', new Error('of the test'));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told.filter((one) => one === 'listening')).toHaveLength(1);
    const store = createRedisStore({ client, keys: KEYS });
    await expect(store.probe('me', '')).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    client.master = { host: '127.0.0.1', port: 2 };
    await vi.advanceTimersByTimeAsync(500);
    expect(told.at(-1)).toBe('listening');
    await expect(store.probe('me', '')).resolves.toBeUndefined();
  });

  it('says why the server refuses to let it listen, and waits longer each time', async () => {
    const { client, told } = subscribe(new Error('NOPERM this user has no permissions'));
    await vi.advanceTimersByTimeAsync(3_499);
    expect(told).toEqual(['lost NOPERM', 'lost NOPERM', 'lost NOPERM']);
    expect(client.listenerCount('topology-change')).toBe(0);
    client.refusal = undefined;
    await vi.advanceTimersByTimeAsync(1);
    expect(told.at(-1)).toBe('listening');
  });

  it('stops listening when it is told to', async () => {
    const { client, told, end } = subscribe();
    await vi.advanceTimersByTimeAsync(0);
    end();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(client.channels.size).toBe(0);
    expect(client.listenerCount('topology-change')).toBe(0);
    expect(told).toEqual(['listening', 'lost']);
  });
});
