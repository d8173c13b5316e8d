import { execFileSync } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { openContract } from '../src/msw/handlers/open-contract.js';
import { CHILD, COMMAND, commandOf } from './mock-contenders.js';
import { environment, measureStart, type Start } from './mock-server.js';
import { freePort, installPrism, type Prism } from './prism.js';
import { foreignDocuments, newestDocument } from './published.js';
import { atMost, type Section, times } from './report.js';

const ROUNDS = 3;
/** What any server of Node.js takes. */
const EMPTY_SERVER = [
  '-e',
  "const s=require('node:http').createServer().listen(0,'127.0.0.1',()=>console.log('http://127.0.0.1:'+s.address().port))",
];

/** One document: how ours and Prism start with it, or what Prism says where it does not. */
interface ForeignStart {
  readonly document: string;
  readonly ours: Start;
  readonly theirs: Start | { readonly failure: string };
}

/** First responses of a mock of the newest document and of those of other APIs; its start and memory, each beside Prism. */
export async function measureForeignMocks(): Promise<Section[]> {
  const documents = [newestDocument(), ...foreignDocuments()].filter((path) => path !== undefined);
  const first = documents.length === 0 ? [] : [measureFirstResponses(documents)];
  const prism = documents.length === 0 ? undefined : installPrism();
  if (prism === undefined) return first;
  try {
    return [...first, await measureStarts(documents, prism)];
  } finally {
    prism.remove();
  }
}

/** Operations of a document that are asked for first in a process of their own: those that take longest after others. */
const SLOWEST = 5;

function measureFirstResponses(documents: readonly string[]): Section {
  const rows = documents.map((document) => {
    const operations = Object.values(openContract({ document }).contract.operations);
    const measure = (asked: typeof operations): number[] => {
      const requests = asked.map(({ method, path }) => ({
        method,
        path: path.replaceAll(/\{[^{}]+\}/g, '1'),
      }));
      const args = [CHILD, 'first', 'ours', document, JSON.stringify(requests)];
      return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env: environment() }));
    };
    const after = measure(operations);
    const slowest = operations
      .map((operation, index) => ({ operation, ms: after[index] ?? 0 }))
      .sort((left, right) => right.ms - left.ms);
    const alone = slowest.slice(0, SLOWEST).map(({ operation }) => {
      const rounds = Array.from({ length: ROUNDS }, () => measure([operation])[0] ?? Number.NaN);
      return {
        operation,
        ms: rounds.sort((left, right) => left - right)[Math.floor(ROUNDS / 2)] ?? Number.NaN,
      };
    });
    const [first] = alone.sort((left, right) => right.ms - left.ms);
    return { document, operations: operations.length, first, later: slowest[0] };
  });
  return {
    title: 'The longest response of a mock',
    note:
      `Processor time in milliseconds. Each operation once in one process, in the order of the document; and the ${SLOWEST} that ` +
      `take longest there as the first of a process of their own, median of ${ROUNDS}.`,
    head: ['document', 'operations', 'first of a process', 'ms', 'after others', 'ms'],
    rows: rows.map(({ document, operations, first, later }) => [
      basename(document),
      String(operations),
      first?.operation.operationId ?? '',
      first?.ms.toFixed(0) ?? '',
      later?.operation.operationId ?? '',
      later?.ms.toFixed(0) ?? '',
    ]),
    targets: [
      atMost(
        'The longest response of a mock, all documents',
        Math.max(...rows.flatMap(({ first, later }) => [first?.ms ?? 0, later?.ms ?? 0])),
        100,
        (ms) => `${ms.toFixed(0)} ms`,
      ),
    ],
  };
}

async function measureStarts(documents: readonly string[], prism: Prism): Promise<Section> {
  const starts: ForeignStart[] = [];
  for (const one of documents) {
    const ours: Start[] = [];
    const theirs: Start[] = [];
    let failure: string | undefined;
    for (let round = 0; round < ROUNDS && failure === undefined; round++) {
      ours.push(await measureStart(commandOf(one)));
      try {
        theirs.push(await measureStart(prism.serve(one, await freePort())));
      } catch (cause) {
        // Without the folder of this machine.
        failure = (cause instanceof Error ? cause.message : String(cause)).replaceAll(dirname(one), '.');
      }
    }
    starts.push({
      document: one,
      ours: medianStart(ours),
      theirs: failure === undefined ? medianStart(theirs) : { failure },
    });
  }
  const node = medianStart(await repeat(ROUNDS, () => measureStart(EMPTY_SERVER)));
  const both = starts.flatMap(({ ours, theirs }) => ('failure' in theirs ? [] : [{ ours, theirs }]));
  const ratioOf = (key: keyof Start) =>
    both.reduce((sum, { ours }) => sum + ours[key], 0) /
    both.reduce((sum, { theirs }) => sum + theirs[key], 0);
  return {
    title: 'A mock of other documents, beside Prism',
    note:
      'The newest document and those in `../shared/specs/other`: until the server says where it listens, and its memory then; ' +
      `median of ${ROUNDS} interleaved rounds. An HTTP server of Node.js without a program takes ` +
      `${node.ms.toFixed(0)} ms and ${megabytes(node)} MB.`,
    head: ['document', `${COMMAND}, ms`, 'Prism, ms', 'time', `${COMMAND}, MB`, 'Prism, MB', 'memory'],
    rows: starts.map(({ document: path, ours, theirs }) =>
      'failure' in theirs
        ? [basename(path), ours.ms.toFixed(0), theirs.failure, '', megabytes(ours), '', '']
        : [
            ...[basename(path), ours.ms.toFixed(0), theirs.ms.toFixed(0), times(ours.ms / theirs.ms)],
            ...[megabytes(ours), megabytes(theirs), times(ours.kilobytes / theirs.kilobytes)],
          ],
    ),
    targets: [
      atMost('vercel-rest mock ready, all documents: time of Prism', ratioOf('ms'), 0.15, times),
      atMost('vercel-rest mock ready, all documents: memory of Prism', ratioOf('kilobytes'), 0.5, times),
    ],
  };
}

const megabytes = ({ kilobytes }: Start) => (kilobytes / 1024).toFixed(0);

function medianStart(starts: readonly Start[]): Start {
  const middle = (key: keyof Start) =>
    starts.map((start) => start[key]).sort((left, right) => left - right)[Math.floor(starts.length / 2)];
  return { ms: middle('ms') ?? Number.NaN, kilobytes: middle('kilobytes') ?? Number.NaN };
}

async function repeat<T>(rounds: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let round = 0; round < rounds; round++) made.push(await make());
  return made;
}
