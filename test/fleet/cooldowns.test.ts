// A rate limit that one process has met holds all processes of its team, or of its credential, and nobody else.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConnectClientOptions, createConnectClient, type TokenStore } from '../../src/connect/index.js';
import { RateLimitError } from '../../src/errors/index.js';
import { CONNECTOR, countedToken, createUpstream, failureOf, settle } from '../connect/helpers.js';
import { createMemoryData, createMemoryStore, type MemoryData } from './memory-store.js';
import { user } from './topology-fleet.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  });
  vi.stubEnv('VERCEL_OIDC_TOKEN_FILE', undefined);
});
afterEach(() => void vi.useRealTimers());

let atWork = 0;

/** Lets everything run that needs no further time. Keys are at work elsewhere, which takes real time. */
async function rest(): Promise<void> {
  for (let quiet = 0; quiet < 10; quiet++) {
    await settle();
    if (atWork > 0) quiet = 0;
  }
}

/** A store whose keys are waited for. */
function createWatchedStore(data: MemoryData, changes: object): TokenStore {
  const store = createMemoryStore(data);
  const { crypto } = store;
  const [name, seal, open] = [crypto.name.bind(crypto), crypto.seal.bind(crypto), crypto.open.bind(crypto)];
  const watched = async <R>(work: Promise<R>) => {
    atWork++;
    return work.finally(() => atWork--);
  };
  const keys = {
    name: (...parts: string[]) => watched(name(...parts)),
    seal: (...given: Parameters<typeof seal>) => watched(seal(...given)),
    open: (...given: Parameters<typeof open>) => watched(open(...given)),
  };
  return { ...store, ...changes, crypto: Object.assign(crypto, keys) };
}

/** Processes over one store, and an API that refuses its first request for five seconds. */
function startWorld() {
  const data = createMemoryData();
  const upstream = createUpstream((request, index) =>
    index === 0
      ? new Response('{}', { status: 429, headers: { 'retry-after-ms': '5000' } })
      : countedToken(request, index),
  );
  const join = (options: ConnectClientOptions, changes: object = {}) =>
    createConnectClient({
      maxRetries: 0,
      ...options,
      fetch: upstream.fetch,
      cache: { store: createWatchedStore(data, changes), storeTimeoutMs: 1_000 },
    });
  /** One process meets the limit. */
  const meet = async (options: ConnectClientOptions) => {
    await failureOf(join(options).getToken(CONNECTOR, user(1)), RateLimitError);
    await rest();
  };
  return { ...upstream, join, meet };
}

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) {
    await rest();
    await vi.advanceTimersByTimeAsync(250);
  }
  await rest();
}

/** Whether a call is answered within a second. */
async function isHeld(call: Promise<unknown>): Promise<boolean> {
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  call.then(end, end);
  await pass(1_000);
  return !isDone;
}

function oidcOf(owner: string, project: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: 'https://oidc.vercel.com', sub: project, owner_id: owner, exp: 4_102_444_800 };
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
}

describe('a rate limit', () => {
  it('holds every process with the same credential until it resets, and no longer', async () => {
    const { join, meet, requests } = startWorld();
    await meet({ bearerToken: 'caller-one' });
    const held = join({ bearerToken: 'caller-one' }).getToken(CONNECTOR, user(2));
    expect(await isHeld(held)).toBe(true);
    expect(await isHeld(join({ bearerToken: 'caller-two' }).getToken(CONNECTOR, user(3)))).toBe(false);
    expect(requests).toHaveLength(2);
    await pass(4_000);
    expect(await held).toBe('token-3');
    expect(await isHeld(join({ bearerToken: 'caller-one' }).getToken(CONNECTOR, user(4)))).toBe(false);
  });

  it('holds no process that asks another API', async () => {
    const { join, meet } = startWorld();
    await meet({ bearerToken: 'caller-one' });
    const elsewhere = join({ bearerToken: 'caller-one', region: 'sfo1' });
    expect(await isHeld(elsewhere.getToken(CONNECTOR, user(2)))).toBe(false);
  });

  it('holds all projects of a team that the platform vouches for, and no other team', async () => {
    const { join, meet } = startWorld();
    vi.stubEnv('VERCEL_OIDC_TOKEN', oidcOf('team_1', 'shop'));
    await meet({});
    vi.stubEnv('VERCEL_OIDC_TOKEN', oidcOf('team_1', 'blog'));
    expect(await isHeld(join({}).getToken(CONNECTOR, user(2)))).toBe(true);
    vi.stubEnv('VERCEL_OIDC_TOKEN', oidcOf('team_2', 'shop'));
    expect(await isHeld(join({}).getToken(CONNECTOR, user(3)))).toBe(false);
  });

  it('holds nobody by a team that a caller claims to be of', async () => {
    const { join, meet } = startWorld();
    await meet({ bearerToken: oidcOf('team_1', 'shop') });
    const other = join({ bearerToken: oidcOf('team_1', 'blog') });
    expect(await isHeld(other.getToken(CONNECTOR, user(2)))).toBe(false);
  });

  it.each([Number.NaN, '5', undefined])(
    'is no number of milliseconds where a store gives %j',
    async (wrong) => {
      const { join, meet } = startWorld();
      await meet({ bearerToken: 'caller-one' });
      const client = join({ bearerToken: 'caller-one' }, { cooldown: async () => wrong });
      expect(await isHeld(client.getToken(CONNECTOR, user(2)))).toBe(false);
    },
  );
});
