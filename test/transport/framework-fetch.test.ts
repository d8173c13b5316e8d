import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnectClient } from '../../src/connect/index.js';
import { createClient, type FetchInit } from '../../src/index.js';
import { fetchSend } from '../../src/transport/fetch-send.js';
import { json } from '../helpers/answers.js';
import { callFacts, request } from '../helpers/call-facts.js';

const LIST = '/v2/connect/connectors';
const APP = { subject: { type: 'app' } } as const;

/** A fetch that notes the cache mode and Next's own field of each request. */
function noting(reply: () => Response = () => json({ connectors: [] })) {
  const seen: { cache: string; next: unknown }[] = [];
  const fetch = async (_: string, init: FetchInit) => {
    seen.push({ cache: Reflect.get(init, 'cache') ?? 'default', next: Reflect.get(init, 'next') });
    return reply();
  };
  return { fetch, seen };
}

describe('cache: no-store', () => {
  it('is sent with every request for a token', async () => {
    const token = { token: 'provider-token', tokenId: 't', expiresAt: Date.now() + 3_600_000 };
    const { fetch, seen } = noting(() => json(token));
    const connect = createConnectClient({ fetch, bearerToken: 'token-1' });
    await connect.getToken('slack/a', APP);
    await connect.getToken('slack/a', APP, { forceRefresh: true });
    await connect.getToken('slack/a', APP, { vercelToken: 'token-2' });
    expect(seen.map(({ cache }) => cache)).toEqual(['no-store', 'no-store', 'no-store']);
  });

  it.each([
    ['a bearer of the client', { bearerToken: 'token-1' }, {}],
    ['a bearer function', { bearerToken: () => 'token-1' }, {}],
    ['a bearer of the call', {}, { bearerToken: 'token-1' }],
    ['a header of the client', { headers: { 'x-api-key': 'key-1' } }, {}],
    ['a header of the call', {}, { headers: { cookie: 'a=b' } }],
  ])('is sent with a request that carries %s', async (_, options, init) => {
    const { fetch, seen } = noting();
    await createClient({ fetch, ...options }).GET(LIST, init);
    expect(seen).toEqual([{ cache: 'no-store', next: undefined }]);
  });

  it.each([
    ['no credential', {}, {}, 'default', undefined],
    [
      'its own cache',
      { bearerToken: 'token-1' },
      { fetchOptions: { cache: 'force-cache' } },
      'force-cache',
      undefined,
    ],
    [
      'its own next',
      { bearerToken: 'token-1' },
      { fetchOptions: { next: { revalidate: 60 } } },
      'default',
      { revalidate: 60 },
    ],
    [
      'its own next, from its client',
      { bearerToken: 'token-1', fetchOptions: { next: { revalidate: 60 } } },
      {},
      'default',
      { revalidate: 60 },
    ],
  ])('is left out where a call has %s', async (_, options, init, cache, next) => {
    const { fetch, seen } = noting();
    await createClient({ fetch, ...options }).GET(LIST, init as object);
    expect(seen).toEqual([{ cache, next }]);
  });

  it('is left out where the runtime refuses the field, as workerd does', async () => {
    class OldRequest extends Request {
      constructor(input: string | Request, init?: RequestInit) {
        if (init !== undefined && 'cache' in init)
          throw new Error("The 'cache' field on 'RequestInitializerDict' is not implemented.");
        super(input, init);
      }
    }
    const { fetch, seen } = noting();
    const send = fetchSend(fetch, () => OldRequest);
    await send(request(), callFacts({ noStore: true }));
    expect(seen).toEqual([{ cache: 'default', next: undefined }]);
  });
});

describe('the fetch of Next.js', () => {
  type Sent = readonly [url: string, init: RequestInit & { readonly next?: unknown }];

  /** Puts a `fetch` in the place of the global one, and notes what it is sent. */
  function install(
    marks: object,
    answer: (url: string) => Response = () => json({ connectors: [] }),
  ): Sent[] {
    const sent: Sent[] = [];
    const original = globalThis.fetch;
    onTestFinished(() => {
      globalThis.fetch = original;
    });
    const patched = async (url: unknown, init: RequestInit = {}) => {
      sent.push([String(url), init]);
      return answer(String(url));
    };
    globalThis.fetch = Object.assign(patched, marks);
    return sent;
  }

  const NEXT = { __nextPatched: true };
  const write = (bearerToken?: string) =>
    createClient(bearerToken === undefined ? {} : { bearerToken }).POST('/v1/connect/token/{connector}', {
      params: { path: { connector: 'a' } },
    });

  it('keeps no response to a write, and is asked first whether it may send one that cannot be kept', async () => {
    const sent = install(NEXT, () => json({ token: 't' }));
    await write('token-1');
    expect(sent).toMatchObject([
      ['data:,', { cache: 'no-store' }],
      [
        'https://api.vercel.com/v1/connect/token/a',
        {
          method: 'POST',
          cache: 'no-store',
          headers: { Authorization: 'Bearer token-1' },
          next: { internal: true },
        },
      ],
    ]);
    expect(sent[0]?.[1].signal, 'an abort ends the question, too').toBe(sent[1]?.[1].signal);
  });

  it.each<[string, object, () => Promise<unknown>]>([
    ['a read', NEXT, () => createClient({ bearerToken: 'token-1' }).GET(LIST)],
    [
      'a HEAD',
      NEXT,
      () => fetchSend(undefined)(request({ method: 'HEAD' }), callFacts({ method: 'HEAD', noStore: true })),
    ],
    ['a write without a credential', NEXT, () => write()],
    ['a write over a wrapper, which need not know the field', {}, () => write('token-1')],
    ['a write over one that is not patched', { __nextPatched: false }, () => write('token-1')],
  ])('asks nothing and adds nothing for %s', async (_, marks, call) => {
    const sent = install(marks, () => json({ connectors: [], token: 't' }));
    await call();
    expect(sent).toHaveLength(1);
    expect(sent[0]?.[1]).not.toHaveProperty('next');
  });

  it('ends a prerender at a write, which is not sent then', async () => {
    const bailout = Object.assign(new Error('Dynamic server usage'), { digest: 'DYNAMIC_SERVER_USAGE' });
    const sent = install(NEXT, () => {
      throw bailout;
    });
    await expect(write('token-1')).rejects.toBe(bailout);
    expect(sent).toMatchObject([['data:,', {}]]);
  });

  it('sends a write as it is where an edge runtime knows no data URL', async () => {
    const sent = install(NEXT, (url) => {
      if (url.startsWith('data:')) throw new TypeError('unsupported scheme');
      return json({ token: 't' });
    });
    await write('token-1');
    expect(sent).toHaveLength(2);
    expect(sent[1]?.[1]).not.toHaveProperty('next');
  });
});

it('the global fetch gets headers as their callers write them, since mocks of it read them so', async () => {
  const original = globalThis.fetch;
  onTestFinished(() => {
    globalThis.fetch = original;
  });
  let headers: unknown;
  globalThis.fetch = async (_, init) => {
    headers = init?.headers;
    return json({ connectors: [] });
  };
  await createClient({ bearerToken: 'token-1', headers: { 'x-api-key': 'k' } }).GET(LIST);
  expect(headers).toMatchObject({
    Authorization: 'Bearer token-1',
    Accept: 'application/json',
    'X-Api-Key': 'k',
  });
});

describe('an error by which a framework steers its rendering', () => {
  const steering = Object.assign(new Error('Dynamic server usage'), { digest: 'DYNAMIC_SERVER_USAGE' });

  it('passes through fetch untouched and unretried', async () => {
    let asked = 0;
    const fetch = async () => {
      asked += 1;
      throw steering;
    };
    await expect(createClient({ fetch, bearerToken: 'token-1' }).GET(LIST)).rejects.toBe(steering);
    expect(asked).toBe(1);
    await expect(
      createConnectClient({ fetch, bearerToken: 'token-1' }).getToken('slack/a', APP),
    ).rejects.toBe(steering);
    expect(asked).toBe(2);
  });

  it('passes through the reading of a body, a stream, and a bearer function', async () => {
    const failing = () => new ReadableStream({ pull: (controller) => controller.error(steering) });
    const client = createClient({ fetch: async () => new Response(failing()) });
    await expect(client.GET(LIST)).rejects.toBe(steering);
    const { data } = await client.GET(LIST, { parseAs: 'stream' });
    await expect(data?.getReader().read()).rejects.toBe(steering);
    const bearerToken = () => Promise.reject(steering);
    await expect(client.GET(LIST, { bearerToken })).rejects.toBe(steering);
  });
});
