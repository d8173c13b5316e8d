// For 1 000 random valid parameter sets both packages send the same method, URL, headers and body.
import * as theirs from '@vercel/connect';
import fc from 'fast-check';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import * as ours from '../../src/connect/index.js';

const sent: unknown[] = [];
const server = setupServer(
  http.all('*', async ({ request }) => {
    const { method, url, headers } = request;
    const text = await request.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    // What `fetch` adds by itself to a request that no cache may keep; msw 3 sees it, being nearer to the wire than msw 2.
    const isFromWire = headers.has('sec-fetch-mode');
    const own = [...headers].filter(
      // Each client is named by itself: `fetch` says "node" for one that names nothing.
      ([name]) => name !== 'user-agent' && !(isFromWire && (name === 'cache-control' || name === 'pragma')),
    );
    sent.push({ method, url, headers: Object.fromEntries(own), body });
    // Tokens that are over when the next comparison begins, so that no cache decides what is sent.
    return HttpResponse.json({
      token: 't',
      tokenId: 'stk_1',
      expiresAt: Date.now() + 10_000,
      connector: { id: 'scl_1', uid: 'a/b', type: 'a' },
    });
  }),
);

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.stubEnv('VERCEL_REGION', undefined);
  vi.stubEnv('VERCEL_CONNECT_INTERACTIVE_AUTH_MODE', undefined);
});
afterAll(() => server.close());

/** Text of one to many characters, any of Unicode. */
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const json = fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes('"__proto__"'));
const record = fc.dictionary(
  text.filter((key) => key !== '__proto__'),
  json,
  { maxKeys: 3, noNullPrototype: true },
);

const subject: fc.Arbitrary<theirs.ConnectTokenSubject> = fc.oneof(
  fc.constant({ type: 'app' } as const),
  fc.record({ type: fc.constant('user' as const), id: text, issuer: text }, { requiredKeys: ['type', 'id'] }),
  fc.record(
    {
      type: fc.constant('jwt-bearer' as const),
      sub: text,
      iss: text,
      aud: text,
      additionalClaims: record as fc.Arbitrary<Record<string, unknown>>,
    },
    { requiredKeys: ['type', 'sub'] },
  ),
  fc.record({ type: fc.constant('token' as const), token: text }),
);

const narrow = {
  installationId: text,
  audience: fc.array(text, { maxLength: 3 }),
  scopes: fc.array(text, { maxLength: 3 }),
  resources: fc.array(text, { maxLength: 3 }),
  authorizationDetails: fc.array(
    fc.tuple(text, record).map(([type, rest]) => ({ ...(rest as object), type })),
    { maxLength: 2 },
  ),
  validityBufferMs: fc.nat(1_000_000),
};
const params = fc.record({ subject, ...narrow }, { requiredKeys: ['subject'] });
const grant = fc.record(narrow, { requiredKeys: [] });

// Whatever can stand in a path without leaving it; the rest is a named deviation.
const connector = fc
  .oneof(
    text,
    fc.tuple(text, text).map((parts) => parts.join('/')),
    fc.constantFrom('scl_0123456789', 'slack/acme-slack', 'mcp.linear.app/acme', 'a b/ü', '%2F', 'x?y#z'),
  )
  .filter((name) => !['.', '..'].includes(name) && !/\p{Cc}/u.test(name));
const region = optional(fc.constantFrom('sfo1', 'iad1', 'fra1', 'hnd12'));
const vercelToken = fc.stringMatching(/^[\w.-]{1,40}$/);
const url = fc.constantFrom(
  'https://a.example/x?y=1',
  'http://localhost:3000/cb',
  'http://app.localhost/',
  'http://127.0.0.1/',
);

/** One call, to be made with either package. */
type Call = (entry: typeof theirs) => Promise<unknown>;

const options = fc
  .tuple(vercelToken, region)
  .map(([token, where]) => ({ vercelToken: token, ...(where === undefined ? {} : { region: where }) }));
const interaction = {
  webhook: fc.constant('https://a.example/hook'),
  deviceCode: fc.boolean(),
  expiresInMs: fc.nat(1_000_000),
};

const calls: Readonly<Record<string, fc.Arbitrary<Call>>> = {
  getTokenResponse: fc.tuple(connector, params, options, fc.boolean()).map(
    ([name, own, opt, forceRefresh]): Call =>
      (entry) =>
        entry.getTokenResponse(name, own, { ...opt, forceRefresh }),
  ),
  revokeToken: fc
    .tuple(connector, fc.record({ subject, installationId: text }, { requiredKeys: ['subject'] }), options)
    .map(
      ([name, own, opt]): Call =>
        (entry) =>
          entry.revokeToken(name, own, opt),
    ),
  getConnectorMetadata: fc.tuple(connector, options).map(
    ([name, opt]): Call =>
      (entry) =>
        entry.getConnectorMetadata(name, opt),
  ),
  startAuthorization: fc
    .tuple(
      connector,
      params,
      options,
      fc.record({ ...interaction, callbackUrl: url, prompt: text }, { requiredKeys: [] }),
    )
    .map(
      ([name, own, opt, more]): Call =>
        (entry) =>
          entry.startAuthorization(name, own, { ...opt, ...more }),
    ),
  experimental_startInstallation: fc
    .tuple(
      connector,
      optional(grant),
      options,
      fc.record({ ...interaction, returnUrl: url, tenantId: text }, { requiredKeys: [] }),
    )
    .map(
      ([name, own, opt, more]): Call =>
        (entry) =>
          entry.experimental_startInstallation(name, own, { ...opt, ...more }),
    ),
};

it.each(Object.keys(calls))('%s sends the same, 200 times', async (name) => {
  const call = calls[name];
  if (call === undefined) throw new Error('a name of the table');
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(call, async (make) => {
      sent.length = 0;
      vi.setSystemTime(Date.now() + 60_000);
      await make(theirs);
      // The one entry for the other: ours takes whatever theirs takes.
      await make(ours as unknown as typeof theirs);
      const [first, second, ...more] = sent;
      expect(more).toEqual([]);
      expect(first).toBeDefined();
      expect(second).toEqual(first);
      compared += 1;
    }),
    { numRuns: 200 },
  );
  expect(compared).toBe(200);
});

it('makes 1 000 comparisons', () => {
  expect(Object.keys(calls).length * 200).toBe(1_000);
});
