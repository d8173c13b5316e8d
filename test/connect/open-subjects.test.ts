import { describe, expect, it } from 'vitest';
import type { ConnectTokenSubject } from '../../src/connect/index.js';
import { createBench } from './helpers.js';

const LINEAR = 'oauth/linear';
/** The body of each request, as it was sent. */
const bodiesOf = (bench: ReturnType<typeof createBench>) => bench.requests.map(({ body }) => body);

describe('a subject', () => {
  it.each([
    ['a type that this version does not know', { type: 'service', name: 'reports' }],
    ['a type from a prototype', { type: 'constructor' }],
    ['an identity provider', { type: 'user', id: 'user_123', experimental_idp: 'oauth/okta' }],
  ])('is sent as it is: %s', async (_case, subject) => {
    const bench = createBench();
    await bench.client.getToken(LINEAR, { subject: subject as ConnectTokenSubject });
    await bench.client.getToken(LINEAR, { subject: subject as ConnectTokenSubject });
    await bench.client.revokeToken(LINEAR, { subject: subject as ConnectTokenSubject });
    expect(bodiesOf(bench)).toEqual([{ subject, scopes: ['*'] }, { subject }]);
  });

  it('of a token needs no type, and is the same as with one', async () => {
    const bench = createBench();
    const named = { type: 'token', token: 'subject-token' } as const;
    const params = { subject: { token: 'subject-token' } };
    const token = await bench.client.getToken(LINEAR, params);
    expect(await bench.client.getToken(LINEAR, { subject: named })).toBe(token);
    expect(await bench.client.getToken(LINEAR, { subject: { token: 'another' } })).not.toBe(token);
    await bench.client.revokeToken(LINEAR, params);
    expect(bodiesOf(bench).at(0)).toEqual({ subject: named, scopes: ['*'] });
    expect(bodiesOf(bench).at(-1)).toEqual({ subject: named });
    expect(await bench.client.getToken(LINEAR, params)).not.toBe(token);
    expect(params).toEqual({ subject: { token: 'subject-token' } });
  });

  it('of an import needs no type either', async () => {
    const bench = createBench(() => Response.json({ accepted: 1, imported: 1, tokens: [] }));
    const item = { accessToken: 'a', expiresAt: 1, environment: 'production', subject: { token: 'b' } };
    await bench.client.importTokens(LINEAR, [item]);
    expect(bodiesOf(bench)).toEqual([{ tokens: [{ ...item, subject: { token: 'b', type: 'token' } }] }]);
  });
});
