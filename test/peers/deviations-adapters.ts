// What is different about the adapters for MCP clients.
import * as theirs from '@vercel/connect/tanstack-ai';
import { HttpResponse } from 'msw';
import { expect } from 'vitest';
import * as ours from '../../src/adapters/tanstack-ai/index.js';
import * as errors from '../../src/connect/index.js';
import { AS, type Deviations, failure, fresh, refusal, sent, stub, token } from './deviations-world.js';

const USER = { subject: { type: 'user', id: 'user_123' } } as const;
const HOST_URL = new URL('https://connect.vercel.com/');
const MISSING = { code: 'user_authorization_required', message: 'The user has not authorized it.' };
const VERIFIER = 'verifier-that-reads-the-outcome';

/** A Connect without a grant. */
function noGrant(index: number): Response {
  if (!sent[index]?.url.includes('/authorize/')) return refusal(422, MISSING)();
  const page = { url: 'https://connect.vercel.com/authorize/1', request: 'request-1', verifier: VERIFIER };
  return HttpResponse.json({ ...page, expiresAt: Date.now() + 600_000 });
}

/** The provider of both packages; ours over a client of its own, so that nothing is shared with other tests. */
function providers(options: Pick<theirs.ConnectAuthProviderOptions, 'consent' | 'onConsentRequired'> = {}) {
  const client = errors.createConnectClient({ bearerToken: AS.vercelToken });
  const { onConsentRequired, ...rest } = options;
  return {
    there: theirs.connectAuthProvider(fresh(), USER, { ...AS, ...options }),
    here: ours.connectAuthProvider(fresh(), USER, {
      ...{ client, ...rest },
      ...(onConsentRequired === undefined ? {} : { onConsentRequired: () => undefined }),
    }),
  };
}

const authorizeRequests = () => sent.filter(({ url }) => url.includes('/authorize/')).length;

export const deviationsOfAdapters: Deviations = {
  async 'MCP: `consent`'() {
    stub.answer = noGrant;
    const { there, here } = providers();
    expect(await there.tokens()).toBeUndefined();
    expect((await failure(here.tokens()))?.name).toBe('ConsentRequiredError');
  },

  async 'MCP: a token that the server refuses'() {
    stub.answer = (index) => (sent[index]?.url.includes('/authorize/') ? noGrant(index) : token());
    const { there, here } = providers();
    await there.tokens();
    expect((await failure(there.redirectToAuthorization(HOST_URL)))?.name).toBe('ConsentRequiredError');
    const before = authorizeRequests();
    await here.tokens();
    expect(await failure(here.redirectToAuthorization(HOST_URL))).toMatchObject({ code: 'token_refused' });
    expect(authorizeRequests()).toBe(before);
  },

  async 'MCP: `onConsentRequired`'() {
    stub.answer = noGrant;
    const { there, here } = providers({ consent: 'transport', onConsentRequired: () => undefined });
    expect(await failure(there.redirectToAuthorization(HOST_URL))).toBeUndefined();
    const error = await failure(here.redirectToAuthorization(HOST_URL));
    expect(error?.name).toBe('ConsentRequiredError');
  },

  async 'MCP: callers who miss the same consent'() {
    stub.answer = noGrant;
    const { there, here } = providers({ consent: 'eager' });
    const all = (provider: typeof there | typeof here) =>
      Promise.all(Array.from({ length: 20 }, () => failure(provider.tokens())));
    await all(there);
    expect(sent.length).toBe(40);
    sent.length = 0;
    await all(here);
    expect(sent.length).toBe(2);
  },

  async 'MCP: what `ConsentRequiredError` prints'() {
    stub.answer = noGrant;
    const { there, here } = providers({ consent: 'eager' });
    const [theirError, ourError] = await Promise.all([failure(there.tokens()), failure(here.tokens())]);
    expect(JSON.stringify(theirError)).toContain(VERIFIER);
    expect(JSON.stringify(ourError)).not.toContain(VERIFIER);
    expect(ourError?.verifier).toBe(VERIFIER);
  },

  async 'MCP: what `ConsentRequiredError` is'() {
    const challenge = { connector: 'c', subject: USER.subject, url: 'u', request: 'r', verifier: 'v' };
    expect(new theirs.ConsentRequiredError(challenge)).not.toBeInstanceOf(
      theirs.UserAuthorizationRequiredError,
    );
    expect(new ours.ConsentRequiredError(challenge)).toBeInstanceOf(ours.UserAuthorizationRequiredError);
  },

  async '`connectMCPTransport`: what it adds'() {
    const server = { type: 'http', url: 'https://mcp.example.com/mcp' } as const;
    expect(Object.keys(theirs.connectMCPTransport(server, 'c', USER, AS)).sort()).toEqual([
      ...['authProvider', 'fetch', 'type', 'url'],
    ]);
    const client = errors.createConnectClient({ bearerToken: AS.vercelToken });
    const here = ours.connectMCPTransport(server, 'c', USER, { client });
    expect(Object.keys(here).sort()).toEqual(['fetch', 'type', 'url']);
    expect(await failure(here.fetch('https://other.example.com/'))).toMatchObject({ argument: 'input' });
  },
};
