import { expect, it } from 'vitest';
import { UserAuthorizationRequiredError } from '../../src/connect/index.js';
import { APIError } from '../../src/errors/index.js';
import {
  type Answer,
  APP,
  CONNECTOR,
  countedToken,
  createBench,
  deferred,
  errorAnswer,
  failureOf,
  settle,
  tokenAnswer,
} from './helpers.js';

const FORCE = { forceRefresh: true };

it('forceRefresh asks although a good token is cached, and stores what comes back', async () => {
  const { client, requests } = createBench();
  await client.getToken(CONNECTOR, APP);
  expect(await client.getToken(CONNECTOR, APP, FORCE)).toBe('token-2');
  expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
  expect(requests).toHaveLength(2);
});

it('forceRefresh: false is served from the cache', async () => {
  const { client, requests } = createBench();
  await client.getToken(CONNECTOR, APP);
  await client.getToken(CONNECTOR, APP, { forceRefresh: false });
  expect(requests).toHaveLength(1);
});

it('forceRefresh is not sent upstream', async () => {
  const { client, requests } = createBench();
  await client.getToken(CONNECTOR, APP, FORCE);
  expect(requests[0]?.body).toEqual({ ...APP, scopes: ['*'] });
});

it('a forced call on a revoked grant throws, and leaves no old entry behind', async () => {
  const answer: Answer = (request, index) =>
    index === 1 ? errorAnswer(422, 'user_authorization_required') : countedToken(request, index);
  const { client, requests } = createBench(answer, { cache: { negativeMs: 0 } });
  await client.getToken(CONNECTOR, APP);
  await failureOf(client.getToken(CONNECTOR, APP, FORCE), UserAuthorizationRequiredError);
  expect(await client.getToken(CONNECTOR, APP)).toBe('token-3');
  expect(requests).toHaveLength(3);
});

it('a call during a forced one never gets the old token, even when the forced one fails', async () => {
  const gate = deferred<Response>();
  const { client, arrived } = createBench((request, index) =>
    index === 1 ? gate.promise : countedToken(request, index),
  );
  await client.getToken(CONNECTOR, APP);
  const forced = client.getToken(CONNECTOR, APP, FORCE);
  await arrived(2);
  const ordinary = client.getToken(CONNECTOR, APP);
  gate.resolve(errorAnswer(422, 'user_authorization_required'));
  await failureOf(forced, UserAuthorizationRequiredError);
  await failureOf(ordinary, UserAuthorizationRequiredError);
});

it('parallel forced calls share one request', async () => {
  const { client, requests } = createBench();
  await client.getToken(CONNECTOR, APP);
  const tokens = await Promise.all(Array.from({ length: 50 }, () => client.getToken(CONNECTOR, APP, FORCE)));
  expect(new Set(tokens)).toEqual(new Set(['token-2']));
  expect(requests).toHaveLength(2);
});

it('a forced call does not take a flight that set out before it', async () => {
  const gate = deferred<Response>();
  const { client, arrived } = createBench((request, index) =>
    index === 0 ? gate.promise : countedToken(request, index),
  );
  const ordinary = client.getToken(CONNECTOR, APP);
  await arrived(1);
  expect(await client.getToken(CONNECTOR, APP, FORCE)).toBe('token-2');
  gate.resolve(tokenAnswer({ token: 'from before' }));
  expect(await ordinary, 'the overtaken waiter gets a token no older than the forced one').not.toBe(
    'from before',
  );
});

it('an older flight that lands late does not replace the forced token', async () => {
  const gate = deferred<Response>();
  const { client, arrived } = createBench((request, index) =>
    index === 0 ? gate.promise : countedToken(request, index),
  );
  const ordinary = client.getToken(CONNECTOR, APP);
  await arrived(1);
  await client.getToken(CONNECTOR, APP, FORCE);
  gate.resolve(tokenAnswer({ token: 'from before' }));
  await ordinary;
  expect(await client.getToken(CONNECTOR, APP)).not.toBe('from before');
});

it('an older flight that fails late does not evict the forced token', async () => {
  const gate = deferred<Response>();
  const { client, requests, arrived } = createBench((request, index) =>
    index === 0 ? gate.promise : countedToken(request, index),
  );
  const ordinary = client.getToken(CONNECTOR, APP).catch(() => 'failed');
  await arrived(1);
  await client.getToken(CONNECTOR, APP, FORCE);
  gate.resolve(errorAnswer(422, 'no_token'));
  await ordinary;
  await settle();
  expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
  expect(requests).toHaveLength(2);
});

it('an older flight that ends late does not end the forced one for those who come then', async () => {
  for (const answer of [() => errorAnswer(503), () => tokenAnswer({ token: 'from before' })]) {
    const gates = [deferred<Response>(), deferred<Response>()];
    const { client, requests, arrived } = createBench(
      (request, index) => gates[index]?.promise ?? countedToken(request, index),
    );
    const ordinary = client.getToken(CONNECTOR, APP).catch(() => 'failed');
    await arrived(1);
    const forced = client.getToken(CONNECTOR, APP, FORCE);
    await arrived(2);
    gates[0]?.resolve(answer());
    await settle();
    const later = client.getToken(CONNECTOR, APP);
    await settle();
    gates[1]?.resolve(tokenAnswer({ token: 'forced' }));
    expect(await Promise.all([forced, later])).toEqual(['forced', 'forced']);
    await ordinary;
    expect(requests).toHaveLength(2);
  }
});

it('a forced call of one caller leaves the entries of others alone', async () => {
  const { client, requests } = createBench();
  await client.getToken(CONNECTOR, APP, { vercelToken: 'caller-two' });
  await client.getToken(CONNECTOR, APP, FORCE);
  expect(await client.getToken(CONNECTOR, APP, { vercelToken: 'caller-two' })).toBe('token-1');
  expect(requests).toHaveLength(2);
});

it('a forced waiter whose flight was overtaken takes the newer flight under way', async () => {
  const gates = [deferred<Response>(), deferred<Response>()];
  const { client, requests, arrived } = createBench(
    (request, index) => gates[index]?.promise ?? countedToken(request, index),
  );
  const forced = client.getToken(CONNECTOR, APP, FORCE);
  await arrived(1);
  client.deleteTokenCacheEntry(CONNECTOR, APP);
  const ordinary = client.getToken(CONNECTOR, APP);
  await arrived(2);
  gates[0]?.resolve(tokenAnswer({ token: 'from before' }));
  await settle();
  gates[1]?.resolve(tokenAnswer({ token: 'from after' }));
  expect(await Promise.all([forced, ordinary])).toEqual(['from after', 'from after']);
  expect(requests).toHaveLength(2);
});

/** An upstream that refuses the first so many requests, for want of consent. */
const refusing =
  (count: number, then: Answer = countedToken): Answer =>
  (request, index) =>
    index < count ? errorAnswer(422, 'user_authorization_required') : then(request, index);

it('a call during a forced one waits for it, where consent was missing before', async () => {
  const gate = deferred<Response>();
  const { client, requests, arrived } = createBench(refusing(1, () => gate.promise));
  await failureOf(client.getToken(CONNECTOR, APP), UserAuthorizationRequiredError);
  const forced = client.getToken(CONNECTOR, APP, FORCE);
  await arrived(2);
  const ordinary = client.getToken(CONNECTOR, APP);
  gate.resolve(tokenAnswer({ token: 'after consent' }));
  expect(await Promise.all([forced, ordinary])).toEqual(['after consent', 'after consent']);
  expect(requests).toHaveLength(2);
});

it('a forced call forgets the refusal of its own caller alone', async () => {
  const { client, requests } = createBench(refusing(1, () => errorAnswer(503)));
  const other = { vercelToken: 'caller-two' };
  await failureOf(client.getToken(CONNECTOR, APP, other), UserAuthorizationRequiredError);
  await failureOf(client.getToken(CONNECTOR, APP, FORCE), APIError);
  await failureOf(client.getToken(CONNECTOR, APP, other), UserAuthorizationRequiredError);
  expect(requests).toHaveLength(2);
});

it('a forced call that fails forgets the refusal of its own arguments alone', async () => {
  const { client, requests } = createBench(refusing(1, () => errorAnswer(503)));
  await failureOf(client.getToken('slack/refused', APP), UserAuthorizationRequiredError);
  await failureOf(client.getToken(CONNECTOR, APP, FORCE), APIError);
  await failureOf(client.getToken('slack/refused', APP), UserAuthorizationRequiredError);
  expect(requests).toHaveLength(2);
});

it('an ordinary call forgets no refusal: not those of its subject, nor those that arrive after it', async () => {
  const gate = deferred<Response>();
  const { client, requests, arrived } = createBench((request, index) => {
    if (request.url.includes('refused')) return errorAnswer(422, 'user_authorization_required');
    return request.url.includes('slow') ? gate.promise : countedToken(request, index);
  });
  const refused = () => failureOf(client.getToken('slack/refused', APP), UserAuthorizationRequiredError);
  const slow = () => failureOf(client.getToken('slack/slow', APP), UserAuthorizationRequiredError);
  await refused();
  const first = slow();
  await arrived(2);
  await client.getToken(CONNECTOR, APP);
  gate.resolve(errorAnswer(422, 'user_authorization_required'));
  await first;
  await Promise.all([refused(), slow()]);
  expect(requests).toHaveLength(3);
});
