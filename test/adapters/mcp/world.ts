import { createConnectClient } from 'vercel-rest/connect';
import { createConnectEmulator } from 'vercel-rest/msw';
import { fetchOf, globalFetchOf } from '../../helpers/fetch-of.js';

export const LINEAR = 'oauth/linear';
export const CONSENTED = { subject: { type: 'user', id: 'user_123' } } as const;
export const STRANGER = { subject: { type: 'user', id: 'user_456' } } as const;

/** An emulated Connect and its providers, without a network. */
export function createWorld() {
  const emulator = createConnectEmulator();
  const client = createConnectClient({
    ...{ bearerToken: 'project-token', maxRetries: 0, fetch: fetchOf(emulator.handlers) },
  });
  return {
    emulator,
    client,
    providers: emulator.providers,
    /** The `fetch` of an application, which reaches the providers. */
    fetch: globalFetchOf(emulator.providers.handlers),
    asked: (operationId: string) =>
      emulator.requests.filter((request) => request.operationId === operationId).length,
  };
}
