import { describe, expect, it } from 'vitest';
import { MalformedResponseError, RateLimitError } from '../../src/index.js';
import { caught } from '../helpers/caught.js';
import { answer, failure, GOOD_TOKEN, good, head, raw } from '../helpers/fault-catalog-steps.js';
import { withFaultServer } from '../helpers/fault-server.js';
import { APP, connectClient } from './helpers.js';

const { token: _token, ...WITHOUT_TOKEN } = GOOD_TOKEN;
const { expiresAt: _expiresAt, ...WITHOUT_EXPIRY } = GOOD_TOKEN;

const BAD_TOKENS: Readonly<Record<string, string>> = {
  null: 'null',
  'an array': JSON.stringify([GOOD_TOKEN]),
  'a number': '42',
  'a text': '"tok_good"',
  true: 'true',
  'an empty object': '{}',
  'no token': JSON.stringify(WITHOUT_TOKEN),
  'an empty token': JSON.stringify({ ...GOOD_TOKEN, token: '' }),
  'a token that is a number': JSON.stringify({ ...GOOD_TOKEN, token: 7 }),
  'a token with a line break': JSON.stringify({ ...GOOD_TOKEN, token: 'a\r\nx-evil: 1' }),
  'no expiry': JSON.stringify(WITHOUT_EXPIRY),
  'an expiry that is a text': JSON.stringify({ ...GOOD_TOKEN, expiresAt: '2100-01-01' }),
  'an expiry that is null': JSON.stringify({ ...GOOD_TOKEN, expiresAt: null }),
  'an expiry past all numbers': JSON.stringify(GOOD_TOKEN).replace(/"expiresAt":\d+/, '"expiresAt":1e999'),
};

describe('a token answer that is JSON and no token', () => {
  it.each(Object.entries(BAD_TOKENS))('%s is refused, and not kept', async (_, body) => {
    await withFaultServer(
      () => good,
      async (server) => {
        server.play([answer('200 OK', body)], good);
        const connect = connectClient(server, 2_000);
        await caught(connect.getToken('slack/acme-slack', APP), MalformedResponseError);
        expect(server.requests).toHaveLength(1);
        expect(await connect.getToken('slack/acme-slack', APP)).toBe(GOOD_TOKEN.token);
      },
    );
  });

  it('204, with bytes after it, is refused', async () => {
    await withFaultServer(
      () => good,
      async (server) => {
        server.play([], raw(`${head('204 No Content', ['content-length: 2'])}{}`));
        await caught(connectClient(server, 2_000).getToken('slack/acme-slack', APP), MalformedResponseError);
      },
    );
  });
});

describe('a token call that is told to wait', () => {
  it('fails at once when that is over 60 s, and tells how long', async () => {
    await withFaultServer(
      () => good,
      async (server) => {
        server.play([], failure('429 Too Many Requests', ['retry-after: 3600']));
        const call = connectClient(server, 2_000).getToken('slack/acme-slack', APP);
        expect((await caught(call, RateLimitError)).retryAfterMs).toBe(3_600_000);
        expect(server.requests).toHaveLength(1);
      },
    );
  });
});
