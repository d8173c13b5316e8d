import { expect, it } from 'vitest';
import { createClient, type Logger } from '../../src/index.js';
import { json, networkFailure } from '../helpers/answers.js';

const LIST = '/v2/connect/connectors';

/** The calls of `debug` of a logger with further members. */
async function linesOf(members: object, path = LIST): Promise<unknown[][]> {
  const lines: unknown[][] = [];
  const debug = (...line: unknown[]) => void lines.push(line);
  const client = createClient({
    fetch: async () => json({ connectors: [] }),
    logger: { ...members, debug } as Logger,
  });
  await client.GET(path as typeof LIST);
  return lines;
}

it('a pino logger gets the fields before the message, as it takes them', async () => {
  expect(await linesOf({ bindings: () => ({}) })).toEqual([
    [expect.objectContaining({ method: 'GET', path: LIST, status: 200 }), `GET ${LIST} 200`],
  ]);
});

it.each<[string, object]>([
  ['console', {}],
  ['a logger with bindings of its own', { bindings: { GET: 'x' } }],
])('%s gets the message first', async (_, members) => {
  expect(await linesOf(members)).toEqual([
    [
      `GET ${LIST} 200`,
      expect.objectContaining({ method: 'GET', path: LIST, operationId: 'listConnectors' }),
    ],
  ]);
});

it('a line has no field for what there is not', async () => {
  const [line] = await linesOf({}, '/v1/elsewhere');
  expect(Object.keys(line?.[1] ?? {})).toEqual(['method', 'path', 'attempt', 'durationMs', 'status']);
});

it('a line has the id of its request, or why there was no response', async () => {
  const lines: unknown[] = [];
  const answers = [
    () => json({ connectors: [] }, { headers: { 'x-vercel-id': 'fra1::a' } }),
    () => Promise.reject(networkFailure('ECONNREFUSED')),
  ];
  const client = createClient({
    maxRetries: 0,
    fetch: async () => (answers.shift() ?? (() => json({})))(),
    logger: { debug: (...line) => void lines.push(line) },
  });
  await client.GET(LIST);
  await client.GET(LIST).catch(() => undefined);
  expect(lines).toEqual([
    [`GET ${LIST} 200`, expect.objectContaining({ requestId: 'fra1::a' })],
    [`GET ${LIST} ECONNREFUSED`, expect.objectContaining({ attempt: 1, error: 'ECONNREFUSED' })],
  ]);
});
