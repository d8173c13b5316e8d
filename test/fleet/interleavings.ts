import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, vi } from 'vitest';
import {
  type ConnectClient,
  createConnectClient,
  type StoreCrypto,
  type TokenStore,
} from '../../src/connect/index.js';
import { asFetch } from '../helpers/as-fetch.js';
import { createMemoryData, createMemoryStore } from './memory-store.js';

const CONNECTOR = 'oauth/linear';
const PARAMS = { subject: { type: 'user' as const, id: 'user_1' } };
const CLIENTS = 3;
const HOUR = 3_600_000;
const ORDERED: readonly string[] = ['acquire', 'generations', 'write', 'replace'];

const who = fc.nat(CLIENTS - 1);
const step = fc.oneof(
  { weight: 9, arbitrary: fc.record({ do: fc.constant('get' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('revoke' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('force' as const), who }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('operate' as const), at: fc.nat(2) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('answer' as const), at: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('deliver' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(30, 300, 2_500) }),
  },
);

/** Every order in which asking, revoking, answering, the store's steps and the arrival of messages can meet. */
export const interleavings = fc.array(step, { minLength: 40, maxLength: 90 });

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Member {
  readonly client: ConnectClient;
  /** Messages on their way, in order. */
  readonly mail: (() => void)[];
  /** Revocations that had returned when the latest of its fetches last looked in the store, and its own. */
  known: number;
  /** The owners of its looks, oldest first: a fetch that a later one replaced gives its callers nothing that it learns. */
  readonly owners: Set<string>;
}

/** Clients over one store, each step of which waits to be let through, and one API. */
export class Interleaving {
  readonly #operations: (() => void)[] = [];
  readonly #answers: (() => void)[] = [];
  readonly #issued = new Map<string, number>();
  readonly #calls: Promise<unknown>[] = [];
  readonly #members: Member[] = [];
  readonly #isHeard: boolean;
  /** Revocations that the API has carried out. */
  #revoked = 0;
  /** How many of them had been carried out when a call that revokes has returned. */
  #returned = 0;
  readonly #carriedOut = new Map<string, number>();
  #sealing = 0;
  served = 0;

  constructor(listens: boolean) {
    this.#isHeard = listens;
    const data = createMemoryData();
    for (let index = 0; index < CLIENTS; index++) this.#members.push(this.#join(data, listens));
  }

  #join(data: ReturnType<typeof createMemoryData>, listens: boolean): Member {
    const mail: Member['mail'] = [];
    let looker: string | undefined;
    const memory = createMemoryStore(data, {
      operate: (name, work) =>
        new Promise((resolve) => {
          // What the order of says nothing about tokens happens at once.
          if (!ORDERED.includes(name)) return resolve(work());
          const owner = looker;
          this.#operations.push(() => {
            // What is read now is of after every revocation that has returned.
            const returned = this.#returned;
            resolve(work());
            const isLatest = name === 'acquire' && owner === [...member.owners].at(-1);
            if (isLatest) member.known = Math.max(member.known, returned);
          });
        }),
      deliver: (arrive) => void mail.push(arrive),
    });
    const store: TokenStore = {
      ...memory,
      acquire: (request) => {
        looker = request.owner;
        member.owners.add(request.owner);
        return memory.acquire(request);
      },
    };
    this.#watch(store.crypto);
    const client = createConnectClient({
      bearerToken: 'caller-one',
      maxRetries: 0,
      // The API answers when it is told to.
      timeout: 2 ** 30,
      totalTimeout: 2 ** 30,
      cache: {
        store: listens ? store : { ...store, subscribe: () => () => {} },
        storeTimeoutMs: 2 ** 31 - 1,
      },
      fetch: asFetch((request) => this.#receive(request)),
    });
    const member: Member = { client, mail, known: 0, owners: new Set() };
    return member;
  }

  async #receive(request: Request): Promise<Response> {
    const revocations = this.#revoked;
    const { installationId } = JSON.parse(await request.text());
    return new Promise((resolve) => {
      this.#answers.push(() => {
        if (request.method === 'DELETE') {
          this.#carriedOut.set(installationId, ++this.#revoked);
          return resolve(new Response(null, { status: 204 }));
        }
        const token = `token-${this.#issued.size + 1}`;
        this.#issued.set(token, revocations);
        resolve(Response.json({ token, expiresAt: Date.now() + HOUR }));
      });
    });
  }

  async take(one: Step): Promise<void> {
    if (one.do === 'operate')
      this.#operations.splice(one.at % Math.max(1, this.#operations.length), 1)[0]?.();
    if (one.do === 'answer') this.#answers.splice(one.at % Math.max(1, this.#answers.length), 1)[0]?.();
    if (one.do === 'pass') await vi.advanceTimersByTimeAsync(one.ms);
    if ('who' in one) this.#act(one.do, one.who);
    await this.#rest();
  }

  #act(what: 'get' | 'revoke' | 'force' | 'deliver', at: number): void {
    const member = this.#members[at];
    if (member === undefined) return;
    if (what === 'deliver') {
      for (const arrive of member.mail.splice(0)) arrive();
      return;
    }
    if (what === 'revoke') {
      const installationId = `revocation-${this.#calls.length}`;
      const call = member.client.revokeToken(CONNECTOR, { ...PARAMS, installationId }).then(() => {
        // Another may have been carried out meanwhile, and not told of yet.
        const own = this.#carriedOut.get(installationId) ?? 0;
        this.#returned = Math.max(this.#returned, own);
        member.known = Math.max(member.known, own);
      });
      this.#calls.push(call);
      return;
    }
    const call = this.#get(member, what === 'force');
    call.catch(() => undefined);
    this.#calls.push(call);
  }

  async #get(member: Member, forceRefresh: boolean): Promise<void> {
    // Where every message has arrived, every revocation that has returned is known.
    const due = member.mail.length === 0 && this.#isHeard ? this.#returned : member.known;
    const least = Math.min(due, this.#returned);
    let token: string;
    try {
      token = await member.client.getToken(CONNECTOR, PARAMS, { forceRefresh });
    } catch (error) {
      // A call gives up after four fetches that were each invalidated in flight.
      if (error instanceof Error && error.message.includes('invalidated each time')) return;
      throw error;
    }
    this.served++;
    expect(this.#issued.get(token), 'revocations before the token was asked for').toBeGreaterThanOrEqual(
      least,
    );
  }

  /** Lets everything run that needs no further step: sealing and opening is done elsewhere, and takes its time. */
  async #rest(): Promise<void> {
    for (let quiet = 0; quiet < 5; quiet++) {
      await setImmediate();
      if (this.#sealing > 0) quiet = 0;
    }
  }

  /** Has it known when keys are at work. */
  #watch(keys: StoreCrypto): StoreCrypto {
    const [name, seal, open] = [keys.name.bind(keys), keys.seal.bind(keys), keys.open.bind(keys)];
    const count = async <R>(work: Promise<R>) => {
      this.#sealing++;
      return work.finally(() => this.#sealing--);
    };
    return Object.assign(keys, {
      name: (...parts: string[]) => count(name(...parts)),
      seal: (...given: Parameters<typeof seal>) => count(seal(...given)),
      open: (...given: Parameters<typeof open>) => count(open(...given)),
    });
  }

  /** Lets everything through that is under way. */
  async finish(): Promise<void> {
    let isDone = false;
    void Promise.allSettled(this.#calls).then(() => {
      isDone = true;
    });
    for (let turn = 0; !isDone; turn++) {
      if (turn > 1_000)
        throw new Error(`calls hang: ${this.#operations.length} steps, ${this.#answers.length} answers`);
      await this.take({ do: 'operate', at: 0 });
      await this.take({ do: 'answer', at: 0 });
      if (this.#operations.length === 0 && this.#answers.length === 0)
        await this.take({ do: 'pass', ms: 300 });
    }
    await Promise.all(this.#calls);
  }
}
