// A subscription over commands that the test settles: when it is tried again, and what the listener learns.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NotConnectedError, type RedisCommands } from '../../src/redis/redis-client.js';
import { keepSubscription } from '../../src/redis/subscription.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Commands whose attempts to subscribe the test settles, in order. */
function createCommands() {
  const attempts: {
    readonly open: (close?: () => void) => void;
    readonly fail: (error: Error) => void;
    readonly break: () => void;
  }[] = [];
  const commands: RedisCommands = {
    run: async () => 1,
    listen: (_channels, _onMessage, onLost) =>
      new Promise((resolve, reject) => {
        attempts.push({ open: (close = () => {}) => resolve(close), fail: reject, break: onLost });
      }),
  };
  const heard: string[] = [];
  const end = keepSubscription(commands, ['c'], {
    message: (text) => heard.push(text),
    listening: () => heard.push('listening'),
    lost: (reason) => heard.push(`lost ${reason ?? ''}`.trim()),
  });
  return { attempts, heard, end };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

it('is tried again after 0.5 s, and after each failure twice as long, up to 30 s', async () => {
  const { attempts, heard, end } = createCommands();
  const waits: number[] = [];
  for (let failure = 1; failure <= 9; failure++) {
    attempts.at(-1)?.fail(new Error('NOPERM no permissions'));
    await settle();
    const before = attempts.length;
    let ms = 0;
    for (; attempts.length === before; ms += 500) await vi.advanceTimersByTimeAsync(500);
    waits.push(ms);
  }
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect(new Set(heard)).toEqual(new Set(['lost NOPERM']));
  end();
});

it('of a client that is not connected is tried every 0.5 s, and one that opened begins anew', async () => {
  const { attempts, end } = createCommands();
  for (let round = 0; round < 4; round++) {
    attempts.at(-1)?.fail(new NotConnectedError());
    await vi.advanceTimersByTimeAsync(500);
    expect(attempts).toHaveLength(round + 2);
  }
  attempts.at(-1)?.fail(new Error('refused'));
  await vi.advanceTimersByTimeAsync(500);
  attempts.at(-1)?.fail(new Error('refused'));
  await vi.advanceTimersByTimeAsync(1_000);
  attempts.at(-1)?.open();
  await settle();
  attempts.at(-1)?.break();
  const before = attempts.length;
  await vi.advanceTimersByTimeAsync(500);
  expect(attempts, 'after 0.5 s again').toHaveLength(before + 1);
  end();
});

it.each([
  ['NOPERM this user has no permissions', 'lost NOPERM'],
  ['NOAUTH Authentication required.', 'lost NOAUTH'],
  ['an error that speaks of NOPERM', 'lost'],
])('says why it was refused: %s', async (message, told) => {
  const { attempts, heard, end } = createCommands();
  attempts[0]?.fail(new Error(message));
  await settle();
  expect(heard).toEqual([told]);
  end();
});

it('that ends before it opens, or twice, is lost once and tried once', async () => {
  const { attempts, heard, end } = createCommands();
  attempts[0]?.break();
  attempts[0]?.open();
  attempts[0]?.break();
  await settle();
  expect(heard, 'it is not used any more').toEqual(['lost']);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(attempts).toHaveLength(2);
  end();
});

it('that opens after its end is closed, and not announced', async () => {
  const { attempts, heard, end } = createCommands();
  end();
  const close = vi.fn();
  attempts[0]?.open(close);
  await settle();
  expect(close).toHaveBeenCalledTimes(1);
  expect(heard).toEqual([]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(attempts).toHaveLength(1);
});
