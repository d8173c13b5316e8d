import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../src/http/retry-after.js';

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);
const inSeconds = (seconds: number) => new Date(NOW + seconds * 1_000).toUTCString();

function hint(headers: Record<string, string>): number | undefined {
  return retryAfterMs(new Headers(headers), NOW);
}

describe('retryAfterMs', () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ['no hint', {}, undefined],
    ['milliseconds', { 'retry-after-ms': '1500' }, 1_500],
    ['a fraction of a millisecond', { 'retry-after-ms': '0.5' }, 0.5],
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['zero', { 'retry-after': '0' }, 0],
    ['decimal seconds', { 'retry-after': '1.25' }, 1_250],
    ['seconds with space round them', { 'retry-after': ' 3 ' }, 3_000],
    ['a date', { 'retry-after': inSeconds(90) }, 90_000],
    ['a date gone by', { 'retry-after': inSeconds(-90) }, 0],
    ['a reset time', { 'x-ratelimit-reset': String(NOW / 1_000 + 12) }, 12_000],
  ])('reads %s', (_, headers, expected) => {
    expect(hint(headers)).toBe(expected);
  });

  it('takes them in order: milliseconds, Retry-After, reset', () => {
    const reset = String(NOW / 1_000 + 3);
    expect(hint({ 'retry-after-ms': '1', 'retry-after': '2', 'x-ratelimit-reset': reset })).toBe(1);
    expect(hint({ 'retry-after-ms': 'x', 'retry-after': '2', 'x-ratelimit-reset': reset })).toBe(2_000);
    expect(hint({ 'retry-after-ms': 'x', 'retry-after': 'y', 'x-ratelimit-reset': reset })).toBe(3_000);
  });

  it("measures times against the server's own clock, so that a wrong clock here does not matter", () => {
    const date = inSeconds(3_600);
    expect(hint({ date, 'retry-after': inSeconds(3_605) })).toBe(5_000);
    expect(hint({ date, 'x-ratelimit-reset': String(NOW / 1_000 + 3_607) })).toBe(7_000);
    expect(hint({ date, 'retry-after': '9' })).toBe(9_000);
  });

  it('measures against the clock here where the Date of the server is no date', () => {
    expect(hint({ date: 'yesterday', 'retry-after': inSeconds(5) })).toBe(5_000);
  });

  it.each([
    '-5',
    '+5',
    '1e3',
    '0x10',
    'Infinity',
    'NaN',
    '5s',
    '5, 6',
    '',
    '.5',
    '5.',
    '2026-11-22T12:01:00Z',
    'tomorrow',
    'Sun, 22 Nov 2026 12:01:00 +0100',
    'Xxx, 99 Yyy 9999 99:99:99 GMT',
    '1'.repeat(400),
  ])('takes no hint from %j', (value) => {
    for (const name of ['retry-after-ms', 'retry-after', 'x-ratelimit-reset'])
      expect(hint({ [name]: value })).toBeUndefined();
  });

  it('takes no milliseconds and no reset time from a date', () => {
    expect(hint({ 'retry-after-ms': inSeconds(5) })).toBeUndefined();
    expect(hint({ 'x-ratelimit-reset': inSeconds(5) })).toBeUndefined();
  });

  it('gives back every whole number of seconds up to a day', () => {
    fc.assert(
      fc.property(fc.nat(86_400), (seconds) => {
        expect(hint({ 'retry-after': String(seconds) })).toBe(seconds * 1_000);
        expect(hint({ 'retry-after': inSeconds(seconds) })).toBe(seconds * 1_000);
        expect(hint({ 'x-ratelimit-reset': String(NOW / 1_000 + seconds) })).toBe(
          seconds * 1_000 || undefined,
        );
        expect(hint({ 'retry-after-ms': String(seconds) })).toBe(seconds);
      }),
    );
  });

  it('gives a finite wait of 0 or more, or none, whatever the headers hold', () => {
    const value = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.stringMatching(/^[-+]?[0-9.e]{0,20}$/),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    const names = ['retry-after-ms', 'retry-after', 'x-ratelimit-reset', 'date'];
    fc.assert(
      fc.property(fc.tuple(value, value, value, value), (values) => {
        const headers = new Headers();
        for (const [index, name] of names.entries()) headers.set(name, printable(values[index] ?? ''));
        const wait = retryAfterMs(headers, NOW);
        expect(wait === undefined || (Number.isFinite(wait) && wait >= 0)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '');
}
