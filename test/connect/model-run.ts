import fc from 'fast-check';
import { expect, vi } from 'vitest';
import type { ConnectOptions, ConnectTokenParams } from '../../src/connect/index.js';
import { grantOf, topicOf, type Verdict, World } from './model-world.js';

const CALLERS = 50;
const CONNECTORS = ['slack/a', 'github/b'] as const;
const SUBJECTS: readonly ConnectTokenParams['subject'][] = [{ type: 'app' }, { type: 'user', id: 'u' }];
const SCOPES = [undefined, ['*'], ['a', 'b'], ['b', 'a'], ['a']];
/** Two clocks may drift apart by so much before the cache takes it for a clock that was set. */
const DRIFT_MS = 1_000;

const index = (max: number) => fc.nat(max - 1);
// Most callers ask for the same few things, so that they meet: two of the fifty are drawn far more often than the rest.
const caller = fc.oneof({ weight: 2, arbitrary: index(2) }, { weight: 1, arbitrary: index(CALLERS) });
const target = { caller, connector: index(2), subject: index(2), scopes: index(SCOPES.length) };
const verdict = fc.oneof(
  { weight: 6, arbitrary: fc.record({ lifeS: fc.constantFrom(3, 20, 70, 100, 600, 3_600) }) },
  { weight: 1, arbitrary: fc.constantFrom<Verdict>('busy', 'refused', 'lost') },
);

const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ ...target, do: fc.constant('get' as const) }) },
  { weight: 1, arbitrary: fc.record({ ...target, do: fc.constant('force' as const) }) },
  { weight: 1, arbitrary: fc.record({ ...target, do: fc.constant('leave' as const) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('settle' as const), at: fc.nat(20), verdict }) },
  { weight: 1, arbitrary: fc.record({ ...target, do: fc.constant('revoke' as const) }) },
  { weight: 1, arbitrary: fc.record({ ...target, do: fc.constant('delete' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rotate' as const), caller }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(10, 900, 3_000, 9_000, 40_000, 600_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('jump' as const),
      ms: fc.constantFrom(-86_400_000, -60_000, -500, 500, 60_000, 86_400_000),
    }),
  },
);

/** A random walk over everything that can be done to a client. */
export const walks = (length: number) => fc.array(step, { minLength: length, maxLength: length });

const one = { caller: fc.constant(0), connector: fc.constant(0), subject: fc.constant(0), scopes: index(2) };
const issue = fc.constant<Verdict>({ lifeS: 600 });

/** One caller, one grant: every order in which asking, revoking and answering can meet. */
export const interleavings = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ ...one, do: fc.constant('get' as const) }) },
    { weight: 2, arbitrary: fc.record({ ...one, do: fc.constant('revoke' as const) }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('settle' as const), at: fc.nat(5), verdict: issue }),
    },
  ),
  { minLength: 6, maxLength: 24 },
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type Target = Extract<Step, { connector: number }>;

/**
 * Plays a walk, and checks each token at the moment it is handed out.
 *
 * @returns Tokens handed out, to see that the walk was about something.
 */
export async function play(steps: readonly Step[]): Promise<number> {
  const world = new World();
  const run = new Walk(world);
  for (const one of steps) {
    world.step++;
    await run.take(one);
    await world.rest();
  }
  while (world.pending.length > 0) {
    world.settle(0, { lifeS: 600 });
    await world.rest();
  }
  await Promise.all(run.calls);
  expect(world.client.stats().upstreamCalls, 'each request is counted').toBe(world.tokenRequests);
  return run.served;
}

/** What a token must be, for one call. */
interface Due {
  readonly bearer: string;
  readonly topic: string;
  readonly grant: string;
  readonly settledFrom: number;
  readonly askedAfter: number;
}

class Walk {
  readonly calls: Promise<void>[] = [];
  served = 0;
  readonly #world: World;
  readonly #rotations = new Map<number, number>();
  /** By grant: the revocations that have returned. */
  readonly #revoked = new Map<string, number>();
  /** By bearer and topic: what had come before this step is not served to who asks after. */
  readonly #forced = new Map<string, number>();
  /** By topic: what was asked for up to this step is not served to who asks after. */
  readonly #dropped = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  async take(one: Step): Promise<void> {
    switch (one.do) {
      case 'settle':
        return this.#world.settle(one.at, one.verdict);
      case 'rotate':
        return void this.#rotations.set(one.caller, (this.#rotations.get(one.caller) ?? 0) + 1);
      case 'pass':
        return void (await vi.advanceTimersByTimeAsync(one.ms));
      case 'jump':
        return this.#world.jump(one.ms);
      case 'revoke':
        return void this.calls.push(this.#revoke(one).catch(ignore));
      case 'delete':
        return this.#delete(one);
      default:
        return this.#get(one, one.do);
    }
  }

  #get(one: Target, kind: 'get' | 'force' | 'leave'): void {
    const { bearer, connector, params, topic } = this.#read(one);
    const controller = new AbortController();
    const options: ConnectOptions = {
      vercelToken: bearer,
      ...(kind === 'force' ? { forceRefresh: true } : {}),
      ...(kind === 'leave' ? { signal: controller.signal } : {}),
    };
    // What was handed out before a forced refresh began is not good enough for whoever asks after.
    if (kind === 'force') this.#forced.set(bearer + topic, this.#world.step);
    const due: Due = {
      bearer,
      topic,
      grant: grantOf(connector, params),
      settledFrom: this.#forced.get(bearer + topic) ?? 0,
      askedAfter: this.#dropped.get(topic) ?? 0,
    };
    const call = this.#world.client.getToken(connector, params, options);
    this.calls.push(call.then((token) => this.#check(token, due), ignore));
    if (kind === 'leave') controller.abort();
  }

  #check(token: string, due: Due): void {
    this.served++;
    const issued = this.#world.issued.get(token);
    expect(issued, 'the upstream gave it').toBeDefined();
    expect(issued, 'of this caller, and what was asked for').toMatchObject({
      bearer: due.bearer,
      topic: due.topic,
    });
    // Also for who has waited since before the revocation.
    const revoked = this.#revoked.get(due.grant) ?? 0;
    expect(issued?.revocations, 'not of a revoked grant').toBeGreaterThanOrEqual(revoked);
    expect(issued?.askedIn, 'asked for after the entry was dropped').toBeGreaterThan(due.askedAfter);
    expect(issued?.settledIn, 'not from before a forced refresh').toBeGreaterThanOrEqual(due.settledFrom);
    expect(issued?.deadAt, 'alive').toBeGreaterThan(performance.now() - DRIFT_MS);
  }

  async #revoke(one: Target): Promise<void> {
    const { bearer, connector, params } = this.#read(one);
    const { subject } = params;
    await this.#world.client.revokeToken(connector, { subject }, { vercelToken: bearer });
    const grant = grantOf(connector, params);
    this.#revoked.set(grant, this.#world.revocations.get(grant) ?? 0);
  }

  #delete(one: Target): void {
    const { connector, params, topic } = this.#read(one);
    this.#world.client.deleteTokenCacheEntry(connector, params);
    this.#dropped.set(topic, this.#world.step);
  }

  #read({ caller: who, connector: at, subject, scopes: set }: Target) {
    const connector = CONNECTORS[at] ?? CONNECTORS[0];
    const scopes = SCOPES[set];
    const params: ConnectTokenParams = {
      subject: SUBJECTS[subject] ?? { type: 'app' },
      ...(scopes === undefined ? {} : { scopes: [...scopes] }),
    };
    const bearer = `caller-${who}-${this.#rotations.get(who) ?? 0}`;
    return { bearer, connector, params, topic: topicOf(connector, params) };
  }
}

// A call may fail in this model; what it must not do is succeed with the wrong token. What `#check` throws comes out.
function ignore(): void {}
