import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installPackage } from './install-package.js';
import { atMost, type Section, times } from './report.js';

const PEER = '@vercel/client@18.4.2';
const FILES = 1_500;
const TOTAL_BYTES = 178_000_000;
const OPEN_FILES = 256;
const ROUNDS = 3;
const MAX_PEAK_MB = 250;

/** What one deployment took. */
interface Taken {
  readonly seconds: number;
  readonly peakMb: number;
  readonly uploaded: number;
}

/** A folder deployed to the emulator, each time in a process of its own with few open files. */
export async function measureDeployFolder(): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-deploy-'));
  const peer = installPackage('deploy folder', PEER);
  try {
    writeFolder(folder);
    const rounds: { ours: Taken; again: Taken; theirs: Taken | undefined }[] = [];
    // Side by side in each round, so that both have the same neighbours on the machine.
    for (let round = 0; round < ROUNDS; round++) {
      const [ours, again] = await withServer(async (url) => [
        await deploy('vercel-rest', new URL('../dist/', import.meta.url).href, url, folder),
        await deploy('vercel-rest', new URL('../dist/', import.meta.url).href, url, folder),
      ]);
      const entry = peer && join(peer.folder, 'node_modules/@vercel/client/dist/index.js');
      const theirs =
        entry && (await withServer((url) => deploy(PEER, entry, url, folder)).catch(tellFailure));
      if (ours !== undefined && again !== undefined)
        rounds.push({ ours, again, theirs: theirs || undefined });
    }
    return report(rounds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    peer?.remove();
  }
}

/** The peer has no repeats for some failures of the network: a round without it is a round. */
function tellFailure(error: unknown): undefined {
  console.error(`deploy folder: ${PEER} failed\n${error instanceof Error ? error.message : String(error)}`);
  return undefined;
}

/** Mostly small files, every 150th a large one; the same bytes every time. */
function writeFolder(folder: string): void {
  let seed = 42;
  const next = () => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return seed / 2 ** 32;
  };
  const weights = Array.from({ length: FILES }, (_, number) => (number % 150 === 0 ? 60 : next() * 2 + 0.02));
  const sum = weights.reduce((left, right) => left + right, 0);
  for (const [number, weight] of weights.entries()) {
    const bytes = Buffer.alloc(Math.round((TOTAL_BYTES * weight) / sum), `file ${number} ${next()} `);
    const file = join(folder, `d${number % 40}/e${number % 7}/f${number}.bin`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}

async function withServer<R>(use: (url: string) => Promise<R>): Promise<R> {
  const program = fileURLToPath(new URL('deploy-server.mjs', import.meta.url));
  const server = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = await once(server.stdout, 'data');
    return await use(String(line).trim());
  } finally {
    server.kill('SIGKILL');
  }
}

async function deploy(contender: string, entry: string, url: string, folder: string): Promise<Taken> {
  const program = fileURLToPath(new URL('deploy-child.mjs', import.meta.url));
  const task = JSON.stringify({ contender, entry, url, folder });
  const script = `ulimit -n ${OPEN_FILES}; exec "$0" "$@"`;
  const { stdout } = await promisify(execFile)('sh', ['-c', script, process.execPath, program, task]);
  return JSON.parse(stdout);
}

function report(rounds: readonly { ours: Taken; again: Taken; theirs: Taken | undefined }[]): Section {
  const row = (name: string, taken: readonly Taken[]) => [
    name,
    median(taken.map(({ seconds }) => seconds)).toFixed(1),
    median(taken.map(({ peakMb }) => peakMb)).toFixed(0),
    String(taken[0]?.uploaded ?? 0),
  ];
  const theirs = rounds.flatMap((round) => round.theirs ?? []);
  const peak = Math.max(...rounds.map(({ ours }) => ours.peakMb));
  const ratio = (field: 'seconds' | 'peakMb') =>
    median(
      rounds.flatMap(({ ours, theirs: peer }) => (peer === undefined ? [] : [ours[field] / peer[field]])),
    );
  return {
    title: 'Deploying a folder',
    note:
      `${FILES} files of ${TOTAL_BYTES / 1e6} MB to the emulator over loopback, in a process of its own with ${OPEN_FILES} open ` +
      `files at most; median of ${ROUNDS} rounds. The peak is that of the whole process.`,
    head: ['contender', 'seconds', 'peak MB', 'files uploaded'],
    rows: [
      row(
        'vercel-rest/platform',
        rounds.map(({ ours }) => ours),
      ),
      row(
        'vercel-rest/platform, a second run',
        rounds.map(({ again }) => again),
      ),
      ...(theirs.length > 0 ? [row(PEER, theirs)] : []),
    ],
    targets: [
      atMost('Deploying a folder: peak memory', peak, MAX_PEAK_MB, (value) => `${value.toFixed(0)} MB`),
      atMost(
        'Deploying a folder again: files uploaded',
        Math.max(...rounds.map(({ again }) => again.uploaded)),
        0,
        String,
      ),
      ...(theirs.length > 0
        ? [
            atMost('Deploying a folder: time of @vercel/client', ratio('seconds'), 1, times),
            atMost('Deploying a folder: memory of @vercel/client', ratio('peakMb'), 0.5, times),
          ]
        : []),
    ],
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
