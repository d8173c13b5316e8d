import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sleep } from '../../src/util/abort.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('sleep', () => {
  it('lasts as long as asked', async () => {
    const woken = vi.fn();
    const slept = sleep(500, undefined).then(woken);
    await vi.advanceTimersByTimeAsync(499);
    expect(woken).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(woken).toHaveBeenCalledOnce();
    await slept;
  });

  it('ends with the reason of the signal, at once, and leaves no timer', async () => {
    const controller = new AbortController();
    const slept = sleep(60_000, controller.signal);
    const reason = { any: 'value' };
    controller.abort(reason);
    await expect(slept).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not begun when the signal has fired already', async () => {
    const slept = sleep(60_000, AbortSignal.abort('enough'));
    expect(vi.getTimerCount()).toBe(0);
    await expect(slept).rejects.toBe('enough');
  });

  it('leaves no listener when it ends by itself', async () => {
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const slept = sleep(10, controller.signal);
    await vi.advanceTimersByTimeAsync(10);
    await slept;
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
  });
});
