import { onTestFinished } from 'vitest';
import { type RunningServer, serveHandlers } from '../../../src/msw/index.js';

/** Serves handlers until the test is over. */
export async function serve(...args: Parameters<typeof serveHandlers>): Promise<RunningServer> {
  const server = await serveHandlers(...args);
  onTestFinished(() => server.close());
  return server;
}
