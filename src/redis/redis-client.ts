import { InvalidArgumentError } from '../errors/index.js';
import { isRecord } from '../util/is-record.js';
import { describeValue } from '../util/redact.js';
import type { Script } from './scripts.js';

/** A client of `redis` (node-redis 5): `createClient`, `createCluster` or `createSentinel`; by its shape. */
export interface NodeRedisClient {
  /** Runs a script that the server knows by its SHA-1. */
  evalSha(sha: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** Runs a script. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** Listens to failures of the connection. */
  on(event: 'error', listener: () => void): unknown;
  /** Whether the client is connected, or connects. */
  readonly isOpen: boolean;
}

/** A client of `ioredis` 5: `Redis` or `Cluster`; by its shape. */
export interface IoredisClient {
  /** Runs a script that the server knows by its SHA-1. */
  evalsha(sha: string, keyCount: number, ...given: string[]): Promise<unknown>;
  /** Runs a script. */
  eval(script: string, keyCount: number, ...given: string[]): Promise<unknown>;
  /** Listens to failures of the connection. */
  on(event: 'error', listener: () => void): unknown;
  /** The state of the connection; `ready` when commands are sent. */
  readonly status: string;
}

/** A client that the caller has, connects and closes. */
export type RedisClient = NodeRedisClient | IoredisClient;

/** The two things that a store needs of a client, whichever it is. */
export interface RedisCommands {
  /** Runs a script, sent whole where the server does not know it. @throws What the server or the connection says. */
  run(script: Script, keys: readonly string[], given: readonly (string | number)[]): Promise<unknown>;
  /** Opens a connection of its own and subscribes. Closes it when it breaks, and then calls `onLost` once. */
  listen(
    channels: readonly string[],
    onMessage: (text: string, channel: string) => void,
    onLost: () => void,
  ): Promise<() => void>;
}

/** Not connected: asked all the same, a client would keep the command for later, when nobody wants it any more. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
  readonly code = 'NOT_CONNECTED';
}

/** Whether a client is one of `ioredis`. */
export function isIoredis(client: RedisClient): client is IoredisClient {
  return 'evalsha' in client;
}

/**
 * Checks what a caller gave.
 *
 * @throws {InvalidArgumentError}
 */
export function checkClient(client: unknown): RedisClient {
  const isClient =
    isRecord(client) && ['evalSha', 'evalsha'].some((name) => typeof client[name] === 'function');
  // A client of `createClientPool` alone has no way to another connection.
  if (isClient && ['duplicate', 'getMasterNode', 'slots'].every((name) => client[name] === undefined))
    throw new InvalidArgumentError(
      'client',
      'must not be one of createClientPool, which cannot subscribe; give one of createClient, which sends commands without waiting for each other',
    );
  // Checked by its shape: neither package is loaded here.
  if (isClient) return client as unknown as RedisClient;
  const rule = 'must be a client of redis 5 (createClient, createCluster) or ioredis 5 (Redis, Cluster)';
  throw new InvalidArgumentError('client', `${rule}, got ${describeValue(client)}`);
}

/**
 * Keeps a broken connection from ending the process or printing a warning: the store emits an event for it. Adds one listener
 * per client, for any number of stores.
 */
export function keepQuiet(client: RedisClient): void {
  const known = methodOf(client, 'listeners')?.('error');
  if (!Array.isArray(known) || !known.includes(ignore)) client.on('error', ignore);
}

function ignore(): void {}

/** Runs by digest, and whole where the server has no such script. */
export async function evaluate(
  byDigest: () => Promise<unknown>,
  whole: () => Promise<unknown>,
): Promise<unknown> {
  try {
    return await byDigest();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('NOSCRIPT')) return whole();
    throw error;
  }
}

/** Reads a field of something whose type is not at hand here. */
export function fieldOf(target: unknown, name: string): unknown {
  return isRecord(target) ? target[name] : undefined;
}

/** Reads a method of something whose type is not at hand here. */
export function methodOf(target: unknown, name: string): ((...given: unknown[]) => unknown) | undefined {
  const method = fieldOf(target, name);
  return typeof method === 'function' ? (...given) => Reflect.apply(method, target, given) : undefined;
}

/** A connection of one's own to one server. */
interface OwnConnection {
  on(event: string, listener: () => void): unknown;
}

/**
 * Opens a connection that ends for good when it breaks: one that reconnects on its own could miss messages unnoticed.
 *
 * @param events - Those of a connection that has broken.
 * @param onLost - Called once when a connection that was open has ended.
 * @returns Ends it.
 */
export async function openOnce(
  connection: OwnConnection,
  events: readonly string[],
  open: () => Promise<unknown>,
  destroy: () => void,
  onLost: () => void,
): Promise<() => void> {
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    destroy();
    onLost();
  };
  for (const event of events) connection.on(event, close);
  try {
    await open();
  } catch (error) {
    isOpen = false;
    destroy();
    throw error;
  }
  return close;
}
