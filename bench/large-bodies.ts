import { Buffer } from 'node:buffer';
import { TABLE_FORMAT } from '../src/openapi/operation-info.js';
import { type Contender, compare } from './measure.js';
import { createMemoryFetch, withFetch } from './memory-fetch.js';
import { createClient } from './packages.js';
import { atMost, type Section } from './report.js';
import { startServer } from './server.js';

const BEARER = 'bench';
const BYTES = 5 * 1024 * 1024;
const EFFORT = { calls: 1, rounds: 21 };
const MOST_ADDED_MS = 20;
const PATH = '/v9/bench/{thing}';

/** A document of its own, so that any body can be sent. */
interface BenchPaths {
  [PATH]: {
    put: {
      parameters: { path: { thing: string } };
      requestBody: { content: { 'application/json': unknown } };
      responses: { 200: { content: { 'application/json': object } } };
    };
  };
}

/** What 5 MB as a body cost above plain `fetch`: as bytes, as a Buffer, and as text in a nested object. */
export async function measureLargeBodies(): Promise<Section> {
  const server = await startServer();
  try {
    const http = await addedMs(server.url);
    const memory = await withFetch(createMemoryFetch(), () => addedMs('https://api.vercel.com'));
    const names = Object.keys(http);
    return {
      title: '5 MB as a body',
      note: 'Time of a PUT above the same one by plain `fetch`, the lower quartiles of both compared, in milliseconds.',
      head: ['body', 'over loopback HTTP', 'answered from memory'],
      rows: names.map((name) => [name, written(http[name]), written(memory[name])]),
      targets: names.flatMap((name) => [
        atMost(`5 MB as ${name}: above plain fetch, HTTP`, http[name] ?? Number.NaN, MOST_ADDED_MS, written),
        atMost(
          `5 MB as ${name}: above plain fetch, memory`,
          memory[name] ?? Number.NaN,
          MOST_ADDED_MS,
          written,
        ),
      ]),
    };
  } finally {
    await server.close();
  }
}

const written = (ms: number | undefined) => `${(ms ?? Number.NaN).toFixed(1)} ms`;

async function addedMs(baseUrl: string): Promise<Record<string, number>> {
  const client = createClient<BenchPaths>({
    baseUrl,
    bearerToken: BEARER,
    operations: { format: TABLE_FORMAT, operations: {} },
  });
  const url = `${baseUrl}${PATH.replace('{thing}', 'one')}`;
  const params = { path: { thing: 'one' } };
  const headers = { authorization: `Bearer ${BEARER}`, accept: 'application/json' };
  const added: Record<string, number> = {};
  for (const [name, body] of Object.entries(bodies())) {
    const isBytes = body instanceof Uint8Array;
    const contenders: Contender[] = [
      { name: 'ours', work: () => client.PUT(PATH, { params, body }) },
      {
        name: 'fetch',
        work: async () => {
          const type = isBytes ? 'application/octet-stream' : 'application/json';
          const sent = isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body);
          const response = await fetch(url, {
            method: 'PUT',
            headers: { ...headers, 'content-type': type },
            body: sent,
          });
          return response.json();
        },
      },
    ];
    const comparison = await compare(contenders, EFFORT);
    added[name] = (comparison.time('ours').low - comparison.time('fetch').low) / 1000;
  }
  return added;
}

function bodies(): Readonly<Record<string, unknown>> {
  const bytes = new Uint8Array(BYTES).map((_, index) => index % 251);
  const line = 'a line of a file that is deployed\n'.repeat(32);
  const files = Array.from({ length: Math.ceil(BYTES / line.length) }, (_, index) => ({
    file: `src/file-${index}.ts`,
    data: { encoding: 'utf-8', lines: [line] },
  }));
  return { Uint8Array: bytes, Buffer: Buffer.from(bytes), 'nested text': { files } };
}
