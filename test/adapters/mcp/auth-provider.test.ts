import * as peer from '@vercel/connect/mcp';
import { ConnectError } from 'vercel-rest/connect';
import {
  CONNECT_DISCOVERY_STATE,
  CONNECT_MANAGED_REDIRECT_URL,
  ConsentRequiredError,
  connectAuthProvider,
  connectMcpAuth,
} from 'vercel-rest/mcp';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../connect/helpers.js';
import { CONSENTED, createWorld, LINEAR, STRANGER } from './world.js';

const HOST_URL = new URL('https://connect.vercel.com/whatever-the-host-built');

describe('connectAuthProvider', () => {
  it('gives the token with its life in seconds, and never a refresh token', async () => {
    const { client } = createWorld();
    const tokens = await connectAuthProvider(LINEAR, CONSENTED, { client }).tokens();
    expect(tokens).toEqual({
      ...{ access_token: await client.getToken(LINEAR, CONSENTED), token_type: 'Bearer' },
      expires_in: expect.any(Number),
    });
    expect(tokens?.expires_in).toBeGreaterThan(3_590);
  });

  it('throws where consent is missing, before the first request', async () => {
    const { client, asked } = createWorld();
    const provider = connectAuthProvider(LINEAR, STRANGER, { client });
    await failureOf(provider.tokens(), ConsentRequiredError);
    expect([asked('getConnectorToken'), asked('createConnectorAuthorizationRequest')]).toEqual([1, 1]);
  });

  it("gives nothing in mode 'transport', and throws where the host sends the user", async () => {
    const { client, asked } = createWorld();
    const told: string[] = [];
    const provider = connectAuthProvider(LINEAR, STRANGER, {
      client,
      consent: 'transport',
      onConsentRequired: ({ url }) => void told.push(url),
    });
    expect(await provider.tokens()).toBeUndefined();
    expect(asked('createConnectorAuthorizationRequest')).toBe(0);
    const error = await failureOf(provider.redirectToAuthorization(HOST_URL), ConsentRequiredError);
    expect(told).toEqual([error.url]);
  });

  it('sends nobody who has consented to the consent page: the token is replaced', async () => {
    const { client, providers, asked } = createWorld();
    const provider = connectAuthProvider(LINEAR, CONSENTED, { client });
    const stale = (await provider.tokens())?.access_token ?? '';
    providers.refuse(stale);
    const error = await failureOf(provider.redirectToAuthorization(HOST_URL), ConnectError);
    expect(error).toMatchObject({ code: 'token_refused', status: 401 });
    expect(error).not.toBeInstanceOf(ConsentRequiredError);
    expect((await provider.tokens())?.access_token).not.toBe(stale);
    expect([asked('getConnectorToken'), asked('createConnectorAuthorizationRequest')]).toEqual([2, 0]);
  });

  it('leads to the consent page where the grant was revoked', async () => {
    const { client, emulator } = createWorld();
    const provider = connectAuthProvider(LINEAR, CONSENTED, { client });
    await provider.tokens();
    emulator.withdrawUser(LINEAR, 'user_123');
    await failureOf(provider.redirectToAuthorization(HOST_URL), ConsentRequiredError);
  });

  it('passes on every other error', async () => {
    const { client } = createWorld();
    for (const consent of ['eager', 'transport'] as const) {
      const provider = connectAuthProvider('github/acme', { subject: { type: 'app' } }, { client, consent });
      expect(await failureOf(provider.tokens(), ConnectError)).toMatchObject({ status: 422 });
    }
  });

  it('asks as the caller of the moment', async () => {
    const { client, emulator } = createWorld();
    let bearer = 'first';
    const provider = connectAuthProvider(LINEAR, CONSENTED, { client, vercelToken: () => bearer });
    await provider.tokens();
    bearer = 'second';
    await provider.tokens();
    expect(emulator.requests.map((request) => request.bearer)).toEqual(['first', 'second']);
  });

  it('has the other members as the peer has them', async () => {
    const { client } = createWorld();
    const redirectUrl = 'https://shop.example.com/connected';
    for (const options of [{}, { redirectUrl }]) {
      const ours = connectAuthProvider(LINEAR, CONSENTED, { client, ...options });
      const theirs = peer.connectAuthProvider(LINEAR, CONSENTED, options);
      expect(Object.keys(ours).sort()).toEqual(
        [...Object.keys(theirs), 'validateAuthorizationServerURL'].sort(),
      );
      expect(ours.redirectUrl).toBe(theirs.redirectUrl);
      expect(ours.clientMetadata).toEqual(theirs.clientMetadata);
      expect(ours.clientInformation()).toEqual(theirs.clientInformation());
      expect(ours.discoveryState()).toEqual(theirs.discoveryState());
      expect(await ours.validateResourceURL('https://a.example')).toBeUndefined();
      for (const each of [ours, theirs]) expect(() => each.codeVerifier()).toThrow('Vercel Connect');
    }
    expect(CONNECT_DISCOVERY_STATE).toEqual(peer.CONNECT_DISCOVERY_STATE);
    expect(CONNECT_MANAGED_REDIRECT_URL).toBe(peer.CONNECT_MANAGED_REDIRECT_URL);
  });

  it.each([
    ['connector', '', CONSENTED, {}],
    ['redirectUrl', LINEAR, CONSENTED, { redirectUrl: 'http://shop.example.com' }],
    ['vercelToken', LINEAR, CONSENTED, { vercelToken: 'two words' }],
    ['options.redirectURL', LINEAR, CONSENTED, { redirectURL: 'https://a.example' } as object],
  ])('refuses a wrong %s at once', (argument, connector, params, options) => {
    expect(() => connectAuthProvider(connector, params, options)).toThrow(
      expect.objectContaining({ argument }),
    );
  });
});

describe('connectMcpAuth', () => {
  it('gives a token, and another after a 401', async () => {
    const { client, providers, asked } = createWorld();
    const auth = connectMcpAuth(LINEAR, CONSENTED, { client });
    const stale = (await auth.token()) ?? '';
    providers.refuse(stale);
    await auth.onUnauthorized();
    const fresh = await auth.token();
    expect(fresh).not.toBe(stale);
    expect(asked('getConnectorToken')).toBe(2);
  });

  it('gives nothing where consent is missing, and throws after the 401', async () => {
    const { client, asked } = createWorld();
    const auth = connectMcpAuth(LINEAR, STRANGER, { client });
    expect(await auth.token()).toBeUndefined();
    await failureOf(auth.onUnauthorized(), ConsentRequiredError);
    expect([asked('getConnectorToken'), asked('createConnectorAuthorizationRequest')]).toEqual([1, 1]);
  });

  it('says that a token is refused where Connect has no other', async () => {
    const { client } = createWorld();
    const auth = connectMcpAuth(LINEAR, CONSENTED, { client });
    await auth.token();
    const error = await failureOf(auth.onUnauthorized(), ConnectError);
    expect([error.code, error.message]).toEqual(['token_refused', expect.stringContaining('no other')]);
  });

  it('passes on every other error', async () => {
    const { client } = createWorld();
    const auth = connectMcpAuth('github/acme', { subject: { type: 'app' } }, { client });
    expect(await failureOf(auth.token(), ConnectError)).toMatchObject({ status: 422 });
  });
});
