import { setImmediate } from 'node:timers/promises';
import { vi } from 'vitest';
import { type ConnectClient, type ConnectTokenParams, createConnectClient } from '../../src/connect/index.js';
import { asFetch } from '../helpers/as-fetch.js';

/** What the upstream knows of a token that it gave. */
export interface Issued {
  readonly bearer: string;
  readonly topic: string;
  /** Revocations of the grant that the upstream had seen when it was asked. */
  readonly revocations: number;
  /** Number of the step in which it was asked. */
  readonly askedIn: number;
  /** Number of the step in which the answer came. */
  readonly settledIn: number;
  /** On the monotonic clock. */
  readonly deadAt: number;
}

interface Pending extends Pick<Issued, 'bearer' | 'topic' | 'revocations' | 'askedIn'> {
  readonly isRevocation: boolean;
  readonly connector: string;
  readonly grant: string;
  readonly settle: (answer: Response | Error) => void;
}

/** How the upstream answers: a token with so many seconds to live, or a failure. */
export type Verdict = { readonly lifeS: number } | 'busy' | 'refused' | 'lost';

/** Names what a token is for; the same for every order of scopes. */
export function topicOf(connector: string, { subject, scopes = ['*'] }: ConnectTokenParams): string {
  return JSON.stringify([connector, subject, [...scopes].sort()]);
}

/** Names what a revocation is about: whoever asked, and with whatever scopes. */
export function grantOf(connector: string, { subject }: ConnectTokenParams): string {
  return JSON.stringify([connector, subject]);
}

/** A client, and an upstream that answers when it is told to, in any order. */
export class World {
  readonly client: ConnectClient;
  readonly pending: Pending[] = [];
  readonly issued = new Map<string, Issued>();
  readonly revocations = new Map<string, number>();
  step = 0;
  tokenRequests = 0;
  #serial = 0;

  constructor() {
    this.client = createConnectClient({
      bearerToken: 'nobody',
      maxRetries: 0,
      // Everything is forgotten only by what the model does, and the model knows no negative answers.
      cache: { max: 1_000, negativeMs: 0 },
      fetch: asFetch((request) => this.#receive(request)),
    });
  }

  async #receive(request: Request): Promise<Response> {
    const bearer = request.headers.get('authorization')?.slice('Bearer '.length) ?? '';
    const connector = decodeURIComponent(new URL(request.url).pathname.split('/')[4] ?? '');
    const params: ConnectTokenParams = JSON.parse(await request.text());
    const isRevocation = request.method === 'DELETE';
    if (!isRevocation) this.tokenRequests++;
    const grant = grantOf(connector, params);
    return new Promise((resolve, reject) => {
      const settle = (answer: Response | Error) =>
        answer instanceof Error ? reject(answer) : resolve(answer);
      request.signal.addEventListener('abort', () => reject(request.signal.reason), { once: true });
      this.pending.push({
        isRevocation,
        bearer,
        connector,
        topic: topicOf(connector, params),
        grant,
        revocations: this.revocations.get(grant) ?? 0,
        askedIn: this.step,
        settle,
      });
    });
  }

  /** Answers one of the requests under way. */
  settle(at: number, verdict: Verdict): void {
    const [request] = this.pending.splice(at % Math.max(1, this.pending.length), 1);
    request?.settle(this.#answer(request, verdict));
  }

  #answer(request: Pending, verdict: Verdict): Response | Error {
    if (verdict === 'lost') return new TypeError('fetch failed');
    if (verdict === 'busy')
      return Response.json({ error: { code: 'busy', message: 'busy' } }, { status: 503 });
    if (verdict === 'refused')
      return Response.json({ error: { code: 'no_token', message: 'none' } }, { status: 422 });
    return request.isRevocation ? this.#revoke(request) : this.#issue(request, verdict.lifeS * 1000);
  }

  #revoke({ grant }: Pending): Response {
    this.revocations.set(grant, (this.revocations.get(grant) ?? 0) + 1);
    return new Response(null, { status: 204 });
  }

  #issue({ bearer, topic, revocations, askedIn, connector }: Pending, lifeMs: number): Response {
    const token = `token-${++this.#serial}`;
    this.issued.set(token, {
      bearer,
      topic,
      revocations,
      askedIn,
      settledIn: this.step,
      deadAt: performance.now() + lifeMs,
    });
    return Response.json({
      token,
      tokenId: token,
      expiresAt: Date.now() + lifeMs,
      connector: { id: `scl_${connector}`, uid: connector, type: 'slack' },
    });
  }

  /** Lets everything run that needs no further answer or time. */
  async rest(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await setImmediate();
  }

  /** Sets the wall clock, and leaves the monotonic one as it is. */
  jump(byMs: number): void {
    vi.setSystemTime(Date.now() + byMs);
  }
}
