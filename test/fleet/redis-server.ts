import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Redis or Valkey server on this machine. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Stops it as a machine that loses power does. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
  /** Holds it up, with its connections open. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

const BINARIES = ['redis-server', 'valkey-server'];

/** The server programs of this machine, with those that `FLEET_SERVER` names alone where it is set. */
export const serverBinaries: readonly string[] = BINARIES.filter(
  (name) => (process.env.FLEET_SERVER ?? name) === name && isInstalled(name),
);

/** Whether the suite can run; where it cannot, says why on the way. */
export function hasServer(): boolean {
  if (serverBinaries.length > 0) return true;
  if (process.env.FLEET_REQUIRED)
    throw new Error('no redis-server to test the fleet with, and one is required');
  console.warn('fleet tests skipped: neither redis-server nor valkey-server is installed');
  return false;
}

function isInstalled(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts a server on a free port of 127.0.0.1, in a folder of its own, that keeps nothing.
 *
 * @param settings - More of its settings, as on its command line.
 */
export async function startRedis(
  settings: readonly string[] = [],
  binary = serverBinaries[0] ?? 'redis-server',
): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'vercel-rest-redis-'));
  const common = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const start = async () => {
    const started = spawn(binary, [...common, ...settings], { stdio: 'ignore' });
    await untilReady(port);
    return started;
  };
  let child = await start();
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    async restart() {
      await kill();
      child = await start();
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Asks until the server answers. */
export async function untilReady(port: number): Promise<void> {
  for (;;) if (await answers(port)) return;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const end = (is: boolean) => {
      socket.destroy();
      setTimeout(resolve, is ? 0 : 20, is);
    };
    socket.once('data', (data) => end(/PONG|NOAUTH/.test(data.toString())));
    socket.once('error', () => end(false));
  });
}
