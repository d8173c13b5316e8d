import { type Io, UsageError } from './io.js';

/** The flags of `vercel-rest mock`, as parsed. */
export interface MockFlags {
  readonly port: string;
}

/**
 * Serves the Connect emulator on loopback until the user ends it. Its URL is the first line.
 *
 * @throws {UsageError} For a port that is none.
 */
export async function serveMock({ port }: MockFlags, io: Io): Promise<void> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError('--port must be a number from 0 to 65535; 0 picks a free one');
  }
  const { createConnectEmulator } = await loadMsw();
  const server = await createConnectEmulator().listen(Number(port));
  io.stdout(`${server.url}\n`);
  io.stderr(
    `Vercel Connect emulator: slack/acme-slack, oauth/linear (user_123 has consented), github/acme, api-key/revoked.\n` +
      `Try: vercel-rest token slack/acme-slack --base-url ${server.url}\nStop with Ctrl-C.\n`,
  );
  await new Promise<void>((resolve) => {
    if (io.signal.aborted) resolve();
    io.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.close();
}

async function loadMsw() {
  try {
    return await import('../msw/index.js');
  } catch (cause) {
    throw new Error('vercel-rest mock needs the packages msw and ajv: run `npm install --save-dev msw ajv`', {
      cause,
    });
  }
}
