import { describe, expect, test } from 'vitest';
import { checkSourceUrl, DEFAULT_SOURCE, redirectError } from '../../../src/codegen/pull/source-url.js';

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

describe('redirectError', () => {
  test.each([
    ['https://a.example/', '/b', /more than 3 times/],
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
  ])('%s to %s', (from, location, error) => {
    expect(redirectError(from, location).message).toMatch(error);
  });
});
