import { describe, expect, test } from 'vitest';
import { type Lock, lockPathOf, readLock, writeLock } from '../../../src/codegen/pull/lock.js';

const LOCK: Lock = {
  url: 'https://openapi.example/',
  retrievedAt: '2026-01-02T03:04:05.000Z',
  etag: 'W/"a"',
  lastModified: undefined,
  sha256: 'a'.repeat(64),
  normalizedSha256: 'b'.repeat(64),
  bytes: 10,
  openapi: '3.0.3',
  counts: { paths: 1, operations: 2, schemas: 0 },
  generator: 'vercel-rest/9.9.9',
  corrections: ['a-correction'],
};

describe('the lock', () => {
  test('is beside its document', () => {
    expect(lockPathOf('openapi/vercel.json')).toBe('openapi/vercel.lock.json');
  });

  test('reads as it was written', () => {
    expect(readLock(writeLock(LOCK))).toEqual(LOCK);
    expect(writeLock(LOCK)).toMatch(/"lastModified": null/);
  });

  test.each<[string, object]>([
    ['no URL', { url: 1 }],
    ['no time', { retrievedAt: null }],
    ['no generator', { generator: undefined }],
    ['a hash that is none', { sha256: 'abc' }],
    ['a normalised hash that is none', { normalizedSha256: 'A'.repeat(64) }],
    ['no version', { openapi: 3 }],
    ['a size that is none', { bytes: -1 }],
    ['no counts', { counts: null }],
    ['a count that is none', { counts: { paths: 1, operations: 1.5, schemas: 0 } }],
    ['another lock version', { lockVersion: 2 }],
  ])('is not read with %s', (_, change) => {
    const text = JSON.stringify({ ...JSON.parse(writeLock(LOCK)), ...change });
    expect(readLock(text)).toBeUndefined();
  });

  test('of an earlier version has no corrections', () => {
    const { corrections: _, ...earlier } = JSON.parse(writeLock(LOCK));
    expect(readLock(JSON.stringify(earlier))).toEqual({ ...LOCK, corrections: [] });
  });

  test('an ETag that does not fit into a header is left out', () => {
    expect(readLock(writeLock({ ...LOCK, etag: '"a"\r\nx: y' }))).toEqual({ ...LOCK, etag: undefined });
  });
});
