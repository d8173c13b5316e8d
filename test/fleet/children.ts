import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, onTestFinished } from 'vitest';
import { KEYS, PATIENT_MS } from './fleet.js';

/** What a child process does. */
export interface ChildTask {
  readonly redisUrl: string;
  /** One client for each. */
  readonly apiUrls: readonly string[];
  readonly keys: { readonly index: string; readonly sealing: readonly string[] };
  readonly storeTimeoutMs: number;
  readonly seed: number;
  readonly calls: number;
  readonly users: number;
  readonly connectors: readonly string[];
  readonly bearers: readonly string[];
  /** Whether it also revokes, deletes and refreshes. */
  readonly isRandom?: boolean;
  /** How wrong its clock is, in milliseconds. */
  readonly skewMs?: number;
  /** How long after its end a token may still be served, in milliseconds; unchecked without. */
  readonly allowanceMs?: number;
  /** Rest after each call, in milliseconds. */
  readonly pauseMs?: number;
}

/** What came of it. */
export interface ChildReport {
  readonly answered: number;
  readonly failures: readonly string[];
  /** Tokens that were somebody else's, or dead. */
  readonly wrong: readonly string[];
}

/** A child at work. */
export interface Child {
  readonly pid: number;
  /** Calls answered, as far as it has told. */
  readonly answered: () => number;
  /** `undefined` when it was killed. */
  readonly report: Promise<ChildReport | undefined>;
  begin(): void;
  kill(): void;
}

// It imports no package from where it lies.
let folder: string | undefined;
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
const building = new Map<string, Promise<unknown>>();

/** Bundles a program of this folder once, with its packages: each process starts in a tenth of the time. */
async function buildProgram(name: string): Promise<string> {
  folder ??= mkdtempSync(join(tmpdir(), 'vercel-rest-fleet-'));
  const outfile = join(folder, `${name}.mjs`);
  const built =
    building.get(name) ??
    build({
      entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      banner: { js: REQUIRE },
      // As in vitest.config.ts.
      ...(process.env.REDIS_CLIENTS === '6' ? { alias: { redis: 'redis-6', ioredis: 'ioredis-6' } } : {}),
    });
  building.set(name, built);
  await built;
  return outfile;
}

/** Starts a program of this folder. */
export async function forkProgram(name: string, task?: object): Promise<ChildProcess> {
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
  return fork(await buildProgram(name), [JSON.stringify(task ?? {})], { stdio: [...stdio] });
}

/** Processes that have nothing to do. Another task costs them a connection, and starting one costs half a second. */
const idle: ChildProcess[] = [];

// At the end of each file that has any.
afterAll(() => {
  for (const child of idle.splice(0)) child.kill('SIGKILL');
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** A process that is ready and waits for its `begin`; it is nobody's business any more when the test is over. */
export async function startChild(
  task: Partial<ChildTask> & Pick<ChildTask, 'redisUrl' | 'apiUrls'>,
): Promise<Child> {
  const whole: ChildTask = {
    keys: KEYS,
    storeTimeoutMs: PATIENT_MS,
    seed: 1,
    calls: 1_000,
    users: 20,
    connectors: ['oauth/linear'],
    bearers: ['caller-one'],
    ...task,
  };
  const child = idle.pop() ?? (await forkProgram('child'));
  onTestFinished(() => {
    if (!idle.includes(child)) child.kill('SIGKILL');
  });
  const { ready, report, answered } = hear(child);
  child.send(whole);
  await Promise.race([ready, report.then(refuse)]);
  return {
    pid: child.pid ?? 0,
    answered,
    report,
    begin: () => void child.send('begin'),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** What a process tells of one task; it has nothing to do afterwards. */
function hear(child: ChildProcess) {
  let answered = 0;
  let isReady = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const report = new Promise<ChildReport | undefined>((resolve) => {
    const end = (done?: ChildReport) => {
      child.removeAllListeners();
      if (done !== undefined) idle.push(child);
      resolve(done);
    };
    child.on('message', (message: { answered?: number; done?: ChildReport } | 'ready') => {
      if (message === 'ready') return isReady();
      answered = message.done?.answered ?? message.answered ?? answered;
      if (message.done !== undefined) end(message.done);
    });
    child.once('exit', () => end());
  });
  return { ready, report, answered: () => answered };
}

function refuse(): never {
  throw new Error('a child of the fleet did not start');
}

/** Starts so many at once, each with a seed of its own, and lets them begin together. */
export async function runChildren(
  count: number,
  task: Parameters<typeof startChild>[0],
): Promise<(ChildReport | undefined)[]> {
  const seed = task.seed ?? 1;
  const children = await Promise.all(
    Array.from({ length: count }, (_, index) => startChild({ ...task, seed: seed * 1_000 + index })),
  );
  for (const child of children) child.begin();
  return Promise.all(children.map((child) => child.report));
}
