import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../src/msw/respond/random.js';

describe('createRandom', () => {
  test('gives the same sequence in every process', () => {
    const random = createRandom('token', 1, 'slack');
    // Written down once: a change here changes every token and id that somebody has in a snapshot.
    expect([random.text(8), random.integer(1, 1000), random.text(22)]).toMatchInlineSnapshot(`
      [
        "c0ivrKqb",
        831,
        "vhqY8sVSLnAxLwZNM9PycN",
      ]
    `);
  });

  test('gives another sequence for other parts, also when they join to the same text', () => {
    const texts = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', 1], ['abc', '1']].map((parts) =>
      createRandom(...parts).text(22),
    );
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('keeps thousands of neighbours apart', () => {
    const texts = Array.from({ length: 20_000 }, (_, index) => createRandom('bearer', index).text(22));
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('stays within its bounds and reaches both of them', () => {
    const random = createRandom('bounds');
    const numbers = Array.from({ length: 500 }, () => random.integer(3, 5));
    expect([...new Set(numbers)].sort()).toEqual([3, 4, 5]);
    expect(new Set(Array.from({ length: 200 }, () => random.pick(['a', 'b', 'c'])))).toEqual(
      new Set(['a', 'b', 'c']),
    );
    const fractions = Array.from({ length: 500 }, () => random.next());
    expect(fractions.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(random.text(40)).toMatch(/^[0-9A-Za-z]{40}$/);
  });
});
