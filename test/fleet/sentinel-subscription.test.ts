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
  readonly evalSha = async () => 1;
  readonly eval = async () => 1;
  readonly getMasterNode = () => this.master;
  readonly subscribe = async (names: string[], listener: (text: string, channel: string) => void) => {
    for (const channel of names) this.channels.set(channel, listener);
  };
  readonly unsubscribe = async (names: string[]) => {
    for (const channel of names) this.channels.delete(channel);
  };
}

function subscribe() {
  const client = new SentinelClient();
  const told: string[] = [];
  const store = createRedisStore({ client, keys: KEYS, prefix: 'p:' });
  const end = store.subscribe('me', {
    message: (text) => told.push(text),
    listening: () => told.push('listening'),
    lost: () => told.push('lost'),
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
      expect(told).toEqual(['listening', 'one', 'lost']);
      await vi.advanceTimersByTimeAsync(500);
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
