import { describe, expect, it, vi } from 'vitest';
import { redirectMiddleware } from '../../src/transport/fetch-send.js';
import type { Send } from '../../src/transport/middleware.js';
import { callFacts, request } from '../helpers/call-facts.js';

/** Redirects to the given places one after the other, then answers 200; tells what was asked. */
async function follow(locations: readonly string[], init?: Parameters<typeof request>[0]) {
  const left = [...locations];
  const next = vi.fn<Send>(async () => {
    const location = left.shift();
    return new Response(
      null,
      location === undefined ? { status: 200 } : { status: 307, headers: { location } },
    );
  });
  const response = await redirectMiddleware()(next)(request(init), callFacts());
  return { status: response.status, urls: next.mock.calls.map(([sent]) => sent.url), sent: next.mock.calls };
}

describe('redirectMiddleware', () => {
  it('follows a GET within the origin, headers included', async () => {
    const { status, urls, sent } = await follow(['/v2/things/one'], {
      headers: { authorization: 'Bearer a' },
    });
    expect(status).toBe(200);
    expect(urls).toEqual([
      'https://api.example.com/v1/things/one?q=1',
      'https://api.example.com/v2/things/one',
    ]);
    expect(sent[1]?.[0].headers.authorization).toBe('Bearer a');
  });

  it('follows a HEAD', async () => {
    const { status, urls } = await follow(['/v2/things/one'], { method: 'HEAD' });
    expect([status, urls.length]).toEqual([200, 2]);
  });

  it('reads a relative place from the one before it', async () => {
    const { urls } = await follow(['/v2/things/', 'one']);
    expect(urls.at(-1)).toBe('https://api.example.com/v2/things/one');
  });

  it('returns a redirect without a place, and one to a choice of places', async () => {
    for (const init of [{ status: 302 }, { status: 300, headers: { location: '/v2/things/one' } }]) {
      const next = vi.fn<Send>(async () => new Response(null, init));
      expect((await redirectMiddleware()(next)(request(), callFacts())).status).toBe(init.status);
      expect(next).toHaveBeenCalledTimes(1);
    }
  });

  it('at most three times', async () => {
    const { status, urls } = await follow(['/1', '/2', '/3', '/4']);
    expect(status).toBe(307);
    expect(urls).toHaveLength(4);
  });

  it.each([
    'https://evil.example.com/v1/things/one',
    'http://api.example.com/v1/things/one',
    'https://api.example.com:8443/',
    '//evil.example.com/',
    'https://user@api.example.com/',
    'https://:password@api.example.com/',
    'http://[',
  ])('does not follow %j', async (location) => {
    const { status, urls } = await follow([location]);
    expect(status).toBe(307);
    expect(urls).toHaveLength(1);
  });

  it('does not follow a POST', async () => {
    const { status, urls } = await follow(['/v2/things/one'], { method: 'POST' });
    expect(status).toBe(307);
    expect(urls).toHaveLength(1);
  });
});
