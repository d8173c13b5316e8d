import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTriggerVerifier, VerificationError } from '../../src/connect/index.js';
import type { FetchInit } from '../../src/index.js';
import { part } from './forge.js';
import { failureOf } from './helpers.js';
import { forward, goodClaims, type Issuer, signToken } from './trigger-helpers.js';
import { OPTIONS, useTriggerWorld } from './trigger-world.js';

const world = useTriggerWorld();

describe('the keys', () => {
  const from = async (issuer: Issuer) => world.verifier.verify(forward(await signToken(issuer)), OPTIONS);

  it('are fetched once for any number of events at once and one after another', async () => {
    await Promise.all(Array.from({ length: 20 }, () => from(world.vercel)));
    await from(world.vercel);
    expect(world.fetches).toBe(1);
  });

  it('10 000 unknown key ids in 30 s cause one fetch', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const body = part(goodClaims());
    let refused = 0;
    for (let index = 0; index < 10_000; index++) {
      if (index % 400 === 399) vi.advanceTimersByTime(1_190);
      const token = `${part({ alg: 'RS256', kid: `unknown-${index}` })}.${body}.c2lnbmF0dXJl`;
      const call = world.verifier.verify(forward(token), OPTIONS);
      await call.catch(({ reason }: VerificationError) => {
        if (reason === 'unknown_key') refused += 1;
      });
    }
    expect(refused).toBe(10_000);
    expect(world.fetches).toBe(1);
  });

  it('are renewed for a new key, which the issuer may have begun to use', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    await from(world.vercel);
    world.answer = () => Response.json({ keys: [world.vercel.jwk, world.attacker.jwk] });
    expect((await failureOf(from(world.attacker), VerificationError)).reason).toBe('unknown_key');
    vi.advanceTimersByTime(29_999);
    expect((await failureOf(from(world.attacker), VerificationError)).reason).toBe('unknown_key');
    expect(world.fetches).toBe(1);
    vi.advanceTimersByTime(1);
    await expect(from(world.attacker)).resolves.toBeDefined();
    expect(world.fetches).toBe(2);
  });

  it('are believed for a day while they cannot be renewed, and no longer', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    await from(world.vercel);
    world.answer = () => new Response(null, { status: 503 });
    vi.advanceTimersByTime(23 * 3_600_000);
    await expect(from(world.vercel)).resolves.toBeDefined();
    vi.advanceTimersByTime(3_600_000 + 1);
    const error = await failureOf(from(world.vercel), VerificationError);
    expect(error).toMatchObject({ reason: 'keys_unavailable', status: 503 });
  });

  it('that a key is taken away ends with the next renewal, after ten minutes', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    await from(world.vercel);
    world.answer = () => Response.json({ keys: [world.attacker.jwk] });
    vi.advanceTimersByTime(10 * 60_000);
    await expect(from(world.vercel)).resolves.toBeDefined();
    vi.advanceTimersByTime(1);
    expect((await failureOf(from(world.vercel), VerificationError)).reason).toBe('unknown_key');
  });

  it.each([
    ['an error', () => new Response(null, { status: 500 })],
    ['an error, with keys', () => Response.json({ keys: [world.vercel.jwk] }, { status: 500 })],
    ['no JSON', () => new Response('<html>')],
    ['no list', () => Response.json({ keys: {} })],
    ['no object', () => Response.json(null)],
    ['a list of texts', () => Response.json({ keys: ['key'] })],
    ['too much', () => new Response('x'.repeat(70_000))],
    ['a network failure', () => Promise.reject(new TypeError('fetch failed'))],
  ])('that cannot be had (%s) are told apart from a forgery, and asked for again soon', async (_, bad) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    world.answer = bad;
    expect(await failureOf(from(world.vercel), VerificationError)).toMatchObject({
      reason: 'keys_unavailable',
      message: 'The signing keys of the issuer cannot be had now',
      status: 503,
    });
    world.answer = () => Response.json({ keys: [world.vercel.jwk] });
    vi.advanceTimersByTime(999);
    await failureOf(from(world.vercel), VerificationError);
    expect(world.fetches, 'and no sooner').toBe(1);
    vi.advanceTimersByTime(1);
    await expect(from(world.vercel)).resolves.toBeDefined();
  });

  it('are asked for as JSON, within 5 s, and from no other place than this', async () => {
    const sent: [string, FetchInit][] = [];
    const { verify } = createTriggerVerifier({
      jwksUrl: 'https://keys.example.com/jwks',
      fetch: async (...call) => {
        sent.push(call);
        return Response.json({ keys: [world.vercel.jwk] });
      },
    });
    await verify(forward(await signToken(world.vercel)), OPTIONS);
    expect(sent).toMatchObject([
      [
        'https://keys.example.com/jwks',
        {
          method: 'GET',
          headers: { accept: 'application/json' },
          redirect: 'error',
          signal: { aborted: false },
        },
      ],
    ]);
  });

  it('come from a place that is safe', () => {
    expect(() => createTriggerVerifier({ jwksUrl: 'http://keys.example.com/jwks' })).toThrow(/https/);
  });
});
