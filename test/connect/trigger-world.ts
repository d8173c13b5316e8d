import { beforeAll, beforeEach, vi } from 'vitest';
import {
  createTriggerVerifier,
  type TriggerVerifier,
  type VerifyTriggerOptions,
} from '../../src/connect/index.js';
import { createIssuer, type Issuer, PROJECT } from './trigger-helpers.js';

/** What a receiver of this project's production expects. */
export const OPTIONS: VerifyTriggerOptions = { projectId: PROJECT, environment: 'production' };

/** Whose keys there are, and who checks what they sign. */
export interface TriggerWorld {
  readonly vercel: Issuer;
  readonly attacker: Issuer;
  /** Another's key under the id of Vercel's. */
  readonly sameKid: Issuer;
  readonly elliptic: Issuer;
  readonly verifier: TriggerVerifier;
  /** How often the keys were asked for. */
  fetches: number;
  /** What the issuer's key set answers. */
  answer: () => Response | Promise<Response>;
}

/** Makes the issuers once a file, and a verifier that knows nothing yet for each test. */
export function useTriggerWorld(): TriggerWorld {
  // The tests see it only after the hooks have filled it in.
  const world = {} as { -readonly [Key in keyof TriggerWorld]: TriggerWorld[Key] };
  beforeAll(async () => {
    [world.vercel, world.attacker, world.sameKid, world.elliptic] = await Promise.all([
      createIssuer('vercel-1'),
      createIssuer('attacker-1'),
      createIssuer('vercel-1'),
      createIssuer('vercel-1', 'ES256'),
    ]);
  });
  beforeEach(() => {
    for (const name of ['VERCEL_PROJECT_ID', 'VERCEL_TARGET_ENV', 'VERCEL_ENV']) vi.stubEnv(name, undefined);
    world.fetches = 0;
    world.answer = () => Response.json({ keys: [world.vercel.jwk] });
    world.verifier = createTriggerVerifier({
      fetch: async () => {
        world.fetches += 1;
        return world.answer();
      },
    });
  });
  return world;
}
