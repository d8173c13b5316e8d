import { describe, expect, it } from 'vitest';
import { VerificationError } from '../../src/connect/index.js';
import { FORGED } from './forged-triggers.js';
import { failureOf } from './helpers.js';
import { forward } from './trigger-helpers.js';
import { OPTIONS, useTriggerWorld } from './trigger-world.js';

const world = useTriggerWorld();

describe('a forged trigger', () => {
  it('comes in at least 60 kinds, no two of one name', () => {
    expect(new Set(FORGED.map(([name]) => name)).size).toBe(FORGED.length);
    expect(FORGED.length).toBeGreaterThanOrEqual(60);
  });

  it.each(FORGED.map(([name, reason, make, options = OPTIONS]) => [name, reason, make, options] as const))(
    '%s is refused as %s',
    async (_, reason, make, options) => {
      const request = await make(world);
      const token = request.headers.get('authorization')?.slice(7) || 'no-token';
      const error = await failureOf(world.verifier.verify(request, options), VerificationError);
      expect(error.reason).toBe(reason);
      expect(error.message, 'says why, in words').toMatch(/^\w.* \w/);
      expect(error.status).toBe(reason === 'body_too_large' ? 413 : 401);
      expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain(token);
    },
  );

  it.each([
    ['a token of claims that are a list', '[]'],
    ['a token of claims that are text', '"text"'],
    ['a token of claims that are no JSON', '{'],
  ])('%s is refused', async (_, payload) => {
    const { CompactSign } = await import('jose');
    const sign = new CompactSign(new TextEncoder().encode(payload));
    const token = await sign
      .setProtectedHeader({ alg: 'RS256', kid: 'vercel-1' })
      .sign(world.vercel.privateKey);
    const error = await failureOf(world.verifier.verify(forward(token), OPTIONS), VerificationError);
    expect(error.reason).toBe('malformed_token');
  });
});
