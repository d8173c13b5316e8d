import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ConnectImportToken } from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/errors/index.js';
import { type Answer, CONNECTOR, createBench, errorAnswer, failureOf } from './helpers.js';

const item = (index: number, changes: Record<string, unknown> = {}): ConnectImportToken => ({
  accessToken: `secret-access-${index}`,
  expiresAt: 1_900_000_000_000,
  environment: 'production',
  subject: { type: 'user', id: `user_${index}` },
  ...changes,
});

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
    ['403, which stored nothing', () => errorAnswer(403, 'forbidden'), 'rejected'],
    ['a body that is broken', () => new Response('{"acc'), 'unknown'],
  ])('a batch that fails with %s ends the import, and is not sent again', async (_, failure, outcome) => {
    const { client, requests } = store(undefined, (batch) => (batch === 2 ? failure() : undefined));
    const result = await client.importTokens(CONNECTOR, items(4), { batchSize: 1 });
    expect(result.tokens.map((one) => one.outcome)).toEqual(['imported', outcome, 'unsent', 'unsent']);
    expect(result.tokens[1]?.error).toBeInstanceOf(Error);
    expect(result.failed).toEqual(items(4).slice(1));
    expect(requests).toHaveLength(2);
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
    ['no environment', { environment: undefined }, 'environment'],
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

  it.each([0, -1, 1.5, 10_001, '5'])('refuses a batch size of %j', async (batchSize) => {
    const { client } = store();
    // What a caller without types can pass.
    const call = client.importTokens(CONNECTOR, items(1), { batchSize: batchSize as number });
    expect((await failureOf(call, InvalidArgumentError)).argument).toBe('options.batchSize');
  });
});
