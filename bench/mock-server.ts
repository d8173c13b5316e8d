import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { setImmediate } from 'node:timers/promises';

/** A mock of another process, and how long it took to be there. */
export interface MockServer {
  readonly url: string;
  /** Milliseconds from nothing to the line that says where it listens. */
  readonly readyMs: number;
  /** Milliseconds from nothing to its first answer over HTTP. */
  readonly answeredMs: number;
  /** Asks for a path, on a connection that stays. @throws {Error} For another status than one of success. */
  ask(path: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts a mock, and waits for its first answer. */
export async function startMock(args: readonly string[], path: string): Promise<MockServer> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  const url = await urlOf(child);
  const readyMs = performance.now() - startedAt;
  const agent = new Agent({ keepAlive: true });
  const ask = (asked: string) => askOnce(agent, url + asked);
  await ask(path);
  const answeredMs = performance.now() - startedAt;
  return {
    url,
    readyMs,
    answeredMs,
    ask,
    close: async () => {
      agent.destroy();
      child.kill('SIGKILL');
      while (child.exitCode === null && child.signalCode === null) await setImmediate();
    },
  };
}

/** How a mock starts. */
export interface Start {
  readonly ms: number;
  readonly kilobytes: number;
}

/** Starts a mock until it says where it listens: how long that takes, and the memory that it then has, in kilobytes. */
export async function measureStart(args: readonly string[]): Promise<Start> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  try {
    await urlOf(child);
    const ms = performance.now() - startedAt;
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return { ms, kilobytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN) };
  } finally {
    child.kill('SIGKILL');
  }
}

/** Nothing of this process: a loader of it would slow the others. */
export function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH };
}

const START_TIMEOUT_MS = 120_000;

/** Ours prints its URL alone on the first line, Prism a line with it when it listens. */
function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const reason = () => {
      const lines = text.trim().split('\n');
      return lines.find((line) => /error|fatal/i.test(line)) ?? lines.at(-1) ?? '';
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`not ready after ${START_TIMEOUT_MS / 1000} s: ${reason()}`));
    }, START_TIMEOUT_MS);
    let isReady = false;
    const read = (chunk: unknown) => {
      // A line a request follows, which has to be read for the mock to go on.
      if (isReady) return;
      text += String(chunk);
      const url = /(?:^|is listening on )(http:\/\/127\.0\.0\.1:\d+)\s/.exec(text)?.[1];
      if (url === undefined) return;
      isReady = true;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${code}: ${reason()}`));
    });
  });
}

function askOnce(agent: Agent, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { authorization: 'Bearer bench' } }, (response) => {
      const { statusCode = 0 } = response;
      response.resume().once('error', reject);
      response.once('end', () =>
        statusCode >= 200 && statusCode < 300
          ? resolve()
          : reject(new Error(`${url} was answered ${statusCode}`)),
      );
    });
    request.once('error', reject);
  });
}
