import { spawnSync } from 'node:child_process';
import { seededRandom, shuffle, spread } from './measure.js';

/** How often to run what. */
export interface CpuOptions {
  readonly rounds: number;
  /** Whether a process that ended with another code than 0 did its work all the same. */
  readonly mayFail?: (name: string, stdout: string) => boolean;
}

/** Runs whole processes in rounds and compares the CPU time of each, which another process disturbs less than the clock. */
export function compareCpu(
  folder: string,
  commands: Readonly<Record<string, readonly string[]>>,
  { rounds, mayFail }: CpuOptions,
) {
  const random = seededRandom(3);
  const spent = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));
  // The first round fills the machine's file cache and is not counted.
  for (let round = -1; round < rounds; round++) {
    for (const [name, args] of shuffle(Object.entries(commands), random)) {
      const cost = cpuOf(folder, name, args, mayFail);
      if (round >= 0) spent.get(name)?.push(cost);
    }
  }
  const of = (name: string) => spent.get(name) ?? [];
  return {
    median: (name: string) => spread(of(name)).median,
    ratio: (name: string, other: string) =>
      spread(of(name).map((cost, round) => cost / (of(other)[round] ?? Number.NaN))).median,
  };
}

/** CPU seconds of a process, its threads included. */
function cpuOf(
  folder: string,
  name: string,
  args: readonly string[],
  mayFail: CpuOptions['mayFail'],
): number {
  const probe = `process.on('exit', () => { const u = process.cpuUsage(); process.stderr.write('\\ncpu ' + (u.user + u.system)); });`;
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(probe)}`, ...args],
    { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH } },
  );
  const cost = /\ncpu (\d+)$/.exec(stderr)?.[1];
  const isExpected = status === 0 || mayFail?.(name, stdout) === true;
  if (!isExpected || cost === undefined) throw new Error(`${name} failed: ${stdout}${stderr}`);
  return Number(cost) / 1e6;
}
