import { describe, expect, it, vi } from 'vitest';
import { untilAborted } from '../../src/util/abort.js';

const never = new Promise<string>(() => undefined);

describe('untilAborted', () => {
  it('gives what the work gives, with or without a signal', async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(Promise.resolve('done'), undefined)).toBe('done');
    expect(await untilAborted(Promise.resolve('done'), signal)).toBe('done');
    await expect(untilAborted(Promise.reject('failed'), signal)).rejects.toBe('failed');
  });

  it('ends with the reason of the signal, at once', async () => {
    const controller = new AbortController();
    const waiting = untilAborted(never, controller.signal);
    const reason = { any: 'value' };
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(untilAborted(never, controller.signal)).rejects.toBe(reason);
  });

  it('leaves to itself what it did not wait for, whatever becomes of that', async () => {
    const unhandled = vi.fn();
    process.once('unhandledRejection', unhandled);
    const controller = new AbortController();
    let fail: (reason: string) => void = () => undefined;
    const work = new Promise<string>((_, reject) => {
      fail = reject;
    });
    const waiting = untilAborted(work, controller.signal);
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    fail('late');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('leaves no listener behind when the work is over', async () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    await untilAborted(Promise.resolve(), signal);
    await Promise.resolve();
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
  });
});
