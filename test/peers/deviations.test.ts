// The deviations that docs/migrating-from-vercel-connect.md names: each is shown with both packages, by one test of its
// title, and no other is. What a row says of `@vercel/connect` is thereby held as well.
import { readFileSync } from 'node:fs';
import * as theirs from '@vercel/connect';
import { createConnectWebhookVerifier } from '@vercel/connect/chat';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import * as ours from '../../src/connect/index.js';
import {
  createIssuer,
  forward,
  goodClaims,
  type Issuer,
  JWKS_URL,
  PROJECT,
  signToken,
} from '../connect/trigger-helpers.js';

type Entry = Pick<typeof theirs, 'getToken' | 'getTokenResponse' | 'revokeToken' | 'startAuthorization'> & {
  // Ours knows that the API can give a clientUrl as null.
  getConnectorMetadata(...call: Parameters<typeof theirs.getConnectorMetadata>): Promise<{ name: string }>;
};

const APP = { subject: { type: 'app' } } as const;
const AS = { vercelToken: 'caller-one' };
const HOUR = 3_600_000;

let vercel: Issuer;
const sent: Request[] = [];
let answer: (index: number) => Response | Promise<Response> = () => token();
let names = 0;
/** A connector that no other test has put into a cache of the whole process. */
const fresh = () => `slack/deviation-${++names}`;

const server = setupServer(
  http.get(JWKS_URL, () => HttpResponse.json({ keys: [vercel.jwk] })),
  http.all('*', ({ request }) => answer(sent.push(request.clone()) - 1)),
);

function token(fields: object = {}): Response {
  const connector = { id: 'scl_1', uid: 'slack/a', type: 'slack' };
  const own = { token: `token-${sent.length}`, tokenId: 'stk_1', expiresAt: Date.now() + HOUR, connector };
  return HttpResponse.json({ ...own, ...fields });
}

const refusal = (status: number, error: object) => () => HttpResponse.json({ error }, { status });
const paths = () => sent.map(({ url }) => new URL(url).pathname);

/** The error that a call ends with; `undefined` where it ends well. */
const failure = (call: Promise<unknown>): Promise<(Error & Record<string, unknown>) | undefined> =>
  call.then(
    () => undefined,
    (error: Error & Record<string, unknown>) => error,
  );

/** How many requests something takes. */
async function requests(act: () => Promise<unknown>): Promise<number> {
  const before = sent.length;
  await act();
  return sent.length - before;
}

beforeAll(async () => {
  vercel = await createIssuer('vercel-1');
  server.listen({ onUnhandledRequest: 'error' });
});
beforeEach(() => {
  vi.stubEnv('VERCEL_REGION', undefined);
  vi.stubEnv('VERCEL_PROJECT_ID', PROJECT);
  vi.stubEnv('VERCEL_TARGET_ENV', 'production');
});
afterEach(() => {
  vi.useRealTimers();
  sent.length = 0;
  answer = () => token();
});
afterAll(() => server.close());

/** Both verdicts on one forwarded request: what each rejects with, `undefined` where it is let through. */
async function verdicts(claims: Record<string, unknown>, options: object = {}) {
  const bearer = await signToken(vercel, goodClaims(claims));
  return {
    there: await failure(Promise.resolve(createConnectWebhookVerifier(options)(forward(bearer), ''))),
    here: await failure(ours.createConnectWebhookVerifier(options)(forward(bearer), '')),
  };
}

/** The one result with each package, for what is to be compared. */
async function both<T>(act: (entry: Entry) => Promise<T>): Promise<{ there: T; here: T }> {
  return { there: await act(theirs), here: await act(ours) };
}

const deviations: Readonly<Record<string, () => Promise<void>>> = {
  async 'two callers, equal arguments'() {
    const count = await both(async (entry) => {
      const connector = fresh();
      return requests(async () => {
        await entry.getToken(connector, APP, AS);
        await entry.getToken(connector, APP, { vercelToken: 'caller-two' });
      });
    });
    expect(count).toEqual({ there: 1, here: 2 });
  },

  async '`revokeToken`'() {
    const kept = await both(async (entry) => {
      const [one, other] = [fresh(), fresh()];
      await entry.getToken(one, APP, AS);
      const before = await entry.getToken(other, APP, AS);
      answer = () => new HttpResponse(null, { status: 204 });
      await entry.revokeToken(one, APP, AS);
      answer = () => token();
      return (await entry.getToken(other, APP, AS)) === before;
    });
    expect(kept).toEqual({ there: false, here: true });
  },

  async 'a request that a revocation overtakes'() {
    const reused = await both(async (entry) => {
      const connector = fresh();
      let land = () => {};
      const held = new Promise<void>((resolve) => {
        land = resolve;
      });
      const arrived = new Promise<void>((resolve) => {
        answer = async () => {
          resolve();
          await held;
          return token({ token: 'issued-before' });
        };
      });
      const underWay = entry.getToken(connector, APP, AS);
      await arrived;
      answer = () => new HttpResponse(null, { status: 204 });
      await entry.revokeToken(connector, APP, AS);
      answer = () => token({ token: 'issued-after' });
      land();
      await underWay;
      return entry.getToken(connector, APP, AS);
    });
    expect(reused).toEqual({ there: 'issued-before', here: 'issued-after' });
  },

  async '`validityBufferMs`'() {
    const count = await both(async (entry) => {
      const connector = fresh();
      return requests(async () => {
        await entry.getToken(connector, APP, AS);
        await entry.getToken(connector, { ...APP, validityBufferMs: 60_000 }, AS);
      });
    });
    expect(count).toEqual({ there: 2, here: 1 });
  },

  async 'order within the arguments'() {
    const count = await both(async (entry) => {
      const connector = fresh();
      return requests(async () => {
        await entry.getToken(connector, { ...APP, scopes: ['a', 'b'], installationId: 'i' }, AS);
        await entry.getToken(connector, { installationId: 'i', scopes: ['b', 'a'], ...APP }, AS);
      });
    });
    expect(count).toEqual({ there: 2, here: 1 });
  },

  async renewal() {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.UTC(2026, 10, 22) });
    const outcome = await both(async (entry) => {
      const connector = fresh();
      const first = await entry.getToken(connector, APP, AS);
      // Inside the buffer, with 20 s of life, while the API is away.
      vi.advanceTimersByTime(HOUR - 20_000);
      answer = refusal(503, { code: 'internal_server_error', message: 'Away.' });
      const error = await failure(entry.getToken(connector, APP, AS).then((got) => expect(got).toBe(first)));
      answer = () => token();
      return error?.name;
    });
    expect(outcome).toEqual({ there: 'ConnectError', here: undefined });
  },

  async 'concurrent calls'() {
    const count = await both((entry) => {
      const connector = fresh();
      return requests(() => Promise.all([1, 2, 3].map(() => entry.getToken(connector, APP, AS))));
    });
    expect(count).toEqual({ there: 3, here: 1 });
  },

  async 'failures in passing'() {
    const outcome = await both(async (entry) => {
      const last = sent.length;
      answer = (index) => (index === last ? refusal(503, { code: 'x', message: 'Once.' })() : token());
      return (await failure(entry.getToken(fresh(), APP, AS)))?.status;
    });
    expect(outcome).toEqual({ there: 503, here: undefined });
  },

  async redirects() {
    const headers = { location: 'https://elsewhere.example/forged' };
    const forged = { id: 'scl_1', name: 'forged' };
    const outcome = await both(async (entry) => {
      sent.length = 0;
      answer = (index) =>
        index === 0 ? new HttpResponse(null, { status: 302, headers }) : HttpResponse.json(forged);
      return entry.getConnectorMetadata('slack/a', AS).then(
        ({ name }) => name,
        ({ status }) => status,
      );
    });
    expect(outcome).toEqual({ there: 'forged', here: 302 });
  },

  async 'consent missing'() {
    answer = refusal(422, { code: 'user_authorization_required', message: 'Consent first.' });
    const count = await both((entry) => {
      const connector = fresh();
      const ask = () => failure(entry.getToken(connector, APP, AS));
      return requests(async () => [await ask(), await ask()]);
    });
    expect(count).toEqual({ there: 2, here: 1 });
  },

  async 'an answer that is cached'() {
    const seen = await both(async (entry) => {
      const connector = fresh();
      const first = await entry.getTokenResponse(connector, APP, AS);
      first.token = 'changed by a caller';
      return (await entry.getTokenResponse(connector, APP, AS)).token === 'changed by a caller';
    });
    expect(seen).toEqual({ there: true, here: false });
  },

  async '`VERCEL_REGION`'() {
    vi.stubEnv('VERCEL_REGION', 'sfo1');
    await both((entry) => entry.getToken(fresh(), APP, AS));
    await ours.getToken(fresh(), APP, { ...AS, region: 'auto' });
    expect(sent.map(({ url }) => new URL(url).host)).toEqual([
      'api-sfo1.vercel.com',
      'api.vercel.com',
      'api-sfo1.vercel.com',
    ]);
  },

  async '`region`'() {
    const hostile = { ...AS, region: 'x.evil.example/' };
    const errors = await both((entry) => failure(entry.getToken(fresh(), APP, hostile)));
    expect(errors.there).toBeUndefined();
    expect(sent.map(({ url }) => new URL(url).host)).toEqual(['api-x.evil.example']);
    expect(errors.here).toMatchObject({ name: 'InvalidArgumentError' });
  },

  async 'connector `..`, `.`, empty, over 256 characters, or with control characters'() {
    for (const connector of ['..', '.', '', 'a'.repeat(300), 'a\nb']) {
      sent.length = 0;
      const errors = await both((entry) => failure(entry.getToken(connector, APP, AS)));
      expect(errors.there).toBeUndefined();
      expect(errors.here).toMatchObject({ name: 'InvalidArgumentError' });
      expect(sent).toHaveLength(1);
      if (connector === '..') expect(paths()).toEqual(['/v1/connect/']);
    }
  },

  async 'wrong arguments'() {
    const wrong = [{ subject: { type: 'user' } }, { subject: { type: 'robot' } }, { ...APP, scopes: 'read' }];
    for (const params of wrong) {
      sent.length = 0;
      // What the types of both refuse.
      const errors = await both((entry) => failure(entry.getToken(fresh(), params as never, AS)));
      expect(errors.there).toBeUndefined();
      expect(errors.here).toMatchObject({ name: 'InvalidArgumentError' });
      expect(sent).toHaveLength(1);
    }
    const callbackUrl = 'http://shop.example/?code=a-secret';
    const urls = await both((entry) =>
      failure(entry.startAuthorization(fresh(), APP, { ...AS, callbackUrl })),
    );
    expect(urls.there).toMatchObject({ name: 'Error', message: expect.stringContaining('a-secret') });
    expect(urls.here?.message).not.toContain('a-secret');
  },

  async 'a success that is none'() {
    answer = () => HttpResponse.json({ connector: {} });
    const errors = await both((entry) => failure(entry.getToken(fresh(), APP, AS)));
    expect(errors.there).toBeUndefined();
    expect(errors.here).toMatchObject({ name: 'MalformedResponseError' });
  },

  async 'error messages'() {
    answer = () =>
      HttpResponse.json({ error: { code: 'teapot' }, leaked: 'the-body-itself' }, { status: 422 });
    const errors = await both((entry) => failure(entry.getToken(fresh(), APP, AS)));
    expect(errors.there?.message).toContain('the-body-itself');
    expect(errors.here?.message).not.toContain('the-body-itself');
  },

  async '`vendor` of an error'() {
    answer = refusal(422, { code: 'teapot', message: 'No.', vendor: { echoed: 'the-vendor' } });
    const errors = await both((entry) => failure(entry.getToken(fresh(), APP, AS)));
    expect(errors.there?.vendor).toEqual(errors.here?.vendor);
    expect(JSON.stringify(errors.there)).toContain('the-vendor');
    expect(JSON.stringify(errors.here)).not.toContain('the-vendor');
  },

  async 'forwarded triggers: who sent it'() {
    const { there, here } = await verdicts({ client_id: undefined, trigger: undefined });
    expect(there).toBeUndefined();
    expect(here).toMatchObject({ name: 'VerificationError', reason: 'wrong_client', status: 401 });
  },

  async 'forwarded triggers: for whom'() {
    const audience = await verdicts({ aud: 'https://vercel.com/another-team' });
    const issuer = await verdicts({ iss: 'https://oidc.vercel.com/another-team' });
    expect([audience.there, issuer.there]).toEqual([undefined, undefined]);
    expect([audience.here?.reason, issuer.here?.reason]).toEqual(['wrong_audience', 'wrong_issuer']);
  },

  async 'forwarded triggers: when'() {
    const now = Math.floor(Date.now() / 1000);
    const old = await verdicts({ iat: now - 1_800, nbf: now - 1_800 });
    expect(old.there).toBeUndefined();
    expect(old.here).toMatchObject({ reason: 'wrong_time' });
    const justOver = await verdicts({ exp: now - 20 });
    expect(justOver.there).toMatchObject({ code: 'ERR_JWT_EXPIRED' });
    expect(justOver.here).toBeUndefined();
    expect((await verdicts({ exp: now - 20 }, {})).here).toBeUndefined();
  },

  async 'options of the verifier'() {
    const options = { algorithms: ['RS256'], issuer: 'https://oidc.vercel.com/acme' };
    const { there, here } = await verdicts({}, options);
    expect(there).toBeUndefined();
    expect(here).toMatchObject({ name: 'InvalidArgumentError' });
    for (const name of ['issuer', 'maxTokenAge', 'clockTolerance', 'subject'])
      expect((await verdicts({}, { [name]: 'x' })).here?.message).toContain(name);
    expect((await verdicts({}, { algorithms: undefined })).here).toBeUndefined();
  },

  async 'errors of the verifier'() {
    const { there, here } = await verdicts({ environment: 'preview' });
    expect(there).toBeInstanceOf(TypeError);
    expect(here).toMatchObject({ name: 'VerificationError', reason: 'wrong_environment', status: 401 });
    const open = await verdicts({}, { projectId: '*' });
    expect([open.there?.name, open.here?.name]).toEqual(['TypeError', 'InvalidArgumentError']);
  },
};

test.each(Object.entries(deviations))('%s', (_title, show) => show());

test('the list of the documentation is this one', () => {
  const file = new URL('../../docs/migrating-from-vercel-connect.md', import.meta.url);
  const [, section = ''] = /\n## 2\. [^\n]*\n([\s\S]*?)\n## 3\. /.exec(readFileSync(file, 'utf8')) ?? [];
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1);
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()));
  const listed = cells.filter(([, title = '']) => !title.startsWith('---'));
  expect(listed.map(([, title]) => title).sort()).toEqual(Object.keys(deviations).sort());
  for (const [, title, there, here] of listed) {
    expect(there, title).not.toBe('');
    expect(here?.length, `${title} says what is here, and why`).toBeGreaterThan(30);
  }
});
