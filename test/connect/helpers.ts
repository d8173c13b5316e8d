import { setImmediate } from 'node:timers/promises';
import { expect } from 'vitest';
import {
  type ConnectClient,
  type ConnectClientOptions,
  type ConnectTokenParams,
  createConnectClient,
} from '../../src/connect/index.js';
import type { Fetch } from '../../src/index.js';
import { asFetch } from '../helpers/as-fetch.js';

export const CONNECTOR = 'slack/acme-slack';
export const TOKEN_URL = 'https://api.vercel.com/v1/connect/token/slack%2Facme-slack';
export const APP: ConnectTokenParams = { subject: { type: 'app' } };
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A fixed moment, for tests that set the clock. */
export const START = Date.UTC(2026, 10, 22, 12);

/** What reached the upstream, in order of arrival. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bearer: string | undefined;
  readonly text: string;
  /** The body parsed as JSON; `undefined` where there is none. */
  readonly body: unknown;
  /** Fires when the client gives the request up. */
  readonly signal: AbortSignal;
}

export type Answer = (request: SentRequest, index: number) => Response | Promise<Response>;

export interface Upstream {
  readonly requests: SentRequest[];
  readonly fetch: Fetch;
  /** Resolves once so many requests have arrived. */
  arrived(count: number): Promise<void>;
}

/** A `fetch` that records what it is sent and answers as told. */
export function createUpstream(answer: Answer = countedToken): Upstream {
  const requests: SentRequest[] = [];
  const watchers = new Set<() => void>();
  return {
    requests,
    fetch: asFetch(async (request) => {
      const sent = await readRequest(request);
      const index = requests.push(sent) - 1;
      for (const watcher of watchers) watcher();
      return answer(sent, index);
    }),
    arrived: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (requests.length >= count) resolve();
        };
        watchers.add(check);
        check();
      }),
  };
}

async function readRequest(request: Request): Promise<SentRequest> {
  const text = await request.text();
  return {
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    bearer: request.headers.get('authorization')?.replace(/^Bearer /, ''),
    text,
    body: text === '' ? undefined : JSON.parse(text),
    signal: request.signal,
  };
}

export interface Bench extends Upstream {
  readonly client: ConnectClient;
}

/** A client over an observed upstream; one caller, no repeats, unless the options say otherwise. */
export function createBench(answer?: Answer, options: ConnectClientOptions = {}): Bench {
  const upstream = createUpstream(answer);
  const client = createConnectClient({
    bearerToken: 'caller-one',
    maxRetries: 0,
    ...options,
    fetch: upstream.fetch,
  });
  return { ...upstream, client };
}

/** A schema-valid token answer, with an hour to live. */
export function tokenAnswer(fields: Record<string, unknown> = {}, init?: ResponseInit): Response {
  return Response.json(
    {
      token: 'token-1',
      tokenId: 'stk_1',
      expiresAt: Date.now() + HOUR,
      connector: { id: 'scl_1', uid: CONNECTOR, type: 'slack' },
      ...fields,
    },
    init,
  );
}

/** A token that tells which request it was issued for: `token-1`, `token-2`... */
export function countedToken(_request: SentRequest, index: number): Response {
  return tokenAnswer({ token: `token-${index + 1}` });
}

/** Counted tokens with a given life, in milliseconds. */
export function countedTokenFor(lifeMs: number): Answer {
  return (_request, index) => tokenAnswer({ token: `token-${index + 1}`, expiresAt: Date.now() + lifeMs });
}

/** An error answer in the API's own shape. */
export function errorAnswer(status: number, code?: string, message = 'The API says no.'): Response {
  return Response.json({ error: { ...(code === undefined ? {} : { code }), message } }, { status });
}

/** What an error answer's body was, sent as it is. */
export function rawAnswer(status: number, body: unknown, init: ResponseInit = {}): Response {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, ...init });
}

export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** A promise to settle by hand. */
export function deferred<T = void>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new Error('a promise runs its executor at once');
  return { promise, ...settle };
}

/** Lets everything run that needs no further event. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
}

type ErrorClass<E> = abstract new (...args: never[]) => E;

/** The error that a promise rejects with, which must be of the given class. */
export async function failureOf<E>(promise: Promise<unknown>, errorClass: ErrorClass<E>): Promise<E> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  expect(outcome, 'a rejection is due').toHaveProperty('error');
  const error = 'error' in outcome ? outcome.error : undefined;
  expect(error).toBeInstanceOf(errorClass);
  return error as E;
}

/** What a synchronous call throws, which must be of the given class. */
export function thrownBy<E>(call: () => unknown, errorClass: ErrorClass<E>): E {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(errorClass);
    return error as E;
  }
  throw new Error('nothing was thrown, although a throw is due');
}

/** An unsigned project OIDC token that is good for years. */
export function oidcToken(subject: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.UTC(2099, 0) / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: subject, exp })}.unsigned`;
}
