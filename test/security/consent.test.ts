import { expect, it } from 'vitest';
import {
  type ConsentChallenge,
  ConsentRequiredError,
  createConnectClient,
  createConnectFetch,
  getConsentChallenge,
  isConsentRequiredError,
  toConsentResponse,
} from '../../src/connect/index.js';
import { failureOf } from '../connect/helpers.js';
import { leaksIn, type Probe, probesOf } from './probes.js';

const SECRETS = {
  verifier: 'canary-verifier-8d1f0c',
  request: 'canary-request-2b7a9e',
  subjectToken: 'canary-subject-token-55aa',
  bearer: 'canary-bearer-77cc',
};
const URL_ = 'https://connect.vercel.com/authorize/page-1';
const EXPIRES_AT = Date.now() + 600_000;

/** A Connect that has no grant. */
async function answer(url: string): Promise<Response> {
  if (!url.includes('/authorize/')) {
    const error = { code: 'user_authorization_required', message: 'The user has not authorized it.' };
    return Response.json({ error }, { status: 422 });
  }
  const { verifier, request: id } = SECRETS;
  return Response.json({ url: URL_, request: id, verifier, expiresAt: EXPIRES_AT, deviceCode: 'ABCD-EFGH' });
}

function createWorld() {
  const told: unknown[] = [];
  const client = createConnectClient({
    bearerToken: SECRETS.bearer,
    fetch: answer,
    onEvent: (event) => told.push(event),
    logger: { debug: (...line) => told.push(line) },
  });
  const challenges: ConsentChallenge[] = [];
  const subject = { type: 'token', token: SECRETS.subjectToken } as const;
  const connectFetch = createConnectFetch(
    'oauth/linear',
    { subject },
    {
      origin: 'https://api.linear.app',
      client,
      vercelToken: SECRETS.bearer,
      onConsentRequired: (challenge) => void challenges.push(challenge),
    },
  );
  return { told, client, challenges, connectFetch, subject };
}

it('no error, challenge, fetch, response or log of a missing consent shows a secret', async () => {
  const { told, client, challenges, connectFetch } = createWorld();
  const error = await failureOf(connectFetch('https://api.linear.app/graphql'), ConsentRequiredError);
  const wrapped = new Error('connecting failed', { cause: error });
  const response = toConsentResponse(wrapped);
  const probes: Probe[] = [
    ...probesOf('error', error),
    ...probesOf('wrapped', wrapped),
    ...challenges.flatMap((challenge) => probesOf('challenge', challenge)),
    ...probesOf('found', getConsentChallenge(wrapped)),
    ...probesOf('fetch', connectFetch),
    ...probesOf('logs', told),
    ...probesOf('client', client),
    ...probesOf('spread', { ...error, ...challenges[0] }),
    { where: 'response', text: (await response?.clone().text()) ?? '' },
  ];
  expect(challenges.length).toBe(1);
  expect(probes.length).toBeGreaterThan(50);
  expect(leaksIn(probes, Object.values(SECRETS))).toEqual([]);
  // What may be seen is seen.
  expect(leaksIn(probesOf('error', error), [URL_])).not.toEqual([]);
});

it('who asks by name gets them', async () => {
  const { connectFetch, challenges, subject } = createWorld();
  const error = await failureOf(connectFetch('https://api.linear.app/graphql'), ConsentRequiredError);
  const { verifier, request } = SECRETS;
  for (const holder of [error, challenges[0], getConsentChallenge(error)])
    expect(holder).toMatchObject({
      ...{ verifier, request, subject, connector: 'oauth/linear', url: URL_ },
      ...{ deviceCode: 'ABCD-EFGH', expiresAt: EXPIRES_AT },
    });
});

it('the response holds the page and what the user types there', async () => {
  const { connectFetch } = createWorld();
  await failureOf(connectFetch('https://api.linear.app/graphql'), ConsentRequiredError);
  const response = toConsentResponse(connectFetch);
  expect(response?.status).toBe(409);
  expect(response?.headers.get('cache-control')).toBe('no-store');
  expect(await response?.json()).toEqual({
    ...{ error: 'consent_required', url: URL_, deviceCode: 'ABCD-EFGH', expiresAt: EXPIRES_AT },
  });
  expect(toConsentResponse(connectFetch, { status: 401 })?.status).toBe(401);
  expect(toConsentResponse(new Error('other'))).toBeUndefined();
});

it('finds the challenge in causes, in a circle too, and in the error of another package', () => {
  const challenge = {
    connector: 'c',
    subject: { type: 'app' },
    url: URL_,
    request: 'r',
    verifier: 'v',
  } as const;
  const error = new ConsentRequiredError(challenge);
  expect(error).toMatchObject({
    code: 'user_authorization_required',
    message: "The user has not authorized c: open error.url in the user's browser",
  });
  for (const field of ['deviceCode', 'expiresAt']) expect(error).not.toHaveProperty(field);
  const deep = new Error('1', { cause: new Error('2', { cause: error }) });
  expect(getConsentChallenge(deep)?.url).toBe(URL_);
  expect([isConsentRequiredError(error), isConsentRequiredError(deep)]).toEqual([true, false]);
  const foreign = Object.assign(new Error('x'), { ...challenge, name: 'ConsentRequiredError' });
  const chained = (count: number) => {
    let outer: Error = error;
    for (let at = 0; at < count; at++) outer = new Error('outer', { cause: outer });
    return getConsentChallenge(outer)?.url;
  };
  expect([chained(15), chained(16)]).toEqual([URL_, undefined]);
  for (const field of ['connector', 'url', 'verifier'])
    expect(
      getConsentChallenge({ ...foreign, name: 'ConsentRequiredError', [field]: 5 }),
      field,
    ).toBeUndefined();
  expect(getConsentChallenge({ ...foreign, name: 'Error' })).toBeUndefined();
  const circle = new Error('circle');
  circle.cause = circle;
  expect(getConsentChallenge(circle)).toBeUndefined();
  expect(getConsentChallenge(foreign)).toMatchObject({ verifier: 'v' });
  expect([getConsentChallenge(undefined), getConsentChallenge('text'), getConsentChallenge(fetch)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
