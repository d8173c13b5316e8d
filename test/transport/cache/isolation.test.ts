import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { json } from '../../helpers/answers.js';
import { clientOf, counting, TTL_MS } from '../../helpers/caching-client.js';
import { answeringFetch } from '../../helpers/observed-fetch.js';

const LIST = '/v2/connect/connectors';

describe('the response cache', () => {
  it('never shares between credentials, teams, Accept values or forms', async () => {
    const wish = fc.record({
      bearer: fc.constantFrom('token-1', 'token-2'),
      isFunction: fc.boolean(),
      team: fc.constantFrom('team_1', 'team_2'),
      accept: fc.constantFrom('application/json', 'text/plain'),
      parseAs: fc.constantFrom('json' as const, 'text' as const),
      together: fc.boolean(),
    });
    const factsOf = (url: string, headers: Headers) =>
      [headers.get('authorization'), new URL(url).searchParams.get('teamId'), headers.get('accept')].join();
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { maxLength: 12 }), async (wishes) => {
        const network = answeringFetch(({ url, headers }) => json({ facts: factsOf(url, headers) }));
        const client = clientOf(network, { responseCache: { max: 50, ttlMs: TTL_MS } });
        const asked = wishes.map(async ({ bearer, isFunction, team, accept, parseAs }) => {
          const { data } = await client.GET(LIST, {
            params: { query: { teamId: team } },
            bearerToken: isFunction ? () => bearer : bearer,
            headers: { accept },
            parseAs,
          });
          const facts = { facts: [`Bearer ${bearer}`, team, accept].join() };
          expect(data).toEqual(parseAs === 'text' ? JSON.stringify(facts) : facts);
        });
        await Promise.all(asked);
        const kinds = wishes.map(({ bearer, team, accept, parseAs }) =>
          [bearer, team, accept, parseAs].join(),
        );
        const before = network.requests.length;
        expect(before).toBeGreaterThanOrEqual(new Set(kinds).size);
        for (const { bearer, team, accept, parseAs } of wishes) {
          const params = { query: { teamId: team } };
          await client.GET(LIST, { params, bearerToken: bearer, headers: { accept }, parseAs });
        }
        expect(network.requests).toHaveLength(before);
      }),
      { numRuns: 60 },
    );
  });

  it('tells callers apart that authenticate by a header of their own', async () => {
    const network = counting();
    const client = clientOf(network, { bearerToken: undefined });
    for (const headers of [
      {},
      { authorization: 'Bearer a' },
      { authorization: 'Bearer b' },
      { cookie: 'c' },
    ]) {
      await client.GET(LIST, { headers });
    }
    await client.GET(LIST, { bearerToken: 'a' });
    expect(network.requests).toHaveLength(5);
    expect((await client.GET(LIST)).data).toEqual({ number: 1 });
  });
});
