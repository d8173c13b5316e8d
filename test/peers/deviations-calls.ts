// What is different about calls: tokens, their cache, arguments and errors.
import { HttpResponse } from 'msw';
import { expect, vi } from 'vitest';
import * as ours from '../../src/connect/index.js';
import {
  APP,
  AS,
  both,
  type Deviations,
  failure,
  fresh,
  HOUR,
  refusal,
  requests,
  sent,
  stub,
  token,
} from './deviations-world.js';

const paths = () => sent.map(({ url }) => new URL(url).pathname);

export const deviationsOfCalls: Deviations = {
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
      stub.answer = () => new HttpResponse(null, { status: 204 });
      await entry.revokeToken(one, APP, AS);
      stub.answer = () => token();
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
        stub.answer = async () => {
          resolve();
          await held;
          return token({ token: 'issued-before' });
        };
      });
      const underWay = entry.getToken(connector, APP, AS);
      await arrived;
      stub.answer = () => new HttpResponse(null, { status: 204 });
      await entry.revokeToken(connector, APP, AS);
      stub.answer = () => token({ token: 'issued-after' });
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
      stub.answer = refusal(503, { code: 'internal_server_error', message: 'Away.' });
      const error = await failure(entry.getToken(connector, APP, AS).then((got) => expect(got).toBe(first)));
      stub.answer = () => token();
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
      stub.answer = (index) => (index === last ? refusal(503, { code: 'x', message: 'Once.' })() : token());
      return (await failure(entry.getToken(fresh(), APP, AS)))?.status;
    });
    expect(outcome).toEqual({ there: 503, here: undefined });
  },

  async redirects() {
    const headers = { location: 'https://elsewhere.example/forged' };
    const forged = { id: 'scl_1', name: 'forged' };
    const outcome = await both(async (entry) => {
      sent.length = 0;
      stub.answer = (index) =>
        index === 0 ? new HttpResponse(null, { status: 302, headers }) : HttpResponse.json(forged);
      return entry.getConnectorMetadata('slack/a', AS).then(
        ({ name }) => name,
        ({ status }) => status,
      );
    });
    expect(outcome).toEqual({ there: 'forged', here: 302 });
  },

  async 'consent missing'() {
    stub.answer = refusal(422, { code: 'user_authorization_required', message: 'Consent first.' });
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
    const wrong = [{ subject: { type: 'user' } }, { subject: { type: 'User' } }, { ...APP, scopes: 'read' }];
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

  async 'misspelt options and fields of a token'() {
    const errors = await both(async (entry) => [
      await failure(entry.getToken(fresh(), APP, { ...AS, vercelTokn: 'caller-two' } as never)),
      await failure(entry.revokeToken(fresh(), { ...APP, instalationId: 'inst_1' } as never, AS)),
    ]);
    expect(errors.there).toEqual([undefined, undefined]);
    expect(errors.here).toMatchObject([
      { name: 'InvalidArgumentError', message: expect.stringContaining('did you mean vercelToken?') },
      { name: 'InvalidArgumentError', message: expect.stringContaining('did you mean installationId?') },
    ]);
  },

  async 'a success with an invalid body'() {
    stub.answer = () => HttpResponse.json({ connector: {} });
    const errors = await both((entry) => failure(entry.getToken(fresh(), APP, AS)));
    expect(errors.there).toBeUndefined();
    expect(errors.here).toMatchObject({ name: 'MalformedResponseError' });
  },

  async 'error messages'() {
    stub.answer = () =>
      HttpResponse.json({ error: { code: 'teapot' }, leaked: 'the-body-itself' }, { status: 422 });
    const errors = await both((entry) => failure(entry.getToken(fresh(), APP, AS)));
    expect(errors.there?.message).toContain('the-body-itself');
    expect(errors.here?.message).not.toContain('the-body-itself');
  },

  async '`vendor` of an error'() {
    stub.answer = refusal(422, { code: 'teapot', message: 'No.', vendor: { echoed: 'the-vendor' } });
    const errors = await both((entry) => failure(entry.getToken(fresh(), APP, AS)));
    expect(errors.there?.vendor).toEqual(errors.here?.vendor);
    expect(JSON.stringify(errors.there)).toContain('the-vendor');
    expect(JSON.stringify(errors.here)).not.toContain('the-vendor');
  },
};
