import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
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
  readonly upstream: number;
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

// Beside the packages that they import, and outside what is committed.
const FOLDER = fileURLToPath(
  new URL(`../../node_modules/.cache/vercel-rest/fleet-${process.pid}`, import.meta.url),
);
const building = new Map<string, Promise<unknown>>();

/** Bundles a program of this folder once: each process starts in a tenth of the time that compiling it would take. */
async function buildProgram(name: string): Promise<string> {
  const outfile = `${FOLDER}/${name}.mjs`;
  const built =
    building.get(name) ??
    build({
      entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
    });
  building.set(name, built);
  await built;
  return outfile;
}

/** Starts a program of this folder with something to do; ended when the test is over. */
export async function forkProgram(name: string, task: object): Promise<ChildProcess> {
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
  const child = fork(await buildProgram(name), [JSON.stringify(task)], { stdio: [...stdio] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Starts a process that is ready and waits for its `begin`; ended when the test is over. */
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
  const child = await forkProgram('child', whole);
  let answered = 0;
  const report = new Promise<ChildReport | undefined>((resolve) => {
    child.on('message', (message: { answered?: number; done?: ChildReport }) => {
      answered = message.done?.answered ?? message.answered ?? answered;
      if (message.done !== undefined) resolve(message.done);
    });
    child.once('exit', () => resolve(undefined));
  });
  await ready(child);
  return {
    pid: child.pid ?? 0,
    answered: () => answered,
    report,
    begin: () => void child.send('begin'),
    kill: () => void child.kill('SIGKILL'),
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', () => reject(new Error('a child of the fleet did not start')));
  });
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
