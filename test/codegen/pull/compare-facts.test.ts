import { describe, expect, test } from 'vitest';
import { compareExtents } from '../../../src/codegen/pull/compare-facts.js';

const extent = (bytes: number, paths = 100, operations = 200) => ({
  bytes,
  counts: { paths, operations, schemas: 1 },
});
const LAST = extent(1000);

describe('compareExtents', () => {
  test.each([
    [500, 1],
    [749, 1],
    [750, 0],
    [1250, 0],
    [1251, 1],
    [2000, 1],
  ])('%i bytes after 1000: %i warnings', (bytes, warnings) => {
    expect(compareExtents(LAST, extent(bytes), false)).toHaveLength(warnings);
  });

  test.each([
    ['499 bytes', extent(499), /49\.9 % of the last, under 50 %/],
    ['2001 bytes', extent(2001), /200\.1 % of the last, over 200 %/],
    ['89 paths', extent(1000, 89), /89 paths where the last had 100, under 90 %/],
    ['179 operations', extent(1000, 100, 179), /179 operations where the last had 200/],
  ])('%s are refused, and with force a warning', (_, after, error) => {
    expect(() => compareExtents(LAST, after, false)).toThrow(error);
    expect(compareExtents(LAST, after, true)).toEqual([expect.stringMatching(error)]);
  });

  test('90 % of the paths and operations, or more, are taken', () => {
    expect(compareExtents(LAST, extent(1000, 90, 180), false)).toEqual([]);
    expect(compareExtents(LAST, extent(1000, 300, 900), false)).toEqual([]);
  });
});
