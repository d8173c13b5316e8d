import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type ConnectImportToken, createConnectClient, type ImportOutcome } from '../../src/connect/index.js';
import {
  APIConnectionError,
  APIError,
  APITimeoutError,
  AuthenticationError,
  BadRequestError,
  CredentialError,
  InternalServerError,
  InvalidArgumentError,
  MalformedResponseError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from '../../src/errors/index.js';
import { type Answer, CONNECTOR, createBench, errorAnswer, failureOf } from './helpers.js';

const item = (index: number, changes: Record<string, unknown> = {}): ConnectImportToken => ({
  accessToken: `secret-access-${index}`,
  expiresAt: 1_900_000_000_000,
  environment: 'production',
  subject: { type: 'user', id: `user_${index}` },
  ...changes,
});

const networkError = (code: string) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });

const items = (count: number) => Array.from({ length: count }, (_, index) => item(index));

/** A store that takes what it is sent, says no to what `refuses` names, and fails as told. */
function store(
  refuses: (id: string) => boolean = () => false,
  failOn?: (batch: number) => Response | undefined,
) {
  const kept: string[] = [];
  let batches = 0;
  const answer: Answer = ({ body }) => {
    batches += 1;
    const failure = failOn?.(batches);
    if (failure !== undefined) return failure;
    const { tokens } = body as { tokens: { subject: { id: string } }[] };
    const told = tokens.map(({ subject }) => {
      const succeeded = !refuses(subject.id);
      if (succeeded) kept.push(subject.id);
      return { environment: 'production', expiresAt: 1, subject, succeeded };
    });
    const imported = told.filter(({ succeeded }) => succeeded).length;
    return Response.json({ accepted: told.length, imported, tokens: told });
  };
  return { ...createBench(answer), kept };
}

describe('importTokens', () => {
  it('10 000 items, 3 % of them bad, and an API that fails in the middle: each is accounted for once', async () => {
    const wrong = (index: number) => index % 100 < 2;
    const refused = (index: number) => index % 100 === 50;
    const list = items(10_000).map((one, index) => (wrong(index) ? item(index, { accessToken: '' }) : one));
    let isDown = true;
    const isRefusing = { now: true };
    const { client, kept, requests } = store(
      (id) => isRefusing.now && refused(Number(id.slice(5))),
      (batch) => (batch === 9 && isDown ? errorAnswer(503) : undefined),
    );
    const first = await client.importTokens(CONNECTOR, list);
    expect(first.tokens.map(({ index }) => index)).toEqual(list.map((_, index) => index));
    expect(first.imported).toBe(kept.length);
    expect(first.imported + first.failed.length).toBe(10_000);
    const counts: Record<string, number> = {};
    for (const { outcome } of first.tokens) counts[outcome] = (counts[outcome] ?? 0) + 1;
    expect(counts.invalid).toBe(200);
    expect(counts.unknown).toBe(500);
    expect(counts.imported).toBe(kept.length);
    expect((counts.imported ?? 0) + (counts.rejected ?? 0)).toBe(4_000);
    expect(counts.unsent).toBe(10_000 - 200 - 500 - 4_000);
    expect(requests).toHaveLength(9);
    // What was wrong is mended, and `failed` is sent as it is.
    isDown = false;
    isRefusing.now = false;
    const mended = first.failed.map((one) => ({ ...one, accessToken: one.accessToken || 'mended' }));
    const second = await client.importTokens(CONNECTOR, mended);
    expect(second.failed).toEqual([]);
    expect(kept).toHaveLength(10_000);
    expect(new Set(kept).size).toBe(10_000);
  });

  it('sends each item once and in order, in batches', async () => {
    const { client, requests, kept } = store();
    const result = await client.importTokens(CONNECTOR, items(25), { batchSize: 10 });
    expect(requests.map(({ body }) => (body as { tokens: unknown[] }).tokens.length)).toEqual([10, 10, 5]);
    expect(kept).toEqual(items(25).map(({ subject }) => Reflect.get(subject, 'id')));
    expect(result).toMatchObject({ accepted: 25, imported: 25 });
  });

  it('ends a batch before it has a million characters', async () => {
    const { client, requests } = store();
    const long = items(5).map((one) => ({ ...one, data: { note: 'x'.repeat(400_000) } }));
    await client.importTokens(CONNECTOR, long);
    expect(requests.map(({ text }) => text.length < 1_000_100)).toEqual([true, true, true]);
  });

  it.each<[string, () => Response, string]>([
    ['503, which may have stored some', () => errorAnswer(503), 'unknown'],
    ['403, which stored nothing', () => errorAnswer(403, 'forbidden'), 'unsent'],
    ['422, which is about what is in it', () => errorAnswer(422, 'unprocessable'), 'rejected'],
    ['a body that is broken', () => new Response('{"acc'), 'unknown'],
  ])('a batch that fails with %s ends the import, and is not sent again', async (_, failure, outcome) => {
    const { client, requests } = store(undefined, (batch) => (batch === 2 ? failure() : undefined));
    const result = await client.importTokens(CONNECTOR, items(4), { batchSize: 1 });
    expect(result.tokens.map((one) => one.outcome)).toEqual(['imported', outcome, 'unsent', 'unsent']);
    expect(result.tokens[1]?.error).toBeInstanceOf(Error);
    expect(result.failed).toEqual(items(4).slice(1));
    expect(requests).toHaveLength(2);
  });

  /** A failure of the one request that there is. */
  const OUTCOMES: readonly (readonly [string, () => Response | Promise<Response>, ImportOutcome, object])[] =
    [
      ['a 500', () => errorAnswer(500), 'unknown', InternalServerError],
      ['a 504', () => errorAnswer(504), 'unknown', InternalServerError],
      ['a 408', () => errorAnswer(408), 'unknown', APIError],
      ['a reset', () => Promise.reject(networkError('ECONNRESET')), 'unknown', APIConnectionError],
      ['a hang', () => new Promise<Response>(() => {}), 'unknown', APITimeoutError],
      ['half an answer', () => new Response('{"acc'), 'unknown', MalformedResponseError],
      ['an answer that is no object', () => Response.json([]), 'unknown', MalformedResponseError],
      ['a 429', () => errorAnswer(429, 'rate_limited'), 'unsent', RateLimitError],
      ['a 401', () => errorAnswer(401), 'unsent', AuthenticationError],
      ['a 403', () => errorAnswer(403), 'unsent', PermissionDeniedError],
      ['a 404', () => errorAnswer(404), 'unsent', NotFoundError],
      ['a 413', () => errorAnswer(413), 'unsent', APIError],
      [
        'a server that is not there',
        () => Promise.reject(networkError('ECONNREFUSED')),
        'unsent',
        APIConnectionError,
      ],
      ['a 400', () => errorAnswer(400), 'rejected', BadRequestError],
    ];

  it.each(OUTCOMES)(
    'accounts for every item after %s, on the only batch',
    async (_, answer, outcome, kind) => {
      const { client, requests } = createBench(answer, { maxRetries: 0, timeout: 50 });
      const list = [...items(2), item(2, { accessToken: '' })];
      const result = await client.importTokens(CONNECTOR, list);
      expect(result.tokens.map((one) => one.outcome)).toEqual([outcome, outcome, 'invalid']);
      expect(result.tokens[0]?.error).toBeInstanceOf(kind);
      expect(result.failed).toEqual(list);
      expect(result).toMatchObject({ accepted: 0, imported: 0 });
      expect(requests).toHaveLength(1);
      expect(JSON.stringify(result)).not.toContain('secret-access');
    },
  );

  it('finds the result of each item in whatever order the answer has them', async () => {
    const { client } = createBench(({ body }) => {
      const { tokens } = body as { tokens: ConnectImportToken[] };
      const told = tokens.map(({ subject, environment, expiresAt }) => {
        // The fields in another order, too.
        return { succeeded: Reflect.get(subject, 'id') !== 'user_1', expiresAt, subject, environment };
      });
      return Response.json({ accepted: 4, imported: 3, tokens: told.reverse() });
    });
    const list = items(4);
    const result = await client.importTokens(CONNECTOR, list);
    expect(result.tokens.map(({ outcome }) => outcome)).toEqual([
      'imported',
      'rejected',
      'imported',
      'imported',
    ]);
    expect(result.failed).toEqual([list[1]]);
  });

  it.each<[string, ConnectImportToken[], Record<string, unknown>[], string[]]>([
    [
      'the expiry tells two tokens of one user apart',
      [item(0), item(0, { expiresAt: 2 })],
      [{ expiresAt: 2, succeeded: false }, { succeeded: true }],
      ['imported', 'rejected'],
    ],
    [
      'the environment does',
      [item(0), item(0, { environment: 'preview' })],
      [{ environment: 'preview', succeeded: false }, { succeeded: true }],
      ['imported', 'rejected'],
    ],
    [
      'another field does, where the answer repeats it',
      [item(0, { installationId: 'a' }), item(0, { installationId: 'b' })],
      [
        { installationId: 'b', succeeded: true },
        { installationId: 'a', succeeded: false },
      ],
      ['rejected', 'imported'],
    ],
    [
      'nothing does, and the results differ',
      [item(0, { installationId: 'a' }), item(0, { installationId: 'b' }), item(1)],
      [
        { succeeded: true },
        { succeeded: false },
        { subject: { type: 'user', id: 'user_1' }, succeeded: true },
      ],
      ['unknown', 'unknown', 'imported'],
    ],
    [
      'nothing does, and the results are the same',
      [item(0, { installationId: 'a' }), item(0, { installationId: 'b' })],
      [{ succeeded: true }, { succeeded: true }],
      ['imported', 'imported'],
    ],
    [
      'one of two that are alike is left out',
      [item(0), item(0)],
      [{ succeeded: true }],
      ['unknown', 'unknown'],
    ],
    [
      'the server rounds the expiry',
      [item(0, { expiresAt: 1_900_000_000_123 }), item(1, { expiresAt: 1_900_000_000_456 })],
      [{ subject: { type: 'user', id: 'user_1' }, succeeded: false }, { succeeded: true }],
      ['imported', 'rejected'],
    ],
    [
      'the answer is about somebody else',
      [item(0)],
      [{ subject: { type: 'user', id: 'user_9' } }],
      ['unknown'],
    ],
    ['the answer names nothing', [item(0)], [{ subject: null }, { subject: 7 }], ['unknown']],
  ])('where %s', async (_, list, told, outcomes) => {
    const common = {
      expiresAt: 1_900_000_000_000,
      environment: 'production',
      subject: { type: 'user', id: 'user_0' },
    };
    const tokens = told.map((one) => ({ ...common, ...one }));
    const { client } = createBench(() => Response.json({ accepted: 1, imported: 1, tokens }));
    const result = await client.importTokens(CONNECTOR, list);
    expect(result.tokens.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(result.failed).toEqual(list.filter((_one, index) => outcomes[index] !== 'imported'));
  });

  it('of subjects that are tokens, which no answer repeats', async () => {
    const exchanged = (expiresAt: number): ConnectImportToken =>
      item(0, { expiresAt, subject: { type: 'token', token: `secret-exchange-${expiresAt}` } });
    const tokens = [2, 1].map((expiresAt) => {
      return { expiresAt, environment: 'production', subject: { type: 'token' }, succeeded: expiresAt === 2 };
    });
    const { client } = createBench(() => Response.json({ accepted: 2, imported: 1, tokens }));
    const result = await client.importTokens(CONNECTOR, [exchanged(1), exchanged(2)]);
    expect(result.tokens.map(({ outcome }) => outcome)).toEqual(['rejected', 'imported']);
  });

  it('an abort while the only batch is under way leaves it unknown; before that, nothing is sent', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const { client, requests } = createBench(() => {
      controller.abort(reason);
      return new Promise<Response>(() => {});
    });
    const { signal } = controller;
    const result = await client.importTokens(CONNECTOR, items(2), { signal });
    expect(result.tokens).toMatchObject([{ outcome: 'unknown', error: reason }, { outcome: 'unknown' }]);
    await expect(client.importTokens(CONNECTOR, items(2), { signal })).rejects.toBe(reason);
    expect(requests).toHaveLength(1);
  });

  it('throws where the caller is wrong, or has no credential', async () => {
    const { client, requests } = createBench(() => Response.json({}));
    await failureOf(
      client.importTokens(CONNECTOR, items(1), { region: 'x@evil.com#' }),
      InvalidArgumentError,
    );
    const nobody = createConnectClient({
      bearerToken: () => Promise.reject(new Error('no token here')),
      fetch: async () => Response.json({}),
    });
    await failureOf(nobody.importTokens(CONNECTOR, items(1)), CredentialError);
    expect(requests).toEqual([]);
  });

  it('an abort between two batches tells what is in', async () => {
    const controller = new AbortController();
    const { client } = store(undefined, (batch) => {
      if (batch === 2) controller.abort(new Error('enough'));
      return undefined;
    });
    const result = await client.importTokens(CONNECTOR, items(4), {
      batchSize: 1,
      signal: controller.signal,
    });
    expect(result.tokens.map(({ outcome }) => outcome)).toEqual(['imported', 'unknown', 'unsent', 'unsent']);
  });

  it('an answer that leaves items out leaves them unknown', async () => {
    const { client } = createBench(() =>
      Response.json({ accepted: 2, imported: 2, tokens: [{ succeeded: true }] }),
    );
    const result = await client.importTokens(CONNECTOR, items(2));
    expect(result.tokens.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown']);
    expect(result.failed).toHaveLength(2);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an expiry that is text', { expiresAt: '1' }, 'expiresAt'],
    ['an expiry that is no number', { expiresAt: Number.NaN }, 'expiresAt'],
    ['an expiry before 1970', { expiresAt: -1 }, 'expiresAt'],
    ['an end of its refresh token that is text', { refreshTokenExpiresAt: '1' }, 'refreshTokenExpiresAt'],
    ['an access token with a line break', { accessToken: 'a\nb' }, 'accessToken'],
    ['no environment', { environment: undefined }, 'environment'],
    ['an empty environment', { environment: '' }, 'environment'],
    ['a refresh token with a line break', { refreshToken: 'a\nb' }, 'refreshToken'],
    ['scopes that are text', { scopes: 'read' }, 'scopes'],
    ['a subject without id', { subject: { type: 'user' } }, 'subject.id'],
  ])('names the item and the field of %s, and sends the others', async (_, changes, field) => {
    const { client, kept } = store();
    const result = await client.importTokens(CONNECTOR, [item(0), item(1, changes), item(2)]);
    expect(result.tokens[1]).toMatchObject({ index: 1, succeeded: false, outcome: 'invalid' });
    expect(result.tokens[1]?.error).toMatchObject({ argument: `tokens[1].${field}` });
    expect(kept).toEqual(['user_0', 'user_2']);
  });

  it('sends a subject of a token with its type, and a time of 0 as it is', async () => {
    const { client, requests } = store();
    const untyped = { token: 'secret-exchange' } as never;
    await client.importTokens(CONNECTOR, [item(0, { subject: untyped, refreshTokenExpiresAt: 0 })]);
    expect(requests[0]?.body).toMatchObject({
      tokens: [{ subject: { type: 'token', token: 'secret-exchange' }, refreshTokenExpiresAt: 0 }],
    });
  });

  it('says of an item what it has to be', async () => {
    const { client } = store();
    const wrong = ['text', item(1, { environment: 5 }), item(2, { expiresAt: 'x' })] as never;
    const { tokens } = await client.importTokens(CONNECTOR, wrong);
    expect(tokens.map(({ error }) => error?.message)).toEqual([
      expect.stringContaining('must be an object'),
      expect.stringContaining('must be production, preview, development or the id of a custom one (env_...)'),
      expect.stringContaining('must be a time in epoch milliseconds'),
    ]);
  });

  it.each([
    [{ accepted: 5, tokens: [] }, 5],
    [{ accepted: '5', tokens: [] }, 2],
    [{ tokens: {} }, 2],
  ])('counts as accepted what %j says, or else what was sent', async (body, accepted) => {
    const { client } = createBench(() => Response.json(body));
    expect(await client.importTokens(CONNECTOR, items(2))).toMatchObject({ accepted });
  });

  it('is called with a list, or refused', async () => {
    const { client } = store();
    const error = await failureOf(client.importTokens(CONNECTOR, {} as never), InvalidArgumentError);
    expect(error).toMatchObject({ argument: 'tokens', message: expect.stringContaining('must be an array') });
    expect(await client.importTokens(CONNECTOR, items(2), { batchSize: 10_000 })).toMatchObject({
      imported: 2,
    });
  });

  it('sends nothing where every item is wrong', async () => {
    const { client, requests } = store();
    const result = await client.importTokens(CONNECTOR, [item(0, { accessToken: '' })]);
    expect(result).toMatchObject({ accepted: 0, imported: 0 });
    expect(requests).toEqual([]);
  });

  it('shows no token of what failed', async () => {
    const { client } = store(() => true);
    const result = await client.importTokens(CONNECTOR, [item(0), item(1, { expiresAt: 'x' })]);
    expect(result.failed).toHaveLength(2);
    expect(`${inspect(result, { depth: null })}${JSON.stringify(result)}`).not.toContain('secret-access');
  });

  it('refuses an option that does not exist, and names the nearest one', async () => {
    const { client, requests } = store();
    const call = client.importTokens(CONNECTOR, items(1), { batchsize: 5 } as never);
    const error = await failureOf(call, InvalidArgumentError);
    expect(error).toMatchObject({
      argument: 'options.batchsize',
      message: expect.stringContaining('batchSize?'),
    });
    expect(requests).toEqual([]);
  });

  it.each([0, -1, 1.5, 10_001, '5'])('refuses a batch size of %j', async (batchSize) => {
    const { client } = store();
    // What a caller without types can pass.
    const call = client.importTokens(CONNECTOR, items(1), { batchSize: batchSize as number });
    expect((await failureOf(call, InvalidArgumentError)).argument).toBe('options.batchSize');
  });
});
