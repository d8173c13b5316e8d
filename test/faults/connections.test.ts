import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { APIConnectionError, APIError, RateLimitError, type TransportEvent } from '../../src/index.js';
import { caught } from '../helpers/caught.js';
import {
  answer,
  failure,
  GOOD_CREATED,
  GOOD_LIST,
  good,
  head,
  raw,
  spoiled,
} from '../helpers/fault-catalog-steps.js';
import { type FaultServer, type Step, startFaultServer, withFaultServer } from '../helpers/fault-server.js';
import { startServer } from '../helpers/loopback-server.js';
import { BEARER, restClient, warmUp } from './helpers.js';

const SETTINGS = { timeout: 600, totalTimeout: 5_000 };
const LIST = '/v2/connect/connectors';
const NEW = { body: { type: 'slack', name: 'New', data: {} } } as const;

const withGoodServer = (use: (server: FaultServer) => Promise<void>) => withFaultServer(() => good, use);
const redirect = (status: string, location: string) =>
  raw(head(status, [`location: ${location}`, 'content-length: 0']));

describe('connections', () => {
  it.each(['GET', 'POST'] as const)(
    'a closed port is tried four times by a %s, which sent nothing',
    async (method) => {
      const server = await startFaultServer(() => good);
      await server.close();
      const events: TransportEvent[] = [];
      const client = restClient(server, { ...SETTINGS, onEvent: (event) => events.push(event) });
      const call = method === 'GET' ? client.GET(LIST) : client.call('createConnector', NEW);
      expect((await caught(call, APIConnectionError)).message).toContain('ECONNREFUSED');
      const attempt = ['request', 'error'];
      expect(events.map(({ type }) => type)).toEqual([
        ...[...attempt, 'retry', ...attempt, 'retry', ...attempt, 'retry', ...attempt, 'give-up'],
      ]);
    },
  );

  it('a server without TLS ends a call over https in a connection error', async () => {
    // Node's own server, which answers the TLS greeting with a 400.
    const server = await startServer((_, response) => response.end());
    const client = restClient({ url: server.url.replace('http:', 'https:') }, SETTINGS);
    const error = await caught(client.GET(LIST), APIConnectionError);
    expect(error.message).toContain('(ERR_SSL_');
    expect(server.requests).toHaveLength(0);
  });

  it('a connection reset between two requests costs nothing', async () => {
    await withGoodServer(async (server) => {
      await warmUp(server);
      const client = restClient(server, SETTINGS);
      const last: Step = (exchange) => {
        good(exchange);
        exchange.socket.write('', () => exchange.socket.resetAndDestroy());
      };
      server.play([last, last], good);
      for (let call = 0; call < 3; call++) expect((await client.GET(LIST)).data).toEqual(GOOD_LIST);
    });
  });

  it('of two answers glued together the second is nobody’s', async () => {
    await withGoodServer(async (server) => {
      await warmUp(server);
      const client = restClient(server, SETTINGS);
      const planted = JSON.stringify({ connectors: [{ id: 'scl_planted' }] });
      const second =
        head('200 OK', ['content-type: application/json', `content-length: ${planted.length}`]) + planted;
      const glued = spoiled((status, text) =>
        raw(`${head(status, [`content-length: ${Buffer.byteLength(text)}`])}${text}${second}`),
      );
      server.play([glued], good);
      expect((await client.GET(LIST)).data).toEqual(GOOD_LIST);
      expect((await client.GET(LIST)).data).toEqual(GOOD_LIST);
      expect((await client.call('createConnector', NEW)).data).toEqual(GOOD_CREATED);
    });
  });
});

describe('204', () => {
  it('has no data, and the bytes after it are nobody’s', async () => {
    await withGoodServer(async (server) => {
      const planted = JSON.stringify({ connectors: [{ id: 'scl_planted' }] });
      server.play([raw(`${head('204 No Content', [`content-length: ${planted.length}`])}${planted}`)], good);
      const client = restClient(server, SETTINGS);
      const { data, response } = await client.GET(LIST);
      expect({ data, status: response.status }).toEqual({ data: undefined, status: 204 });
      expect((await client.GET(LIST)).data).toEqual(GOOD_LIST);
    });
  });
});

describe('redirects', () => {
  it.each(['301 Moved', '302 Found', '307 Temporary', '308 Permanent'])(
    '%s of a GET within the origin is followed',
    async (status) => {
      await withGoodServer(async (server) => {
        server.play([redirect(status, '/elsewhere?x=1')], good);
        expect((await restClient(server, SETTINGS).GET(LIST)).data).toEqual(GOOD_LIST);
        expect(server.requests.map(({ path }) => path)).toEqual([LIST, '/elsewhere']);
      });
    },
  );

  it.each([
    ['another port', (other: string) => `${other}/steal`],
    ['another host name of the same port', (_: string, own: string) => own.replace('127.0.0.1', 'localhost')],
    ['another origin without a scheme', (other: string) => other.replace('http:', '')],
    ['a user name', (_: string, own: string) => own.replace('//', '//user:pass@')],
    ['no http', () => 'file:///etc/passwd'],
    ['no URL', () => 'http://'],
  ])('one to %s is refused, and nothing is sent there', async (_, locate) => {
    await withGoodServer((other) =>
      withGoodServer(async (server) => {
        server.play([], redirect('302 Found', locate(other.url, server.url)));
        const error = await caught(restClient(server, SETTINGS).GET(LIST), APIError);
        expect(error.status).toBe(302);
        expect(other.requests).toHaveLength(0);
        expect(server.requests).toHaveLength(1);
      }),
    );
  });

  it('a loop ends after three hops', async () => {
    await withGoodServer(async (server) => {
      server.play([], redirect('302 Found', LIST));
      const error = await caught(restClient(server, SETTINGS).GET(LIST), APIError);
      expect(error.status).toBe(302);
      expect(server.requests).toHaveLength(4);
    });
  });

  it('a redirect without a location is an error', async () => {
    await withGoodServer(async (server) => {
      server.play([], raw(head('302 Found', ['content-length: 0'])));
      expect((await caught(restClient(server, SETTINGS).GET(LIST), APIError)).status).toBe(302);
      expect(server.requests).toHaveLength(1);
    });
  });

  it.each(['302 Found', '307 Temporary'])('%s of a POST is not followed', async (status) => {
    await withGoodServer(async (server) => {
      server.play([redirect(status, '/elsewhere')], good);
      const call = restClient(server, SETTINGS).call('createConnector', NEW);
      expect((await caught(call, APIError)).status).toBe(Number(status.slice(0, 3)));
      expect(server.requests.map(({ path }) => path)).toEqual(['/v1/connect/connectors']);
    });
  });
});

describe('wait hints', () => {
  it.each(['garbage', '-5', '1e9', '0x10', '', 'Thu, 01 Jan 1970 00:00:00 GMT', '1, 2', '1s'])(
    'Retry-After "%s" is no reason to hang',
    async (hint) => {
      await withGoodServer(async (server) => {
        server.play([failure('429 Too Many Requests', [`retry-after: ${hint}`])], good);
        const startedAt = performance.now();
        expect((await restClient(server, SETTINGS).GET(LIST)).data).toEqual(GOOD_LIST);
        expect(server.requests).toHaveLength(2);
        // Own backoff: at most 250 ms.
        expect(performance.now() - startedAt).toBeLessThan(1_000);
      });
    },
  );

  it.each([
    ['retry-after: 3600', 3_600_000],
    ['retry-after: 999999999999999', 999_999_999_999_999_000],
    ['retry-after-ms: 65001', 65_001],
  ])('"%s" fails at once and tells how long', async (hint, retryAfterMs) => {
    await withGoodServer(async (server) => {
      server.play([failure('429 Too Many Requests', [hint])], good);
      // A day, so that the 65 s are what ends the call.
      const client = restClient(server, { totalTimeout: 86_400_000 });
      const error = await caught(client.GET(LIST), RateLimitError);
      expect(error.retryAfterMs).toBe(retryAfterMs);
      expect(server.requests).toHaveLength(1);
    });
  });

  it('a hold over maxRetryAfterMs fails the next call without sending it', async () => {
    await withGoodServer(async (server) => {
      server.play([failure('429 Too Many Requests', ['retry-after: 30'])], good);
      const client = restClient(server, { ...SETTINGS, maxRetryAfterMs: 5_000 });
      await caught(client.GET(LIST), RateLimitError);
      expect((await caught(client.GET(LIST), RateLimitError)).retryAfterMs).toBeGreaterThan(25_000);
      expect(server.requests).toHaveLength(1);
    });
  });
});

describe('what is shown of a failure', () => {
  it('never holds the bearer, even where the server echoes it', async () => {
    await withGoodServer(async (server) => {
      const echo = JSON.stringify({ error: { code: BEARER, message: `bad token ${BEARER}` } });
      server.play([], answer(`400 ${BEARER}`, echo));
      const error = await caught(restClient(server, SETTINGS).GET(LIST), APIError);
      expect(error.message).toContain('bad token');
      expect(`${error.stack} ${JSON.stringify(error)} ${inspect(error, { depth: 9 })}`).not.toContain(BEARER);
    });
  });
});
