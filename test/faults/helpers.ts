import { type ConnectClient, createConnectClient } from '../../src/connect/index.js';
import { createClient } from '../../src/index.js';
import { GOOD_LIST, good } from '../helpers/fault-catalog-steps.js';
import type { FaultServer } from '../helpers/fault-server.js';

/** Credential of every call here; it opens nothing. */
export const BEARER = 'fault-suite-bearer';
export const APP = { subject: { type: 'app' } } as const;

/**
 * How late a timer may fire here. The client owes 100 ms; the rest is for a machine whose cores are busy with other
 * work, where no process gets its turn in time.
 */
export const SLACK_MS = 400;

export type ClientSettings = Omit<Parameters<typeof createClient>[0] & object, 'baseUrl' | 'bearerToken'>;

/** A client of the server with default retries. */
export function restClient(server: Pick<FaultServer, 'url'>, settings: ClientSettings = {}) {
  return createClient({ baseUrl: server.url, bearerToken: BEARER, ...settings });
}

/** A Connect client of the server with default retries. */
export function connectClient(server: Pick<FaultServer, 'url'>, timeout: number): ConnectClient {
  return createConnectClient({ baseUrl: server.url, bearerToken: BEARER, timeout });
}

/** Opens a connection to the server by one good call, so that what follows meets one that is kept alive. */
export async function warmUp(server: FaultServer): Promise<void> {
  server.play([], good);
  const { data } = await restClient(server).GET('/v2/connect/connectors');
  if (JSON.stringify(data) !== JSON.stringify(GOOD_LIST)) throw new Error('the warm-up got another value');
  server.requests.length = 0;
}

/** Makes the function that runs tasks, at most `size` of them at a time. */
export function createPool(size: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= size) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await task();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}
