import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../../src/errors/index.js';
import { bySpecificity, everythingAt, originAt, urlPattern } from '../../../src/msw/handlers/match-path.js';
import { createRouter } from '../../../src/msw/handlers/router.js';
import { findNearMisses } from '../../../src/msw/handlers/unknown-operation.js';
import { thrownBy } from '../../helpers/caught.js';
import { ask } from '../ask.js';
import { documentOf, handlersOf } from '../fixture.js';

const api = originAt(undefined);
const token = urlPattern(api, '/v1/connect/token/{connector}');

describe('urlPattern', () => {
  test.each([
    'https://api.vercel.com/v1/connect/token/scl_1',
    'https://api.vercel.com/v1/connect/token/slack%2Facme',
    'https://api-sfo1.vercel.com/v1/connect/token/scl_1',
    'https://api-iad12.vercel.com/v1/connect/token/a%2fb',
  ])('matches %s', (url) => {
    expect(token.test(url)).toBe(true);
  });

  test.each([
    ['a slash that is not encoded', 'https://api.vercel.com/v1/connect/token/slack/acme'],
    ['an empty segment', 'https://api.vercel.com/v1/connect/token/'],
    ['a longer path', 'https://api.vercel.com/v1/connect/token/a/import'],
    ['another host', 'https://api.vercel.com.evil.example/v1/connect/token/a'],
    ['a host with more in front', 'https://evil-api.vercel.com/v1/connect/token/a'],
    ['a dot that is another letter', 'https://apixvercel.com/v1/connect/token/a'],
    ['what is no region', 'https://api-staging.vercel.com/v1/connect/token/a'],
    ['plain http', 'http://api.vercel.com/v1/connect/token/a'],
  ])('does not match %s', (_, url) => {
    expect(token.test(url)).toBe(false);
  });

  test('of a base URL matches that origin and prefix alone', () => {
    const place = originAt('http://127.0.0.1:4010/mock/');
    const pattern = urlPattern(place, '/v1/things/{id}');
    expect(pattern.test('http://127.0.0.1:4010/mock/v1/things/1')).toBe(true);
    expect(pattern.test('http://127.0.0.1:4010/v1/things/1')).toBe(false);
    expect(pattern.test('http://127.0.0.1:4011/mock/v1/things/1')).toBe(false);
    expect(pattern.test('https://api.vercel.com/v1/things/1')).toBe(false);
    expect(everythingAt(place).test('http://127.0.0.1:4010/mock/anything')).toBe(true);
    expect(everythingAt(place).test('http://127.0.0.1:4010/mocking')).toBe(false);
  });

  test('has no group that msw would decode', () => {
    expect(token.source.replaceAll('(?:', '')).not.toContain('(');
  });
});

describe('originAt', () => {
  test.each(['not a url', 'ftp://example.com', 'https://user:pass@example.com', 'https://example.com/?a=1'])(
    'refuses %s',
    (baseUrl) => {
      expect(thrownBy(() => originAt(baseUrl), InvalidArgumentError).argument).toBe('baseUrl');
    },
  );
});

describe('path parameters', () => {
  const { operations } = documentOf({ it: { path: '/v1/c/{connector}/p/{project}.json' } });
  const matchAt = (baseUrl: string, url: string) =>
    createRouter(originAt(baseUrl), Object.values(operations)).match(new Request(url));

  test('are segments, or parts of them, as they were sent', () => {
    const match = matchAt('https://example.com', 'https://example.com/v1/c/slack%2Facme%20one/p/%C3%BC.json');
    expect(match?.path).toEqual({ connector: 'slack%2Facme%20one', project: '%C3%BC' });
  });

  test('leave out the prefix of the base URL', () => {
    const match = matchAt('https://example.com/deep/mock', 'https://example.com/deep/mock/v1/c/x/p/y.json');
    expect(match?.path).toEqual({ connector: 'x', project: 'y' });
  });

  test('are those of the longer base URL alone, and nobody has those of another host', () => {
    expect(matchAt('https://example.com/deep', 'https://example.com/v1/c/x/p/y.json')).toBeUndefined();
    expect(matchAt('https://example.com', 'https://example.com/v1/c/x')).toBeNull();
  });
});

describe('literal segments', () => {
  const document = documentOf({
    generic: { path: '/v1/connectors/{connector}', parameters: [] },
    managed: { path: '/v1/connectors/managed' },
    eject: { path: '/v1/connectors/{connector}/eject' },
    managedAny: { path: '/v1/connectors/managed/{step}' },
  });

  test('come before parameters, wherever the document has them', () => {
    const order = bySpecificity(Object.values(document.operations)).map(({ operationId }) => operationId);
    expect(order.indexOf('managed')).toBeLessThan(order.indexOf('generic'));
    expect(order.indexOf('managedAny')).toBeLessThan(order.indexOf('eject'));
  });

  test('win when both match', async () => {
    const asked: string[] = [];
    const handlers = handlersOf(document, {
      overrideOf: (operationId) => () => {
        asked.push(operationId);
        return {};
      },
    });
    for (const path of ['managed', 'mine', 'managed/eject', 'mine/eject']) {
      await ask(handlers, 'GET', `/v1/connectors/${path}`);
    }
    expect(asked).toEqual(['managed', 'generic', 'managedAny', 'eject']);
  });
});

describe('a segment that holds more than its parameter', () => {
  const parameter = { path: '/v1/files/{id}' };
  const part = { path: '/v1/files/{id}.json' };
  const literal = { path: '/v1/files/all.json' };

  test.each([
    ['last', documentOf({ parameter, part, literal })],
    ['first', documentOf({ literal, part, parameter })],
    ['in the middle', documentOf({ part, literal, parameter })],
  ])('comes after the literal and before the parameter alone, with the literal %s', async (_, document) => {
    const asked: string[] = [];
    const overrideOf = (operationId: string) => () => {
      asked.push(operationId);
      return {};
    };
    const handlers = handlersOf(document, { overrideOf, validate: false });
    for (const name of ['all.json', 'one.json', 'one.xml']) await ask(handlers, 'GET', `/v1/files/${name}`);
    expect(asked).toEqual(['literal', 'part', 'parameter']);
  });
});

describe('findNearMisses', () => {
  const { operations } = documentOf({
    list: { path: '/v2/things' },
    create: { path: '/v1/things', method: 'POST' },
    get: { path: '/v1/things/{id}' },
  });
  const near = (path: string) => findNearMisses(api, Object.values(operations), path);

  test.each([
    ['/v1/things', ['GET /v2/things (list)', 'POST /v1/things (create)']],
    ['/things/', ['GET /v2/things (list)', 'POST /v1/things (create)']],
    ['/v3/things/a%2Fb', ['GET /v1/things/{id} (get)']],
    ['/v1/thing', []],
    ['/v1/things/a/b', []],
  ])('of %s', (path, expected) => {
    expect(near(path).sort()).toEqual(expected);
  });
});
