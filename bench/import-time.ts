import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createComparison, seededRandom, shuffle, spread } from './measure.js';
import { atMost, type Section, times } from './report.js';

const ROUNDS = 15;
const EMPTY = 'nothing';
const LIMIT = 1.5;
const MODULES = [
  EMPTY,
  'vercel-rest',
  'openapi-fetch',
  '@vercel/sdk',
  'vercel-rest/connect',
  '@vercel/connect',
] as const;
const root = fileURLToPath(new URL('..', import.meta.url));

/** What a process pays for an import, by processes that do nothing else. */
export async function measureImportTime(): Promise<Section> {
  const random = seededRandom(2);
  const wall = new Map<string, number[]>(MODULES.map((name) => [name, []]));
  const inside = new Map<string, number[]>(MODULES.map((name) => [name, []]));
  // The first round fills the machine's file cache and is not counted.
  for (let round = -1; round < ROUNDS; round++) {
    for (const name of shuffle(MODULES, random)) {
      const startedAt = performance.now();
      const printed = importIn(name);
      if (round < 0) continue;
      wall.get(name)?.push((performance.now() - startedAt) * 1000);
      inside.get(name)?.push(Number(printed) * 1000);
    }
  }
  return sectionOf(wall, inside);
}

function importIn(name: string): string {
  const load = name === EMPTY ? '' : `await import('${name}');`;
  const program = `const startedAt = performance.now(); ${load}
    const spent = performance.now() - startedAt; process.stdout.write(String(spent));`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    encoding: 'utf8',
    // A flag of this process, such as a loader, is none of theirs.
    env: { PATH: process.env.PATH },
  });
}

function sectionOf(
  wall: ReadonlyMap<string, readonly number[]>,
  inside: ReadonlyMap<string, readonly number[]>,
): Section {
  const empty = wall.get(EMPTY) ?? [];
  // Within a round, so that what slows the machine for a while slows both.
  const added = new Map(
    [...wall].map(([name, own]) => [
      name,
      spread(own.map((time, round) => time - (empty[round] ?? 0))).median,
    ]),
  );
  const ratio = (name: string, other: string) => (added.get(name) ?? 0) / (added.get(other) ?? 0);
  const own = createComparison(inside);
  return {
    title: 'Import time',
    note:
      `\`node --input-type=module -e "await import(…)"\`, median of ${ROUNDS} interleaved rounds, minus the process that ` +
      'imports nothing. The last column is what the process itself measured around the import.',
    head: ['import', 'process, ms', 'minus the empty one, ms', 'import alone, ms'],
    rows: MODULES.map((name) => [
      name,
      milliseconds(spread(wall.get(name) ?? []).median),
      milliseconds(added.get(name) ?? 0),
      milliseconds(own.time(name).median),
    ]),
    targets: [
      atMost(
        'Import of vercel-rest: time of openapi-fetch',
        ratio('vercel-rest', 'openapi-fetch'),
        LIMIT,
        times,
      ),
      atMost(
        'Import of vercel-rest/connect: time of @vercel/connect',
        ratio('vercel-rest/connect', '@vercel/connect'),
        LIMIT,
        times,
      ),
    ],
  };
}

const milliseconds = (microseconds: number): string => (microseconds / 1000).toFixed(1);
