import type * as theirs from '@vercel/connect';
import { describe, expectTypeOf, it } from 'vitest';
import type * as ours from '../../src/connect/index.js';
import { createConnectClient, getToken, importTokens, revokeToken } from '../../src/connect/index.js';

// Methods are compared bivariantly, so that comparing the functions alone would say little: parameters, options and
// results are compared on their own too.
// Not the other way round: ours also take `undefined` and readonly arrays, which theirs refuse.
describe('what @vercel/connect takes is what we take', () => {
  it('token parameters', () => {
    expectTypeOf<theirs.ConnectTokenParams>().toExtend<ours.ConnectTokenParams>();
  });

  it('subjects', () => {
    expectTypeOf<theirs.ConnectTokenSubject>().toExtend<ours.ConnectTokenSubject>();
    expectTypeOf<ours.ConnectTokenSubject['type']>().toEqualTypeOf<
      'app' | 'user' | 'jwt-bearer' | 'token' | undefined
    >();
    // As in 2.5.
    expectTypeOf<{ token: string }>().toExtend<ours.ConnectTokenSubject>();
    expectTypeOf<{
      type: 'user';
      id: string;
      experimental_idp: string;
    }>().toExtend<ours.ConnectTokenSubject>();
  });

  it('options: ours know a signal besides', () => {
    expectTypeOf<theirs.ConnectOptions>().toExtend<ours.ConnectOptions>();
    expectTypeOf<keyof Omit<ours.ConnectOptions, 'signal'>>().toEqualTypeOf<keyof theirs.ConnectOptions>();
    expectTypeOf<ours.ConnectOptions>().toHaveProperty('signal').toEqualTypeOf<AbortSignal | undefined>();
  });

  it('arguments of every function', () => {
    expectTypeOf<Parameters<typeof theirs.getToken>>().toExtend<Parameters<typeof ours.getToken>>();
    expectTypeOf<Parameters<typeof theirs.getTokenResponse>>().toExtend<
      Parameters<typeof ours.getTokenResponse>
    >();
    expectTypeOf<Parameters<typeof theirs.revokeToken>>().toExtend<Parameters<typeof ours.revokeToken>>();
    expectTypeOf<Parameters<typeof theirs.deleteTokenCacheEntry>>().toExtend<
      Parameters<typeof ours.deleteTokenCacheEntry>
    >();
    expectTypeOf<Parameters<typeof theirs.getConnectorMetadata>>().toExtend<
      Parameters<typeof ours.getConnectorMetadata>
    >();
  });
});

describe('what we give is what @vercel/connect gives', () => {
  it('a token response; ours is surer of tokenId', () => {
    expectTypeOf<ours.ConnectTokenResponse>().toExtend<theirs.ConnectTokenResponse>();
    expectTypeOf<theirs.ConnectTokenResponse & { tokenId: string }>().toExtend<ours.ConnectTokenResponse>();
    expectTypeOf<theirs.ConnectTokenResponse>().not.toExtend<ours.ConnectTokenResponse>();
  });

  it('results', () => {
    expectTypeOf<ReturnType<typeof ours.getToken>>().toEqualTypeOf<Promise<string>>();
    expectTypeOf<ReturnType<typeof ours.revokeToken>>().toEqualTypeOf<Promise<void>>();
    expectTypeOf<ReturnType<typeof ours.deleteTokenCacheEntry>>().toEqualTypeOf<void>();
  });

  it('metadata, but for a clientUrl that the API can give as null', () => {
    expectTypeOf<Omit<ours.ConnectorMetadata, 'clientUrl'>>().toExtend<
      Omit<theirs.ConnectorMetadata, 'clientUrl'>
    >();
    expectTypeOf<ours.ConnectorMetadata['vendor']>().toEqualTypeOf<Record<string, unknown>>();
    expectTypeOf<ours.ConnectorMetadata>().not.toHaveProperty('data');
  });
});

describe('our functions can stand in for theirs, and theirs for ours', () => {
  it('both ways', () => {
    expectTypeOf<typeof ours.getToken>().toExtend<typeof theirs.getToken>();
    expectTypeOf<typeof theirs.getToken>().toExtend<typeof ours.getToken>();
    expectTypeOf<typeof ours.revokeToken>().toExtend<typeof theirs.revokeToken>();
    expectTypeOf<typeof theirs.revokeToken>().toExtend<typeof ours.revokeToken>();
    expectTypeOf<typeof ours.deleteTokenCacheEntry>().toExtend<typeof theirs.deleteTokenCacheEntry>();
    expectTypeOf<typeof theirs.deleteTokenCacheEntry>().toExtend<typeof ours.deleteTokenCacheEntry>();
  });

  it('ours for theirs alone, where ours gives more', () => {
    expectTypeOf<typeof ours.getTokenResponse>().toExtend<typeof theirs.getTokenResponse>();
  });

  it('the methods of a client are the functions', () => {
    expectTypeOf<ours.ConnectClient['getToken']>().toEqualTypeOf<typeof ours.getToken>();
    expectTypeOf<ours.ConnectClient['getTokenResponse']>().toEqualTypeOf<typeof ours.getTokenResponse>();
    expectTypeOf<ours.ConnectClient['revokeToken']>().toEqualTypeOf<typeof ours.revokeToken>();
    expectTypeOf<ours.ConnectClient['deleteTokenCacheEntry']>().toEqualTypeOf<
      typeof ours.deleteTokenCacheEntry
    >();
    expectTypeOf<ours.ConnectClient['importTokens']>().toEqualTypeOf<typeof ours.importTokens>();
    expectTypeOf<ours.ConnectClient['getConnectorMetadata']>().toEqualTypeOf<
      typeof ours.getConnectorMetadata
    >();
  });

  it('errors can be made of the same options', () => {
    expectTypeOf<theirs.ConnectErrorOptions>().toExtend<ours.ConnectErrorOptions>();
    expectTypeOf<ours.ConnectError['vendor']>().toEqualTypeOf<Record<string, unknown> | undefined>();
  });
});

describe('what does not compile', () => {
  it('a wrong subject', () => {
    // @ts-expect-error There is no such kind of subject.
    getToken('c', { subject: { type: 'service' } });
    // @ts-expect-error A user has an id.
    getToken('c', { subject: { type: 'user' } });
    // @ts-expect-error A jwt-bearer has a sub.
    getToken('c', { subject: { type: 'jwt-bearer', iss: 'x' } });
    // @ts-expect-error A token has a token.
    getToken('c', { subject: { type: 'token' } });
    // @ts-expect-error An app has no id.
    getToken('c', { subject: { type: 'app', id: 'user_123' } });
    // @ts-expect-error An id is text.
    getToken('c', { subject: { type: 'user', id: 7 } });
    // @ts-expect-error The subject is not optional.
    getToken('c', {});
    // @ts-expect-error Nor is it for a revocation.
    revokeToken('c', {});
  });

  it('a misspelt field', () => {
    // @ts-expect-error scopes
    getToken('c', { subject: { type: 'app' }, scope: ['a'] });
    // @ts-expect-error installationId
    getToken('c', { subject: { type: 'app' }, installationID: 'a' });
    // @ts-expect-error issuer
    getToken('c', { subject: { type: 'user', id: 'a', isuer: 'b' } });
    // @ts-expect-error forceRefresh
    getToken('c', { subject: { type: 'app' } }, { force: true });
    // @ts-expect-error installationId
    revokeToken('c', { subject: { type: 'app' }, installation: 'a' });
    // @ts-expect-error accessToken
    importTokens('c', [{ token: 'a', expiresAt: 1, environment: 'preview', subject: { type: 'app' } }]);
    // @ts-expect-error bearerToken
    createConnectClient({ token: 'a' });
    // @ts-expect-error cache.max
    createConnectClient({ cache: { size: 5 } });
    // @ts-expect-error teamId
    createConnectClient({ team: 'team_1' });
  });

  it('a field of the wrong type', () => {
    // @ts-expect-error An array, not a text.
    getToken('c', { subject: { type: 'app' }, scopes: 'a' });
    // @ts-expect-error Milliseconds are a number.
    getToken('c', { subject: { type: 'app' }, validityBufferMs: '5' });
    // @ts-expect-error A connector is text.
    getToken(7, { subject: { type: 'app' } });
    // @ts-expect-error A call takes the token itself, not a function.
    getToken('c', { subject: { type: 'app' } }, { vercelToken: () => 'a' });
  });
});

describe('open enums', () => {
  it('take texts that nobody knows yet', () => {
    expectTypeOf<string>().toExtend<ours.ConnectErrorCode>();
    expectTypeOf<string>().toExtend<ours.ConnectImportToken['environment']>();
    expectTypeOf<string>().toExtend<ours.ConnectTokenResponse['connector']['type']>();
  });

  it('still complete: the known members are not swallowed by string', () => {
    expectTypeOf<ours.ConnectErrorCode>().not.toEqualTypeOf<string>();
    expectTypeOf<'no_token'>().toExtend<Extract<ours.ConnectErrorCode, 'no_token'>>();
    expectTypeOf<'production'>().toExtend<Extract<ours.ConnectImportToken['environment'], 'production'>>();
    expectTypeOf<'slack'>().toExtend<Extract<ours.ConnectTokenResponse['connector']['type'], 'slack'>>();
  });

  it('authorization details take any kind, and complete the known one', () => {
    expectTypeOf<{
      type: 'github_app_installation';
      org: string;
    }>().toExtend<ours.ConnectAuthorizationDetail>();
    expectTypeOf<{ type: 'custom'; anything: number }>().toExtend<ours.ConnectAuthorizationDetail>();
    expectTypeOf<{ anything: number }>().not.toExtend<ours.ConnectAuthorizationDetail>();
  });
});
