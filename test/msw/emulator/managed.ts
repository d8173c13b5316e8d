import { onTestFinished } from 'vitest';
import { createConnectClient } from '../../../src/connect/index.js';
import { createConnectEmulator, type EmulatorOptions } from '../../../src/msw/index.js';

export const USER = { subject: { type: 'user', id: 'user_9' } } as const;
export const APP = { subject: { type: 'app' } } as const;
export const OAUTH = {
  type: 'oauth',
  name: 'Acme CRM',
  data: { clientId: 'c', clientSecret: 's3cret-value' },
} as const;
const CREDENTIALS = {
  admin: { kind: 'access' },
  shop: { projectId: 'prj_shop', environment: 'production' },
  shopPreview: { projectId: 'prj_shop', environment: 'preview' },
} as const;

/** An emulator over HTTP, and clients of an administrator and of a project. */
export async function start(options: EmulatorOptions = {}) {
  const emulator = createConnectEmulator({ credentials: CREDENTIALS, connectors: [], ...options });
  const server = await emulator.listen();
  onTestFinished(() => server.close());
  const as = (bearerToken: string) =>
    createConnectClient({ baseUrl: server.url, bearerToken, maxRetries: 0, cache: { negativeMs: 0 } });
  return { emulator, url: server.url, admin: as('admin'), shop: as('shop'), preview: as('shopPreview') };
}
