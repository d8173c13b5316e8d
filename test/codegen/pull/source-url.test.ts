import { describe, expect, test } from 'vitest';
import { checkSourceUrl, DEFAULT_SOURCE, redirectTarget } from '../../../src/codegen/pull/source-url.js';

describe('checkSourceUrl', () => {
  test.each([
    [DEFAULT_SOURCE, 'https://openapi.vercel.sh/'],
    ['https://example.com/a.json?b=c#d', 'https://example.com/a.json?b=c'],
    ['http://localhost:4010/a', 'http://localhost:4010/a'],
    ['http://[::1]/', 'http://[::1]/'],
  ])('%s', (text, expected) => {
    expect(checkSourceUrl(text)).toBe(expected);
  });

  test.each(['', 'a', 'http://example.com/', 'http://127.0.0.1.example.com/', 'file:///a', 'https://a:b@c/'])(
    'refuses %j',
    (text) => {
      expect(checkSourceUrl(text)).toBeUndefined();
    },
  );
});

describe('redirectTarget', () => {
  test.each([
    ['https://a.example/', '/b', 'https://a.example/b'],
    ['https://a.example/', 'https://a.example/c?d#e', 'https://a.example/c?d'],
    ['http://127.0.0.1:80/', 'https://127.0.0.1/', 'https://127.0.0.1/'],
    ['http://127.0.0.1:8080/', '/b', 'http://127.0.0.1:8080/b'],
  ])('%s to %s', (from, location, expected) => {
    expect(redirectTarget(from, location)).toBe(expected);
  });

  test.each([
    ['https://a.example/', 'http://a.example/', /away from https/],
    ['https://localhost/', 'http://localhost/', /away from https/],
    ['https://a.example/', '//b.example/', /another host/],
    ['https://a.example/', 'https://a.example:444/', /another host/],
    ['https://a.example/', 'https://a.example.evil.example/', /another host/],
    ['http://127.0.0.1/', 'https://a.example/', /another host/],
    ['http://127.0.0.1/', 'http://a.example/', /another host/],
    ['https://a.example/', 'data:application/json,{}', /refused/],
    ['https://a.example/', null, /nowhere/],
    ['https://a.example/', 'https://', /nowhere/],
  ])('refuses %s to %s', (from, location, error) => {
    expect(() => redirectTarget(from, location)).toThrow(error);
  });
});
