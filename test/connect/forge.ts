import { createHmac } from 'node:crypto';
import { exportSPKI } from 'jose';
import type { VerificationFailure, VerifyTriggerOptions } from '../../src/connect/index.js';
import { forward, goodClaims, signToken } from './trigger-helpers.js';
import type { TriggerWorld } from './trigger-world.js';

export const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
export const seconds = () => Math.floor(Date.now() / 1000);

/** The public key as a server keeps it, used as the secret of an HMAC: the classic confusion of algorithms. */
export function hmacToken(alg: string, hash: string, secret: string | Buffer): string {
  const unsigned = `${part({ alg, typ: 'JWT', kid: 'vercel-1' })}.${part(goodClaims())}`;
  return `${unsigned}.${createHmac(hash, secret).update(unsigned).digest('base64url')}`;
}

/** The public key of Vercel as a file holds it. */
export const publicPem = ({ vercel }: TriggerWorld) => exportSPKI(vercel.publicKey);

export type Forged = readonly [
  name: string,
  reason: VerificationFailure,
  make: (world: TriggerWorld) => Request | Promise<Request>,
  options?: VerifyTriggerOptions,
];

export const claims = (
  name: string,
  reason: VerificationFailure,
  changes: () => Record<string, unknown>,
): Forged => [name, reason, async (world) => forward(await signToken(world.vercel, goodClaims(changes())))];
export const header = (
  name: string,
  reason: VerificationFailure,
  fields: Record<string, unknown>,
): Forged => [name, reason, async (world) => forward(await signToken(world.vercel, goodClaims(), fields))];
/** A good signature with one part of the token changed afterwards. */
export const tampered = (
  name: string,
  reason: VerificationFailure,
  change: (parts: string[]) => string[],
): Forged => [
  name,
  reason,
  async (world) => forward(change((await signToken(world.vercel)).split('.')).join('.')),
];
export const raw = (name: string, reason: VerificationFailure, authorization: string | undefined): Forged => [
  name,
  reason,
  () =>
    new Request('https://shop.example.com/hook', {
      method: 'POST',
      body: '{}',
      headers: authorization === undefined ? {} : { authorization },
    }),
];
