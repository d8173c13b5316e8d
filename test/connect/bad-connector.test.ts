import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectClient } from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/index.js';
import { APP, type Bench, createBench, failureOf, thrownBy, tokenAnswer } from './helpers.js';

const LONE_HIGH = String.fromCharCode(0xd800);
const LONE_LOW = String.fromCharCode(0xdc00);

const WRONG: [string, unknown, string][] = [
  ['a number', 7, 'must be a string, got 7'],
  ['undefined', undefined, 'must be a string, got undefined'],
  ['null', null, 'must be a string, got null'],
  ['an object', { toString: () => 'slack/acme-slack' }, 'must be a string, got an object'],
  ['an array', ['slack/acme-slack'], 'must be a string, got an array'],
  ['empty', '', 'must not be empty'],
  ['a dot', '.', 'must not be "."'],
  ['two dots', '..', 'must not be "." or ".."'],
  ['with a line break', 'slack/acme\nslack', 'control characters'],
  ['with NUL', 'slack\u0000', 'control characters'],
  ['with DEL', 'slack\u007f', 'control characters'],
  ['with a C1 control', 'slack\u0085', 'control characters'],
  ['with a lone high surrogate', `slack/${LONE_HIGH}`, 'surrogate'],
  ['with a lone low surrogate', `${LONE_LOW}slack`, 'surrogate'],
  ['with surrogates the wrong way round', `${LONE_LOW}${LONE_HIGH}`, 'surrogate'],
  ['of 257 characters', 'a'.repeat(257), 'at most 256 characters, has 257'],
];

const CALLS: [string, (client: ConnectClient, connector: never) => Promise<unknown>][] = [
  ['getToken', (client, connector) => client.getToken(connector, APP)],
  ['getTokenResponse', (client, connector) => client.getTokenResponse(connector, APP)],
  ['revokeToken', (client, connector) => client.revokeToken(connector, APP)],
  ['importTokens', (client, connector) => client.importTokens(connector, [])],
  ['getConnectorMetadata', (client, connector) => client.getConnectorMetadata(connector)],
];

function expectRefusal(error: InvalidArgumentError, rule: string, { requests }: Bench): void {
  expect(error.argument).toBe('connector');
  expect(error.message).toContain(rule);
  expect(error.message).toMatch(/^Invalid connector: .*slack\/acme-slack/);
  expect(requests).toHaveLength(0);
}

describe.each(CALLS)('%s refuses a connector', (_name, call) => {
  it.each(WRONG)('%s', async (_case, connector, rule) => {
    const bench = createBench();
    const error = await failureOf(call(bench.client, connector as never), InvalidArgumentError);
    expectRefusal(error, rule, bench);
  });
});

describe('deleteTokenCacheEntry refuses a connector', () => {
  it.each(WRONG)('%s', (_case, connector, rule) => {
    const bench = createBench();
    const call = () => bench.client.deleteTokenCacheEntry(connector as never, APP);
    expectRefusal(thrownBy(call, InvalidArgumentError), rule, bench);
  });
});

it('the message says what was given without quoting it', async () => {
  const { client } = createBench();
  const long = `${'secret'.repeat(50)}`;
  const error = await failureOf(client.getToken(long, APP), InvalidArgumentError);
  expect(error.message).toContain('has 300');
  expect(error.message).not.toContain('secret');
});

describe('what is odd but legal is sent percent-encoded', () => {
  it.each([
    ['scl_abc123', 'scl_abc123'],
    ['a'.repeat(256), 'a'.repeat(256)],
    ['...', '...'],
    ['../admin', '..%2Fadmin'],
    ['..\\admin', '..%5Cadmin'],
    ['/', '%2F'],
    ['a b', 'a%20b'],
    ['a?b#c', 'a%3Fb%23c'],
    ['%2e%2e', '%252e%252e'],
    ['slack%2Facme', 'slack%252Facme'],
    ['a;b=c,d', 'a%3Bb%3Dc%2Cd'],
    ['été/🦊', '%C3%A9t%C3%A9%2F%F0%9F%A6%8A'],
    ['-._~', '-._~'],
    ['constructor', 'constructor'],
  ])('%s', async (connector, segment) => {
    const { client, requests } = createBench();
    await client.getToken(connector, APP);
    expect(requests[0]?.url).toBe(`https://api.vercel.com/v1/connect/token/${segment}`);
  });
});

const connectors = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('.', '/', '\\', '%', '2', 'e', '?', '#', '@', ':', LONE_HIGH, '\t', ' '),
    maxLength: 8,
  }),
  fc.string({ unit: 'grapheme', minLength: 250, maxLength: 260 }),
);

it('any text is either refused or stays one segment of its own path', async () => {
  const seen = { refused: 0, sent: 0 };
  await fc.assert(
    fc.asyncProperty(connectors, async (connector) => {
      const { client, requests } = createBench(() => tokenAnswer());
      const error = await client.getToken(connector, APP).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) {
        seen.refused += 1;
        expect(error).toBeInstanceOf(InvalidArgumentError);
        expect(requests).toHaveLength(0);
        return;
      }
      seen.sent += 1;
      const url = new URL(requests[0]?.url ?? '');
      const segments = url.pathname.split('/');
      expect(url.origin + url.search + url.hash).toBe('https://api.vercel.com');
      expect(segments.slice(0, 4)).toEqual(['', 'v1', 'connect', 'token']);
      expect(segments.slice(4).map(decodeURIComponent)).toEqual([connector]);
    }),
    { numRuns: 500 },
  );
  expect(Math.min(seen.refused, seen.sent), 'both outcomes were tried').toBeGreaterThan(20);
});
