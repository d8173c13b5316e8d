// Missing consent is remembered for the whole fleet, and consent that one process sees is seen by all.
import { describe, expect, it } from 'vitest';
import {
  type ConnectTokenParams,
  type ConnectTokenSubject,
  UserAuthorizationRequiredError,
} from '../../src/connect/index.js';
import { errorAnswer, failureOf, type SentRequest, tokenAnswer } from '../connect/helpers.js';
import { startFleet, startTestRedis, until } from './fleet.js';
import { hasServer } from './redis-server.js';

const CONNECTOR = 'oauth/linear';
const user = (id: string): ConnectTokenParams => ({ subject: { type: 'user', id } });
const cache = { negativeMs: 30_000, max: 1_000 };

/** An API that knows who has consented. */
function createConsents() {
  const consented = new Set<string>();
  const refused: string[] = [];
  const answer = async (request: SentRequest) => {
    if (request.url.includes('/authorize/'))
      return Response.json({ url: 'u', verifier: 'v', request: 'r', expiresAt: Date.now() + 60_000 });
    if (request.url.includes('/result/')) return Response.json({ status: 'success' });
    if (request.url.endsWith('/import')) return Response.json({ accepted: 1, tokens: [] });
    const { subject } = request.body as { subject: ConnectTokenSubject & { id: string } };
    if (consented.has(subject.id)) return tokenAnswer({ token: `for ${subject.id}` });
    refused.push(subject.id);
    return errorAnswer(422, 'user_authorization_required');
  };
  return { consented, refused, answer };
}

describe.skipIf(!hasServer())('consent in a fleet', () => {
  it('that is missing is asked about once for all processes, and for those started later', async () => {
    const server = await startTestRedis();
    const { refused, answer } = createConsents();
    const { clients, join } = await startFleet(server.url, 3, answer, { cache });
    const later = (await join()).client;
    for (const client of [...clients, ...clients, later]) {
      const error = await failureOf(
        client.getToken(CONNECTOR, user('visitor')),
        UserAuthorizationRequiredError,
      );
      expect(error).toMatchObject({
        code: 'user_authorization_required',
        status: 422,
        message: 'The API says no.',
      });
    }
    expect(refused).toEqual(['visitor']);
    expect(later.stats()).toMatchObject({ upstreamCalls: 0, refusals: 1 });
  });

  it('that visitors lack costs those who have it nothing', async () => {
    const server = await startTestRedis();
    const { consented, refused, answer } = createConsents();
    const visitors = Array.from({ length: 40 }, (_, id) => `visitor_${id}`);
    for (let id = 0; id < 20; id++) consented.add(`user_${id}`);
    let asked = 0;
    const limited = async (request: SentRequest) => {
      asked++;
      if (asked > 200) return errorAnswer(429, 'rate_limited');
      return answer(request);
    };
    const { clients } = await startFleet(server.url, 3, limited, { cache });
    for (let round = 0; round < 20; round++)
      for (const client of clients) {
        await Promise.all(
          visitors.map((id) =>
            failureOf(client.getToken(CONNECTOR, user(id)), UserAuthorizationRequiredError),
          ),
        );
        for (const id of consented) expect(await client.getToken(CONNECTOR, user(id))).toBe(`for ${id}`);
      }
    expect(refused).toHaveLength(visitors.length);
    expect(asked).toBe(visitors.length + consented.size);
  });

  it.each([
    [
      'waitForAuthorization',
      async (client: Awaited<ReturnType<typeof startFleet>>['clients'][number]) => {
        const started = await client.startAuthorization(CONNECTOR, user('alice'));
        await client.waitForAuthorization(started);
      },
    ],
    [
      'forceRefresh, for other scopes',
      (client: Awaited<ReturnType<typeof startFleet>>['clients'][number]) =>
        client.getToken(CONNECTOR, { ...user('alice'), scopes: ['other'] }, { forceRefresh: true }),
    ],
    [
      'importTokens',
      (client: Awaited<ReturnType<typeof startFleet>>['clients'][number]) =>
        client.importTokens(CONNECTOR, [
          {
            accessToken: 'imported',
            expiresAt: Date.now() + 60_000,
            environment: 'production',
            subject: { type: 'user', id: 'alice' },
          },
        ]),
    ],
  ])('that %s sees in one process is seen by all', async (_name, consent) => {
    const server = await startTestRedis();
    const { consented, answer } = createConsents();
    const { clients, join } = await startFleet(server.url, 3, answer, { cache });
    const [one, ...others] = clients;
    for (const client of clients)
      await failureOf(client.getToken(CONNECTOR, user('alice')), UserAuthorizationRequiredError);
    consented.add('alice');
    if (one !== undefined) await consent(one);
    for (const client of [...others, (await join()).client])
      await until(
        async () => (await client.getToken(CONNECTOR, user('alice')).catch(() => '')) === 'for alice',
      );
    // Nobody else has consented.
    await failureOf(
      others[0]?.getToken(CONNECTOR, user('bob')) ?? Promise.resolve(),
      UserAuthorizationRequiredError,
    );
  });

  it('while a person is deciding, refusals are remembered for a second', async () => {
    const server = await startTestRedis();
    const { refused, consented, answer } = createConsents();
    const { clients } = await startFleet(server.url, 2, answer, { cache });
    const [one, two] = clients;
    await one?.startAuthorization(CONNECTOR, user('alice'));
    for (const client of [one, two])
      await failureOf(
        client?.getToken(CONNECTOR, user('alice')) ?? Promise.resolve(),
        UserAuthorizationRequiredError,
      );
    expect(refused, 'none of them is left for the other').toHaveLength(2);
    consented.add('alice');
    await until(
      async () => (await two?.getToken(CONNECTOR, user('alice')).catch(() => '')) === 'for alice',
      3_000,
    );
  });

  it('that is withdrawn ends the token in the store, too', async () => {
    const server = await startTestRedis();
    let index = 0;
    const { clients } = await startFleet(
      server.url,
      1,
      () => {
        index++;
        return index === 2
          ? errorAnswer(422, 'user_authorization_required')
          : tokenAnswer({ token: `token-${index}` });
      },
      { cache: { negativeMs: 0 } },
    );
    const [client] = clients;
    expect(await client?.getToken(CONNECTOR, user('alice'))).toBe('token-1');
    // More life than is left makes it ask, as a refresh ahead does.
    const wide = { ...user('alice'), validityBufferMs: 2 * 3_600_000 };
    await failureOf(client?.getToken(CONNECTOR, wide) ?? Promise.resolve(), UserAuthorizationRequiredError);
    expect(await client?.getToken(CONNECTOR, user('alice')), 'not the one of before').toBe('token-3');
  });
});
