import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBaseUrl, isLoopback, isSafeOrigin } from '../../src/http/base-url.js';
import { InvalidArgumentError } from '../../src/index.js';

describe('isLoopback', () => {
  it('holds for the whole of 127.0.0.0/8 and for no other IPv4 address', () => {
    const octet = fc.nat(255);
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
        expect(isLoopback(octets.join('.'))).toBe(octets[0] === 127);
      }),
    );
    expect(isLoopback('127.9.9.9')).toBe(true);
  });

  it.each(['localhost', 'a.localhost', 'a.b.localhost', '[::1]'])('holds for %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each([
    '',
    'localhost.',
    'xlocalhost',
    'localhost.com',
    '[::]',
    '::1',
    '[::ffff:7f00:1]',
    '127.0.0',
    '127.a.b.c',
  ])('does not hold for %j', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

describe('checkBaseUrl', () => {
  it('gives only what a bearer may be sent to, however the URL is written', () => {
    const scheme = fc.constantFrom(
      'http://',
      'https://',
      'HTTP://',
      'http:\\\\',
      'http:/',
      '//',
      'ftp://',
      '',
    );
    const user = fc.constantFrom('', '', 'localhost@', 'a:b@', '127.0.0.1:80@');
    const host = fc.oneof(
      fc.constantFrom(
        'localhost',
        'localhost.evil.com',
        '127.0.0.1',
        '0x7f.1',
        '2130706433',
        '127.1',
        '[::1]',
        'ⓛocalhost',
      ),
      fc.domain(),
      fc.ipV4(),
    );
    const rest = fc.constantFrom(
      '',
      '/',
      ':8080',
      '/localhost',
      '#.localhost',
      '?.localhost',
      '\\.localhost',
    );
    fc.assert(
      fc.property(fc.tuple(scheme, user, host, rest), (parts) => {
        let checked: string;
        try {
          checked = checkBaseUrl(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidArgumentError);
          return;
        }
        const url = new URL(checked);
        expect(isSafeOrigin(url)).toBe(true);
        expect([url.username, url.password, url.search, url.hash]).toEqual(['', '', '', '']);
        expect(checked).not.toMatch(/\/$/);
      }),
      { numRuns: 2_000 },
    );
  });
});
