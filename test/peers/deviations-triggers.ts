// What is different about forwarded triggers.
import { createConnectWebhookVerifier } from '@vercel/connect/chat';
import { expect } from 'vitest';
import * as ours from '../../src/connect/index.js';
import { forward, goodClaims, signToken } from '../connect/trigger-helpers.js';
import { type Deviations, failure, vercel } from './deviations-world.js';

/** Both verdicts on one forwarded request: what each rejects with, `undefined` where it is let through. */
async function verdicts(claims: Record<string, unknown>, options: object = {}) {
  const bearer = await signToken(await vercel(), goodClaims(claims));
  return {
    there: await failure(Promise.resolve(createConnectWebhookVerifier(options)(forward(bearer), ''))),
    // Ours checks its options when the verifier is made.
    here: await failure((async () => ours.createConnectWebhookVerifier(options)(forward(bearer), ''))()),
  };
}

export const deviationsOfTriggers: Deviations = {
  async 'forwarded triggers: who sent it'() {
    const { there, here } = await verdicts({ client_id: undefined, trigger: undefined });
    expect(there).toBeUndefined();
    expect(here).toMatchObject({ name: 'VerificationError', reason: 'wrong_client', status: 401 });
  },

  async 'forwarded triggers: for whom'() {
    const audience = await verdicts({ aud: 'https://vercel.com/another-team' });
    const issuer = await verdicts({ iss: 'https://oidc.vercel.com/another-team' });
    expect([audience.there, issuer.there]).toEqual([undefined, undefined]);
    expect([audience.here?.reason, issuer.here?.reason]).toEqual(['wrong_audience', 'wrong_issuer']);
  },

  async 'forwarded triggers: when'() {
    const now = Math.floor(Date.now() / 1000);
    const old = await verdicts({ iat: now - 1_800, nbf: now - 1_800 });
    expect(old.there).toBeUndefined();
    expect(old.here).toMatchObject({ reason: 'wrong_time' });
    const justOver = await verdicts({ exp: now - 20 });
    expect(justOver.there).toMatchObject({ code: 'ERR_JWT_EXPIRED' });
    expect(justOver.here).toBeUndefined();
    expect((await verdicts({ exp: now - 20 }, {})).here).toBeUndefined();
  },

  async 'options of the verifier'() {
    const options = { algorithms: ['RS256'], issuer: 'https://oidc.vercel.com/acme' };
    const { there, here } = await verdicts({}, options);
    expect(there).toBeUndefined();
    expect(here).toMatchObject({ name: 'InvalidArgumentError' });
    for (const name of ['issuer', 'maxTokenAge', 'clockTolerance', 'subject'])
      expect((await verdicts({}, { [name]: 'x' })).here?.message).toContain(name);
    expect((await verdicts({}, { algorithms: undefined })).here).toBeUndefined();
  },

  async 'errors of the verifier'() {
    const { there, here } = await verdicts({ environment: 'preview' });
    expect(there).toBeInstanceOf(TypeError);
    expect(here).toMatchObject({ name: 'VerificationError', reason: 'wrong_environment', status: 401 });
    const open = await verdicts({}, { projectId: '*' });
    expect([open.there?.name, open.here?.name]).toEqual(['TypeError', 'InvalidArgumentError']);
  },
};
