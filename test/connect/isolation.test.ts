import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { type ConnectTokenParams, createConnectClient } from '../../src/connect/index.js';
import {
  type Answer,
  APP,
  CONNECTOR,
  countedToken,
  createBench,
  createUpstream,
  deferred,
  errorAnswer,
  settle,
  tokenAnswer,
} from './helpers.js';

/** A token that names the bearer and the host it was issued to. */
const personal = (request: { bearer: string | undefined; url: string }) =>
  tokenAnswer({ token: `${request.bearer} at ${new URL(request.url).host}` });

describe('callers', () => {
  it('two vercelTokens never share', async () => {
    const { client, requests } = createBench(personal);
    for (const vercelToken of ['a', 'b', 'a', 'b']) {
      expect(await client.getToken(CONNECTOR, APP, { vercelToken })).toBe(`${vercelToken} at api.vercel.com`);
    }
    expect(requests).toHaveLength(2);
  });

  it('two vercelTokens never share a flight either', async () => {
    const { client, requests } = createBench(personal);
    const callers = ['a', 'b', 'c'];
    const tokens = await Promise.all(
      callers.map((vercelToken) => client.getToken(CONNECTOR, APP, { vercelToken })),
    );
    expect(tokens).toEqual(callers.map((caller) => `${caller} at api.vercel.com`));
    expect(requests).toHaveLength(3);
  });

  it('a vercelToken does not share with the bearerToken of the client', async () => {
    const { client } = createBench(personal);
    expect(await client.getToken(CONNECTOR, APP)).toBe('caller-one at api.vercel.com');
    expect(await client.getToken(CONNECTOR, APP, { vercelToken: 'a' })).toBe('a at api.vercel.com');
    expect(await client.getToken(CONNECTOR, APP)).toBe('caller-one at api.vercel.com');
  });

  it('the same credential is the same caller, whichever way it came', async () => {
    const { client, requests } = createBench(personal);
    await client.getToken(CONNECTOR, APP);
    await client.getToken(CONNECTOR, APP, { vercelToken: 'caller-one' });
    expect(requests).toHaveLength(1);
  });

  it('a bearer function that gives another token is another caller', async () => {
    let bearer = 'before';
    const { client, requests } = createBench(personal, { bearerToken: () => bearer });
    expect(await client.getToken(CONNECTOR, APP)).toBe('before at api.vercel.com');
    bearer = 'after';
    expect(await client.getToken(CONNECTOR, APP)).toBe('after at api.vercel.com');
    expect(await client.getToken(CONNECTOR, APP)).toBe('after at api.vercel.com');
    expect(requests).toHaveLength(2);
  });

  it('the claims of a token do not make its caller: a forged token with the same ones shares nothing', async () => {
    const claims = Buffer.from(JSON.stringify({ sub: 'project', owner_id: 'team_1' })).toString('base64url');
    const { client, requests } = createBench((request, index) =>
      request.bearer?.endsWith('.forged') ? errorAnswer(401) : countedToken(request, index),
    );
    await client.getToken(CONNECTOR, APP, { vercelToken: `e30.${claims}.signed` });
    const forged = client.getToken(CONNECTOR, APP, { vercelToken: `e30.${claims}.forged` });
    await expect(forged).rejects.toMatchObject({ status: 401 });
    expect(requests).toHaveLength(2);
  });

  it("one caller's failure is not another's", async () => {
    const gate = deferred<Response>();
    const { client, arrived } = createBench((request) =>
      request.bearer === 'a' ? gate.promise : personal(request),
    );
    const failing = client.getToken(CONNECTOR, APP, { vercelToken: 'a' });
    await arrived(1);
    const other = client.getToken(CONNECTOR, APP, { vercelToken: 'b' });
    gate.resolve(errorAnswer(422, 'no_token'));
    await expect(failing).rejects.toMatchObject({ code: 'no_token' });
    expect(await other).toBe('b at api.vercel.com');
  });
});

describe('places', () => {
  it('two regions of one client never share', async () => {
    const { client, requests } = createBench(personal);
    const regions = [undefined, 'sfo1', 'fra1'];
    for (const region of [...regions, ...regions]) {
      const host = region === undefined ? 'api.vercel.com' : `api-${region}.vercel.com`;
      const options = region === undefined ? {} : { region };
      expect(await client.getToken(CONNECTOR, APP, options)).toBe(`caller-one at ${host}`);
    }
    expect(requests).toHaveLength(3);
  });

  it('a region named twice is one place', async () => {
    const { client, requests } = createBench(personal, { region: 'sfo1' });
    await client.getToken(CONNECTOR, APP);
    await client.getToken(CONNECTOR, APP, { region: 'sfo1' });
    expect(requests).toHaveLength(1);
  });

  it('two base URLs never share', async () => {
    const upstream = createUpstream(personal);
    const clients = ['https://one.example', 'https://two.example'].map((baseUrl) =>
      createConnectClient({ baseUrl, bearerToken: 'caller-one', fetch: upstream.fetch }),
    );
    const ask = () => Promise.all(clients.map((client) => client.getToken(CONNECTOR, APP)));
    expect(await ask()).toEqual(['caller-one at one.example', 'caller-one at two.example']);
    expect(await ask()).toEqual(['caller-one at one.example', 'caller-one at two.example']);
    expect(upstream.requests).toHaveLength(2);
  });
});

describe('smuggled parameters', () => {
  const victim: ConnectTokenParams = { subject: { type: 'user', id: 'victim' } };
  /** What `@vercel/connect` would take for another's key. */
  const smuggled = (fields: object) => ({ subject: { type: 'app' }, ...fields }) as ConnectTokenParams;

  it('a connector inside params does not take the place of the argument', async () => {
    const { client, requests } = createBench();
    await client.getToken('slack/victim', APP);
    expect(await client.getToken('slack/attacker', smuggled({ connector: 'slack/victim' }))).toBe('token-2');
    expect(requests[1]?.url).toBe('https://api.vercel.com/v1/connect/token/slack%2Fattacker');
    expect(await client.getToken('slack/victim', APP)).toBe('token-1');
  });

  it('a connector inside params is not the victim of a deletion either', async () => {
    const { client } = createBench();
    await client.getToken('slack/victim', APP);
    client.deleteTokenCacheEntry('slack/attacker', smuggled({ connector: 'slack/victim' }));
    expect(await client.getToken('slack/victim', APP)).toBe('token-1');
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'a field named %s is keyed like any other',
    async (name) => {
      const field = (value: unknown) => JSON.parse(JSON.stringify({ [name]: value })) as object;
      const own = (value: unknown) =>
        Object.defineProperty({ ...APP }, name, {
          value: Object.values(field(value))[0],
          enumerable: true,
        }) as ConnectTokenParams;
      const { client, requests } = createBench();
      expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
      expect(await client.getToken(CONNECTOR, own({ scopes: ['a'] }))).toBe('token-2');
      expect(await client.getToken(CONNECTOR, own({ scopes: ['b'] }))).toBe('token-3');
      expect(await client.getToken(CONNECTOR, own({ scopes: ['a'] }))).toBe('token-2');
      expect(requests).toHaveLength(3);
      expect(Object.prototype).not.toHaveProperty('scopes');
    },
  );

  it('__proto__ with a subject does not lend its subject', async () => {
    const { client, requests } = createBench();
    await client.getToken(CONNECTOR, victim);
    const params = JSON.parse(
      '{"__proto__":{"subject":{"type":"user","id":"victim"}}}',
    ) as ConnectTokenParams;
    await expect(client.getToken(CONNECTOR, params)).rejects.toMatchObject({ argument: 'params.subject' });
    expect(requests).toHaveLength(1);
  });

  it('__proto__ inside the subject is not its type', async () => {
    const { client, requests } = createBench();
    const params = JSON.parse(
      '{"subject":{"type":"user","id":"attacker","__proto__":{"id":"victim"}}}',
    ) as ConnectTokenParams;
    await client.getToken(CONNECTOR, victim);
    expect(await client.getToken(CONNECTOR, params)).toBe('token-2');
    expect(requests[1]?.text).toContain('attacker');
  });

  it.each([
    '{"subject":{"type":"app"}}","',
    'slack/victim",{"subject":{"type":"app"}',
    'slack\\',
    'slack"',
    '["slack/victim"',
  ])('a connector that looks like a key, %j, is its own', async (connector) => {
    const { client, requests } = createBench();
    await client.getToken('slack/victim', APP);
    await client.getToken(connector, APP);
    await client.getToken(connector, APP);
    expect(requests).toHaveLength(2);
  });
});

describe('a bearer function that depends on whose request it serves', () => {
  const storage = new AsyncLocalStorage<string>();
  const bearerToken = async () => {
    await settle();
    return storage.getStore() ?? 'nobody';
  };
  const echo: Answer = (request) => tokenAnswer({ token: `for ${request.bearer}` });

  it('never gives one request what it gives another at the same time', async () => {
    const { client } = createBench(echo, { bearerToken });
    const ask = (who: string) => storage.run(who, () => client.getToken(CONNECTOR, APP));
    expect(await Promise.all([ask('a'), ask('b'), ask('a')])).toEqual(['for a', 'for b', 'for a']);
  });

  it('nor when both have to renew it after a 401', async () => {
    let turn = 0;
    const renewing = async () => `${await bearerToken()}-${turn++ < 2 ? 'old' : 'new'}`;
    const refusing: Answer = (request, index) =>
      request.bearer?.endsWith('-old') ? errorAnswer(401, 'unauthorized') : echo(request, index);
    const { client } = createBench(refusing, { bearerToken: renewing });
    const ask = (who: string) => storage.run(who, () => client.getToken(CONNECTOR, APP));
    expect(await Promise.all([ask('a'), ask('b')])).toEqual(['for a-new', 'for b-new']);
  });
});
