import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openContract } from '../src/msw/handlers/open-contract.js';
import { toRequest, validRequest } from '../test/helpers/valid-request.js';
import { CHILD, HANDLERS, SOURCE } from './mock-contenders.js';
import { environment } from './mock-server.js';
import { atMost, type Section } from './report.js';

const MAX_GROWTH_MB = 60;
/** What ten reloads may leave; a heap is never exactly as it was. */
const MAX_LEFT_MB = 1;

/** What a process of its own held, in bytes, after collecting garbage. */
interface Held {
  /** Requests that got no answer, or none of success. */
  readonly failed: number;
  readonly before: NodeJS.MemoryUsage;
  readonly ready: NodeJS.MemoryUsage;
  readonly touched: NodeJS.MemoryUsage;
  /** The heap after each reload. */
  readonly heaps: readonly number[];
}

/** What a mock holds once every operation was asked for, and what is left of it when it is loaded again. */
export async function measureMemory(document: string): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-mock-'));
  try {
    const requests = join(folder, 'requests.json');
    const sent = await validRequests(document);
    writeFileSync(requests, JSON.stringify(sent));
    const run = (contender: string): Held => {
      const args = ['--expose-gc', CHILD, 'memory', contender, document, requests];
      return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env: environment() }));
    };
    return sectionOf({ [HANDLERS]: run('ours'), [SOURCE]: run('source') }, sent.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One request for each operation, which passes the checks. */
async function validRequests(document: string) {
  const { contract } = openContract({ document });
  const requests = Object.values(contract.operations).map((operation) =>
    toRequest(operation, validRequest(contract, operation, 1, false)),
  );
  return Promise.all(
    requests.map(async (request) => ({
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: request.body === null ? undefined : await request.text(),
    })),
  );
}

function sectionOf(held: Readonly<Record<string, Held>>, operations: number): Section {
  const growthOf = ({ before, touched }: Held) => (touched.rss - before.rss) / 1e6;
  // The first time fills what every process fills once, such as compiled code.
  const leftOf = ({ heaps }: Held) => ((heaps.at(-1) ?? 0) - (heaps[0] ?? 0)) / 1e6;
  const ours = held[HANDLERS];
  return {
    title: 'What a mock holds',
    note:
      `In processes of their own, after collecting garbage: \`before\` is with the packages loaded and the document not yet ` +
      `read; then a request for each of ${operations} operations; then ten times all of that again, each mock in place of ` +
      'the last.',
    head: [
      'contender',
      'without success',
      'RSS before, MB',
      'ready',
      'all touched',
      'heap after reload 1, MB',
      'reload 10',
    ],
    rows: Object.entries(held).map(([name, { failed, before, ready, touched, heaps }]) => [
      name,
      String(failed),
      ...[before.rss, ready.rss, touched.rss, heaps[0] ?? 0, heaps.at(-1) ?? 0].map((bytes) =>
        (bytes / 1e6).toFixed(1),
      ),
    ]),
    targets:
      ours === undefined
        ? []
        : [
            atMost('RSS growth with every operation touched', growthOf(ours), MAX_GROWTH_MB, megabytes),
            atMost('Heap that ten reloads leave', leftOf(ours), MAX_LEFT_MB, megabytes),
          ],
  };
}

const megabytes = (value: number): string => `${value.toFixed(1)} MB`;
