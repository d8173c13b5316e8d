import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  createConnectWebhookVerifier,
  createReplayStore,
  createTriggerVerifier,
  VerificationError,
  type VerifyTriggerOptions,
  verifyWebhook,
} from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/errors/index.js';
import { seconds } from './forge.js';
import { failureOf } from './helpers.js';
import { forward, goodClaims, PROJECT, signToken } from './trigger-helpers.js';
import { OPTIONS, useTriggerWorld } from './trigger-world.js';

const world = useTriggerWorld();

describe('a good trigger', () => {
  it('is an event with its raw body and the connector of the signed claim', async () => {
    const text = '{ "event":  "ü" }';
    const token = await signToken(world.vercel);
    const event = await world.verifier.verify(
      forward(token, text, { 'x-trigger-uid': 'evil/other' }),
      OPTIONS,
    );
    expect(event).toMatchObject({
      connector: { id: 'scl_1', uid: 'slack/acme-slack', type: 'slack', service: 'slack' },
      projectId: PROJECT,
      environment: 'production',
      ownerId: 'team_acme',
    });
    expect(event.text()).toBe(text);
    expect(event.json()).toEqual({ event: 'ü' });
    expect(event.body).toEqual(new TextEncoder().encode(text));
  });

  it.each(['bearer', 'BEARER', 'Bearer   '])(
    'takes the scheme %j, with spaces round the token',
    async (scheme) => {
      const request = forward('x');
      request.headers.set('authorization', `${scheme} ${await signToken(world.vercel)}  `);
      await expect(world.verifier.verify(request, OPTIONS)).resolves.toMatchObject({ projectId: PROJECT });
    },
  );

  it.each([
    ['the global issuer', { iss: 'https://oidc.vercel.com' }, {}],
    ['one audience of several', { aud: ['x', 'https://vercel.com/acme'] }, {}],
    ['an audience that is asked for', { aud: 'mine' }, { audience: 'mine' }],
    ['one project of several', {}, { projectId: ['prj_other', PROJECT] }],
    ['any project of a team', { project_id: 'prj_other' }, { projectId: '*', ownerId: 'team_acme' }],
    ['any project, for an audience', { aud: 'mine' }, { projectId: '*', audience: 'mine' }],
    ['any environment', { environment: 'env_1' }, { environment: '*' }],
    ['one environment of several', { environment: 'preview' }, { environment: ['production', 'preview'] }],
    ['a connector by its id', {}, { connector: 'scl_1' }],
    ['a connector by its UID', {}, { connector: ['x', 'slack/acme-slack'] }],
    ['a clock that is a little ahead', { iat: seconds() + 30, nbf: seconds() + 30 }, {}],
    ['an older token, where that is allowed', { iat: seconds() - 3_000 }, { maxTokenAgeMs: 3_600_000 }],
  ])('%s', async (_, changes, options) => {
    const token = await signToken(world.vercel, goodClaims(changes));
    await expect(world.verifier.verify(forward(token), { ...OPTIONS, ...options })).resolves.toBeDefined();
  });

  it.each<[string, () => Record<string, unknown>, boolean]>([
    ['issued a minute from now', () => ({ iat: seconds() + 60, nbf: undefined }), true],
    ['issued later', () => ({ iat: seconds() + 61, nbf: undefined }), false],
    ['issued later, although good before', () => ({ iat: seconds() + 61, nbf: seconds() }), false],
    ['good from a minute from now', () => ({ nbf: seconds() + 60 }), true],
    ['good from later', () => ({ nbf: seconds() + 61 }), false],
    ['expired less than a minute ago', () => ({ exp: seconds() - 59 }), true],
    ['expired a minute ago', () => ({ exp: seconds() - 60 }), false],
    ['issued five minutes and one ago', () => ({ iat: seconds() - 360, nbf: undefined }), true],
    ['issued before', () => ({ iat: seconds() - 361, nbf: undefined }), false],
  ])('has times with a minute of tolerance: %s', async (_, changes, isTaken) => {
    vi.useFakeTimers({ toFake: ['Date'], now: seconds() * 1_000 });
    onTestFinished(() => void vi.useRealTimers());
    const call = world.verifier.verify(
      forward(await signToken(world.vercel, goodClaims(changes()))),
      OPTIONS,
    );
    if (isTaken) await expect(call).resolves.toBeDefined();
    else expect((await failureOf(call, VerificationError)).reason).toBe('wrong_time');
  });

  it.each(['id', 'uid', 'type', 'service'])('names its connector by a text for %s', async (field) => {
    const trigger = { id: 'scl_1', uid: 'slack/acme-slack', type: 'slack', service: 'slack' };
    for (const wrong of ['', 5, undefined]) {
      const token = await signToken(world.vercel, goodClaims({ trigger: { ...trigger, [field]: wrong } }));
      const error = await failureOf(world.verifier.verify(forward(token), OPTIONS), VerificationError);
      expect(error).toMatchObject({
        reason: 'wrong_connector',
        message: expect.stringContaining('does not name'),
      });
    }
  });

  it.each<[string, Record<string, unknown>, VerifyTriggerOptions, string]>([
    [
      'an empty project, of any',
      { project_id: '' },
      { projectId: '*', ownerId: 'team_acme' },
      'wrong_project',
    ],
    ['an empty environment, of any', { environment: '' }, { environment: '*' }, 'wrong_environment'],
    ['an audience that is no text', { aud: [5] }, {}, 'wrong_audience'],
    [
      'an empty team',
      { owner: '', iss: 'https://oidc.vercel.com', aud: 'https://vercel.com/' },
      {},
      'wrong_audience',
    ],
    ['an issuer of nobody', { owner: 5, iss: 'https://oidc.vercel.com/5' }, {}, 'wrong_issuer'],
    ['the audience of its team, where another is asked for', {}, { audience: ['mine'] }, 'wrong_audience'],
    ['the usual client, where another is asked for', {}, { clientId: 'mine' }, 'wrong_client'],
  ])('is not one with %s', async (_, changes, options, reason) => {
    const token = await signToken(world.vercel, goodClaims(changes));
    const call = world.verifier.verify(forward(token), { ...OPTIONS, ...options });
    expect((await failureOf(call, VerificationError)).reason).toBe(reason);
  });

  it('shows the claims that were checked, and no team where the token names none', async () => {
    const token = await signToken(world.vercel, goodClaims({ owner_id: 5, client_id: 'mine', extra: 'x' }));
    const event = await world.verifier.verify(forward(token), { ...OPTIONS, clientId: 'mine' });
    expect(event.ownerId).toBeUndefined();
    expect(event.claims).toMatchObject({ extra: 'x', client_id: 'mine' });
    await expect(event.release(), 'nothing to give back').resolves.toBeUndefined();
  });

  it('takes no empty VERCEL_TARGET_ENV for an environment', async () => {
    vi.stubEnv('VERCEL_TARGET_ENV', '');
    vi.stubEnv('VERCEL_ENV', 'production');
    const token = await signToken(world.vercel);
    await expect(world.verifier.verify(forward(token), { projectId: PROJECT })).resolves.toBeDefined();
  });

  it('takes project and environment from the deployment', async () => {
    vi.stubEnv('VERCEL_PROJECT_ID', PROJECT);
    vi.stubEnv('VERCEL_ENV', 'preview');
    const token = await signToken(world.vercel);
    const wrong = await failureOf(world.verifier.verify(forward(token)), VerificationError);
    expect(wrong.reason).toBe('wrong_environment');
    vi.stubEnv('VERCEL_TARGET_ENV', 'production');
    await expect(world.verifier.verify(forward(token))).resolves.toBeDefined();
  });

  it('for another receiver is refused by the names that it should have, and where they come from', async () => {
    const messageFor = async (options: VerifyTriggerOptions, claims: Record<string, unknown> = {}) => {
      const call = world.verifier.verify(
        forward(await signToken(world.vercel, { ...goodClaims(), ...claims })),
        options,
      );
      return (await failureOf(call, VerificationError)).message;
    };
    expect(await messageFor({ ...OPTIONS, projectId: ['prj_a', 'prj_b'] })).toBe(
      'The token was not accepted: its project_id is not prj_a or prj_b, which options.projectId or VERCEL_PROJECT_ID names',
    );
    expect(await messageFor({ ...OPTIONS, environment: 'preview' })).toBe(
      'The token was not accepted: its environment is not preview, which options.environment, VERCEL_TARGET_ENV or VERCEL_ENV names',
    );
    expect(await messageFor(OPTIONS, { project_id: undefined })).toBe(
      'The token was not accepted: it has no project_id',
    );
  });

  it.each<[string, VerifyTriggerOptions, string, RegExp]>([
    [
      'no project',
      { environment: 'production' },
      'options.projectId',
      /must name the project that receives the event, e\.g\. 'prj_\.\.\.': VERCEL_PROJECT_ID, .* is not set$/,
    ],
    [
      'no environment',
      { projectId: PROJECT },
      'options.environment',
      /must name the environment .* 'production': neither VERCEL_TARGET_ENV nor VERCEL_ENV, .* is set$/,
    ],
    ['an empty list of projects', { ...OPTIONS, projectId: [] }, 'options.projectId', /got an array$/],
    [
      'any project of any team',
      { ...OPTIONS, projectId: '*' },
      'options.projectId',
      /pass ownerId or audience/,
    ],
    ['an empty list of audiences', { ...OPTIONS, audience: [] }, 'options.audience', /list of strings/],
    [
      'an age that is none',
      { ...OPTIONS, maxTokenAgeMs: Number.NaN },
      'options.maxTokenAgeMs',
      /milliseconds/,
    ],
    ['an age below 0', { ...OPTIONS, maxTokenAgeMs: -1 }, 'options.maxTokenAgeMs', /0 or more/],
    [
      'a tolerance without an end',
      { ...OPTIONS, clockToleranceMs: Infinity },
      'options.clockToleranceMs',
      /milliseconds/,
    ],
    ['an empty connector', { ...OPTIONS, connector: ['a', ''] }, 'options.connector', /none of them empty/],
  ])('is refused where the receiver expects %s', async (_, options, argument, rule) => {
    const call = world.verifier.verify(forward(await signToken(world.vercel)), options);
    const error = await failureOf(call, InvalidArgumentError);
    expect([error.argument, error.message]).toEqual([argument, expect.stringMatching(rule)]);
  });

  it('of which somebody read the body needs the body', async () => {
    const request = forward(await signToken(world.vercel), 'raw');
    await request.text();
    const call = world.verifier.verify(request, OPTIONS);
    expect((await failureOf(call, InvalidArgumentError)).argument).toBe('options.body');
    const event = await world.verifier.verify(request, { ...OPTIONS, body: 'raw' });
    expect(event.text()).toBe('raw');
  });

  it.each([undefined, null, 'request', {}, { headers: {} }])('refuses %j for a request', async (wrong) => {
    // What a caller without types can pass.
    const call = world.verifier.verify(wrong as never, OPTIONS);
    expect((await failureOf(call, InvalidArgumentError)).argument).toBe('request');
  });
});

describe('options that cannot work', () => {
  // What a caller without types can pass.
  const verify = async (options: unknown) =>
    world.verifier.verify(forward(await signToken(world.vercel)), options as never);
  const webhook = (options: unknown) => verifyWebhook(forward('a.b.c'), options as never);

  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'a misspelt one',
      () => verify({ ...OPTIONS, projectID: 'x' }),
      'options.projectID',
      /did you mean projectId/,
    ],
    ['one of @vercel/oidc', () => verify({ ...OPTIONS, issuer: 'x' }), 'options.issuer', /give ownerId/],
    ['null', () => verify(null), 'options', /an object/],
    [
      'a body limit that is none',
      () => verify({ ...OPTIONS, maxBodyBytes: Number.NaN }),
      'options.maxBodyBytes',
      /bytes/,
    ],
    [
      'a body limit as text',
      () => verify({ ...OPTIONS, maxBodyBytes: '5' }),
      'options.maxBodyBytes',
      /bytes/,
    ],
    [
      'a Map as a store',
      () => verify({ ...OPTIONS, replay: new Map() }),
      'options.replay',
      /claim and release/,
    ],
    [
      'a mode that is none',
      () => verify({ ...OPTIONS, replayPer: 'event' }),
      'options.replayPer',
      /token or body/,
    ],
    [
      'an age as a date',
      () => verify({ ...OPTIONS, maxTokenAgeMs: new Date() }),
      'options.maxTokenAgeMs',
      /milliseconds/,
    ],
    ['a webhook without options', () => webhook(undefined), 'options', /an object/],
    [
      'a misspelt one of a webhook',
      () => webhook({ secrets: 'x' }),
      'options.secrets',
      /did you mean secret\?/,
    ],
    [
      'no limit for a webhook',
      () => webhook({ secret: 'x', maxBodyBytes: null }),
      'options.maxBodyBytes',
      /bytes/,
    ],
    ['no request', () => verifyWebhook(undefined as never, undefined as never), 'request', /Request/],
    [
      'an expectation in the wrong place',
      async () => createTriggerVerifier({ projectId: 'x' } as never),
      'options.projectId',
      /give it to verify/,
    ],
    [
      'a misspelt URL',
      async () => createTriggerVerifier({ jwksURL: 'x' } as never),
      'options.jwksURL',
      /jwksUrl/,
    ],
    ['no fetch', async () => createTriggerVerifier({ fetch: 'x' } as never), 'options.fetch', /function/],
    ['null for a verifier', async () => createTriggerVerifier(null as never), 'options', /an object/],
    ['a store of nothing', async () => createReplayStore({ max: 0 }), 'options.max', /whole number/],
    ['a store of NaN', async () => createReplayStore({ max: Number.NaN }), 'options.max', /whole number/],
    [
      'a misspelt store',
      async () => createReplayStore({ maxSize: 1 } as never),
      'options.maxSize',
      /did you mean max/,
    ],
    [
      'a misspelt one of the adapter',
      async () => createConnectWebhookVerifier({ enviroment: 'x' } as never),
      'options.enviroment',
      /did you mean environment/,
    ],
  ])('are refused by name: %s', async (_, call, argument, message) => {
    const error = await failureOf(call(), InvalidArgumentError);
    expect(error.argument).toBe(argument);
    expect(error.message).toMatch(message);
  });
});

describe('a replay', () => {
  it('is refused, with another body too', async () => {
    const replay = createReplayStore();
    const token = await signToken(world.vercel);
    await world.verifier.verify(forward(token, '1'), { ...OPTIONS, replay });
    for (const body of ['1', '2']) {
      const error = await failureOf(
        world.verifier.verify(forward(token, body), { ...OPTIONS, replay }),
        VerificationError,
      );
      expect(error.reason).toBe('replayed');
    }
  });

  it('of 50 at once is let through once', async () => {
    const replay = createReplayStore();
    const token = await signToken(world.vercel, goodClaims({ jti: 'delivery-1' }));
    const calls = Array.from({ length: 50 }, () =>
      world.verifier.verify(forward(token), { ...OPTIONS, replay }),
    );
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is let through after a release, so that a failed event can come again', async () => {
    const replay = createReplayStore();
    const token = await signToken(world.vercel);
    const event = await world.verifier.verify(forward(token), { ...OPTIONS, replay });
    await event.release();
    await expect(world.verifier.verify(forward(token), { ...OPTIONS, replay })).resolves.toBeDefined();
  });

  it('is known by the id of its delivery, and by its token where that is empty', async () => {
    const secondWith = async (jti: unknown) => {
      const options = { ...OPTIONS, replay: createReplayStore() };
      const first = await signToken(world.vercel, goodClaims({ jti }));
      const second = await signToken(world.vercel, goodClaims({ jti, extra: 1 }));
      await world.verifier.verify(forward(first), options);
      const again = world.verifier.verify(forward(second), options);
      return again.then(
        () => 'taken',
        ({ reason }: VerificationError) => reason,
      );
    };
    expect(await secondWith('delivery-1')).toBe('replayed');
    expect(await secondWith('')).toBe('taken');
    expect(await secondWith(undefined)).toBe('taken');
  });

  it('is known for as long as a store has room, the oldest leaving first', async () => {
    const replay = createReplayStore({ max: 1 });
    const later = Date.now() + 60_000;
    expect([replay.claim('a', later), replay.claim('a', later), replay.claim('b', later)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(replay.claim('a', later)).toBe(true);
    expect(replay.claim('a', Date.now()), 'still known').toBe(false);
    replay.release('a');
    expect(replay.claim('a', Date.now() - 1)).toBe(true);
    expect(replay.claim('a', later), 'over').toBe(true);
  });

  it('per body lets one token come with several events', async () => {
    const options: VerifyTriggerOptions = { ...OPTIONS, replay: createReplayStore(), replayPer: 'body' };
    const token = await signToken(world.vercel);
    await world.verifier.verify(forward(token, '1'), options);
    await world.verifier.verify(forward(token, '2'), options);
    const again = await failureOf(world.verifier.verify(forward(token, '1'), options), VerificationError);
    expect(again.reason).toBe('replayed');
  });

  it('is refused however its signature is spelt', async () => {
    const replay = createReplayStore();
    const token = await signToken(world.vercel);
    await world.verifier.verify(forward(token), { ...OPTIONS, replay });
    // 256 bytes leave four bits of the last character without a meaning: 16 spellings of one signature.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(token.slice(-1));
    const spellings = Array.from(
      { length: 16 },
      (_, low) => token.slice(0, -1) + alphabet[(last & ~15) | low],
    );
    expect(spellings).toContain(token);
    for (const spelling of spellings) {
      const call = world.verifier.verify(forward(spelling), { ...OPTIONS, replay });
      expect((await failureOf(call, VerificationError)).reason).toBe('replayed');
    }
  });

  it('is remembered for as long as its token is taken: its age and a tolerance at either end', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const options = {
      ...OPTIONS,
      maxTokenAgeMs: 60_000,
      clockToleranceMs: 20_000,
      replay: createReplayStore(),
    };
    // Issued by a clock that is as far ahead as is taken.
    const iat = seconds() + 20;
    const token = await signToken(world.vercel, goodClaims({ iat, nbf: iat, exp: iat + 3_600 }));
    await world.verifier.verify(forward(token), options);
    vi.setSystemTime(iat * 1000 + 60_000 + 20_000);
    const again = await failureOf(world.verifier.verify(forward(token), options), VerificationError);
    expect(again.reason).toBe('replayed');
    vi.setSystemTime(iat * 1000 + 60_000 + 20_001);
    const late = await failureOf(world.verifier.verify(forward(token), options), VerificationError);
    expect(late.reason).toBe('wrong_time');
  });

  it('cannot be told where the store fails, so that nothing is let through', async () => {
    const down = () => Promise.reject(new Error('redis is away'));
    const call = world.verifier.verify(forward(await signToken(world.vercel)), {
      ...OPTIONS,
      replay: { claim: down, release: down },
    });
    const error = await failureOf(call, VerificationError);
    expect(error).toMatchObject({
      reason: 'replay_unavailable',
      status: 503,
      message: 'The replay store failed',
    });
  });

  it('of a request that was refused takes nothing', async () => {
    const taken: string[] = [];
    const replay = { claim: (id: string) => taken.push(id) > 0, release: () => undefined };
    const token = await signToken(world.vercel, goodClaims({ environment: 'preview' }));
    await failureOf(world.verifier.verify(forward(token), { ...OPTIONS, replay }), VerificationError);
    expect(taken).toEqual([]);
  });
});
