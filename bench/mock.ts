import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { type Comparison, createComparison, seededRandom, shuffle } from './measure.js';
import { measureHandlers, measureServers } from './mock-answers.js';
import { CHILD, COMMAND, commandOf, HANDLERS, PATHS, PRISM, SOURCE } from './mock-contenders.js';
import { measureMemory } from './mock-memory.js';
import { environment, type MockServer, startMock } from './mock-server.js';
import { freePort, installPrism, type Prism } from './prism.js';
import { newestDocument } from './published.js';
import { atMost, type Section, times } from './report.js';

const ROUNDS = 9;
const [FIRST_PATH = ''] = PATHS;

/** A mock of the newest published document beside the others: how soon it is there, how fast it answers, what it holds. */
export async function measureMock(): Promise<Section[]> {
  const document = newestDocument();
  if (document === undefined) {
    console.error('mock: skipped, there is no published document in ../shared/specs or openapi/vercel.json');
    return [];
  }
  const prism = installPrism();
  try {
    return [
      await measureReady(document, prism),
      await measureHandlers(document),
      ...(await measureServers(document, prism)),
      await measureMemory(document),
    ];
  } finally {
    prism?.remove();
  }
}

/** Time of whole processes, in microseconds, by contender and round. */
interface Readiness {
  readonly ready: Comparison;
  readonly answered: Comparison;
}

async function measureReady(document: string, prism: Prism | undefined): Promise<Section> {
  const contenders: Record<string, () => Promise<Pick<MockServer, 'readyMs' | 'answeredMs'>>> = {
    [HANDLERS]: () => timeLines(['ready', 'ours', document]),
    [SOURCE]: () => timeLines(['ready', 'source', document]),
    [COMMAND]: () => serveOnce(commandOf(document)),
    ...(prism && { [PRISM]: async () => serveOnce(prism.serve(document, await freePort())) }),
  };
  const { ready, answered } = await timeProcesses(contenders);
  const msOf = (comparison: Comparison, name: string) => (comparison.time(name).median / 1000).toFixed(0);
  const ratioOf = (name: string, other: string) => ready.ratio(name, other).median;
  return {
    title: 'From nothing to a mock',
    note:
      `\`${basename(document)}\`, median of ${ROUNDS} interleaved rounds of whole processes. Handlers are ready when they are ` +
      'made, a server when it has printed where it listens; then each answers one request. @msw/source is given the document ' +
      `parsed, which is the quicker way.${prism ? ` Prism is ${prism.version}.` : ''}`,
    head: ['contender', 'ready, ms', 'first answer, ms'],
    rows: Object.keys(contenders).map((name) => [name, msOf(ready, name), msOf(answered, name)]),
    targets: [
      atMost('Handlers ready: time of @msw/source', ratioOf(HANDLERS, SOURCE), 0.5, times),
      ...(prism
        ? [
            atMost('vercel-rest mock ready: time of Prism', ratioOf(COMMAND, PRISM), 0.1, times),
            atMost(
              'vercel-rest mock, first answer: time of Prism',
              answered.ratio(COMMAND, PRISM).median,
              0.1,
              times,
            ),
          ]
        : []),
    ],
  };
}

async function timeProcesses(
  contenders: Readonly<Record<string, () => Promise<Pick<MockServer, 'readyMs' | 'answeredMs'>>>>,
): Promise<Readiness> {
  const ready = new Map(Object.keys(contenders).map((name) => [name, [] as number[]] as const));
  const answered = new Map(Object.keys(contenders).map((name) => [name, [] as number[]] as const));
  const random = seededRandom(4);
  // The first round fills the machine's file cache and is not counted.
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, start] of shuffle(Object.entries(contenders), random)) {
      const { readyMs, answeredMs } = await start();
      if (round < 0) continue;
      ready.get(name)?.push(readyMs * 1000);
      answered.get(name)?.push(answeredMs * 1000);
    }
  }
  return { ready: createComparison(ready), answered: createComparison(answered) };
}

function timeLines(args: readonly string[]): Promise<Pick<MockServer, 'readyMs' | 'answeredMs'>> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [CHILD, ...args], { stdio: 'pipe', env: environment() });
    let [text, readyMs, answeredMs] = ['', 0, 0];
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('ready')) readyMs ||= performance.now() - startedAt;
      if (text.includes('answered')) answeredMs ||= performance.now() - startedAt;
    });
    child.once('error', reject);
    child.once('close', (code) =>
      answeredMs > 0 ? resolve({ readyMs, answeredMs }) : reject(new Error(`${args[1]} ended with ${code}`)),
    );
  });
}

async function serveOnce(args: readonly string[]): Promise<MockServer> {
  const server = await startMock(args, FIRST_PATH);
  await server.close();
  return server;
}
