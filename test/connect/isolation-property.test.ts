import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ConnectTokenParams } from '../../src/connect/index.js';
import { createBench, settle, tokenAnswer } from './helpers.js';

// Small alphabets with delimiters in them: equal and nearly equal calls come up often.
const word = fc.constantFrom('a', 'b', 'a","b', '*', '', '[]', 'é');
const id = fc.constantFrom('a', 'b', 'a"b', '{}');
const words = fc.array(word, { maxLength: 3 });
const json = fc.oneof(
  word,
  fc.constantFrom(0, 1, true, null),
  words,
  fc.dictionary(word, words, { maxKeys: 2 }),
);
const claims = fc.dictionary(fc.constantFrom('x', 'y', '__proto__', 'scopes'), json, { maxKeys: 2 });

const subject = fc.oneof(
  fc.record({ type: fc.constant('app') }),
  fc.record({ type: fc.constant('user'), id, issuer: id }, { requiredKeys: ['type', 'id'] }),
  fc.record(
    { type: fc.constant('jwt-bearer'), sub: id, iss: id, additionalClaims: claims },
    { requiredKeys: ['type', 'sub'] },
  ),
  fc.record({ type: fc.constant('token'), token: id }),
);

const params = fc.record(
  {
    subject,
    installationId: id,
    scopes: words,
    audience: words,
    resources: words,
    authorizationDetails: fc.array(fc.dictionary(fc.constantFrom('type', 'p'), json, { maxKeys: 2 }), {
      maxLength: 2,
    }),
    validityBufferMs: fc.constantFrom(0, 1_000),
    connector: id,
    ['__proto__']: claims,
  },
  { requiredKeys: ['subject'] },
);

interface Asked {
  readonly vercelToken: string;
  readonly region: string | undefined;
  readonly connector: string;
  readonly params: Record<string, unknown>;
}

const call: fc.Arbitrary<Asked> = fc.record({
  vercelToken: fc.constantFrom('caller-a', 'caller-b'),
  region: fc.constantFrom('sfo1', 'fra1'),
  connector: fc.constantFrom('a', 'b', 'a/b'),
  params,
});

/** The same call with the fields and the set-like arrays of its parameters in another order. */
function reordered(asked: Asked): fc.Arbitrary<Asked> {
  const shuffle = <T>(items: T[]) =>
    fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length });
  return shuffle(Object.entries(asked.params)).chain((fields) =>
    fc
      .tuple(
        ...fields.map(([name, value]) =>
          ['scopes', 'audience', 'resources'].includes(name)
            ? shuffle(value as string[])
            : fc.constant(value),
        ),
      )
      .map((values) => ({
        ...asked,
        params: Object.fromEntries(fields.map(([name], index) => [name, values[index]])),
      })),
  );
}

const pair = call.chain((first) =>
  fc.tuple(
    fc.constant(first),
    fc.oneof(
      { weight: 1, arbitrary: call },
      { weight: 3, arbitrary: reordered(first) },
      { weight: 3, arbitrary: fc.tuple(reordered(first), call, fc.nat(7)).map(withOneChange) },
      { weight: 3, arbitrary: fc.tuple(fc.constant(first), call, fc.nat(7)).map(withOneChange) },
    ),
  ),
);

function withOneChange([base, other, which]: [Asked, Asked, number]): Asked {
  const field = (['vercelToken', 'region', 'connector'] as const)[which];
  if (field !== undefined) return { ...base, [field]: other[field] };
  const names = ['subject', 'installationId', 'scopes', 'audience', 'authorizationDetails'];
  const name = names[which - 3] ?? 'subject';
  return { ...base, params: { ...base.params, [name]: other.params[name] ?? base.params[name] } };
}

/** What a call means, written down without regard to how the implementation keys it. */
function meaning({ vercelToken, region, connector, params }: Asked): unknown {
  const { validityBufferMs: _, ...wanted } = JSON.parse(JSON.stringify(params)) as Record<string, unknown>;
  wanted.scopes ??= ['*'];
  for (const name of ['scopes', 'audience', 'resources']) {
    const list = wanted[name];
    if (Array.isArray(list)) wanted[name] = list.sort();
  }
  return [vercelToken, region, connector, wanted];
}

async function tokensOf(calls: readonly Asked[], { inParallel = false, max = 100 } = {}): Promise<string[]> {
  const { client } = createBench((_request, index) => tokenAnswer({ token: `token-${index + 1}` }), {
    cache: { max },
  });
  const ask = ({ vercelToken, region, connector, params }: Asked) =>
    client.getToken(connector, params as unknown as ConnectTokenParams, {
      vercelToken,
      ...(region && { region }),
    });
  if (inParallel) return Promise.all(calls.map(ask));
  const tokens: string[] = [];
  for (const asked of calls) tokens.push(await ask(asked));
  return tokens;
}

it('two calls share a token if and only if they mean the same', async () => {
  const seen = { shared: 0, apart: 0 };
  await fc.assert(
    fc.asyncProperty(pair, fc.boolean(), async ([first, second], inParallel) => {
      const same = isDeepStrictEqual(meaning(first), meaning(second));
      const [one, two] = await tokensOf([first, second], { inParallel });
      expect(one === two).toBe(same);
      seen[same ? 'shared' : 'apart'] += 1;
    }),
    { numRuns: 600 },
  );
  expect(Math.min(seen.shared, seen.apart), 'both outcomes were tried').toBeGreaterThan(100);
});

// A call that has hit before is found by another way, and that one is forgotten whole when there are too many.
it('calls that are made again and again keep to what they mean', async () => {
  await fc.assert(
    fc.asyncProperty(pair, fc.constantFrom(1, 100), async ([first, second], max) => {
      const calls = [first, first, first, second, second, second, first, second];
      const tokens = await tokensOf(
        calls.map((asked) => ({ ...asked, region: undefined })),
        { max },
      );
      const [one, two] = [tokens[2], tokens[5]];
      const same = isDeepStrictEqual(
        meaning({ ...first, region: undefined }),
        meaning({ ...second, region: undefined }),
      );
      expect(one === two).toBe(same);
      expect(tokens.slice(0, 6)).toEqual([one, one, one, two, two, two]);
      // With room for one, the first is bought anew: another token, and still not the second's.
      if (max > 1) expect(tokens.slice(6)).toEqual([one, two]);
      else if (!same) expect(new Set([one, two, ...tokens.slice(6)]).size).toBe(4);
    }),
    { numRuns: 400 },
  );
});

const step = fc.record({
  kind: fc.constantFrom('get', 'get', 'get', 'force', 'delete', 'deleteOne', 'revoke', 'turn'),
  caller: fc.constantFrom('caller-a', 'caller-b'),
  region: fc.constantFrom('sfo1', 'fra1'),
  user: fc.constantFrom('u1', 'u2'),
  bufferMs: fc.constantFrom(undefined, 0, 120_000),
});

it('whatever else goes on, a caller only ever gets a token issued for its own request', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 2, maxLength: 30 }),
      fc.infiniteStream(fc.nat(2)),
      async (steps, turns) => {
        const { client } = createBench(async (request) => {
          for (let turn = turns.next().value ?? 0; turn > 0; turn--) await settle();
          if (request.method === 'DELETE') return new Response(null, { status: 204 });
          const { subject } = request.body as { subject: unknown };
          const host = new URL(request.url).host;
          return tokenAnswer({
            token: JSON.stringify([request.bearer, host, subject]),
            expiresAt: Date.now() + 60_000,
          });
        });
        const waiting: Promise<void>[] = [];
        for (const { kind, caller, region, user, bufferMs } of steps) {
          const subject = { type: 'user' as const, id: user };
          const options = { vercelToken: caller, region, forceRefresh: kind === 'force' };
          if (kind === 'turn') await settle();
          else if (kind === 'delete') client.deleteTokenCacheEntry('c', { subject });
          else if (kind === 'deleteOne') client.deleteTokenCacheEntry('c', { subject }, options);
          else if (kind === 'revoke') waiting.push(client.revokeToken('c', { subject }, options));
          else {
            const wanted = { subject, ...(bufferMs === undefined ? {} : { validityBufferMs: bufferMs }) };
            const own = JSON.stringify([caller, `api-${region}.vercel.com`, subject]);
            // A call gives up after four fetches that were each invalidated in flight.
            const token = client.getToken('c', wanted, options).catch((error: Error) => {
              if (!error.message.includes('invalidated each time')) throw error;
              return own;
            });
            waiting.push(token.then((given) => expect(given).toBe(own)));
          }
        }
        await Promise.all(waiting);
      },
    ),
    { numRuns: 60 },
  );
});
