// What a client remembers is bounded, and holds no bearer for long.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createConnectClient } from '../../src/connect/index.js';
import { CONNECTOR, settle } from './helpers.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is finalized by one collection is freed by a later one. */
async function collectAll(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const answer = async () =>
  Response.json({ token: 't', expiresAt: Date.now() + 3_600_000, connector: { id: 'scl_1', uid: 'a' } });

it('grows by less than 4 MB over 100 000 users with every JSON type in their parameters', async () => {
  const client = createConnectClient({ bearerToken: 'caller-one', fetch: answer });
  const USERS = Number(process.env.MEMORY_USERS ?? 4_000);
  const ask = async (id: number) => {
    const params = {
      subject: { type: 'user' as const, id: `user_${id}` },
      authorizationDetails: [
        {
          type: 'x',
          text: `text ${id}`,
          number: id,
          none: null,
          yes: true,
          no: false,
          list: [id, null],
          deep: { id },
        },
      ],
    };
    // The second call hits, and is what is remembered.
    for (let time = 0; time < 2; time++) await client.getToken(CONNECTOR, params);
    // V8 clears weak references between tasks only, and a loop of promises alone is one task.
    if (id % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  };
  for (let id = 0; id < 2_000; id++) await ask(id);
  await collectAll();
  const before = process.memoryUsage().heapUsed;
  for (let id = 2_000; id < 2_000 + USERS; id++) await ask(id);
  await collectAll();
  expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(4);
}, 600_000);

it('holds no bearer of a call five minutes after its last use', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval', 'Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const folder = mkdtempSync(join(tmpdir(), 'vercel-rest-heap-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const client = createConnectClient({ bearerToken: 'caller-one', fetch: answer });
  // Made of parts, so that the text of this test does not hold it.
  const bearer = (id: number) => ['per', 'call', 'bearer', String(id), 'x'.repeat(20)].join('-');
  for (let id = 0; id < 5; id++)
    for (let time = 0; time < 3; time++)
      await client.getToken(CONNECTOR, { subject: { type: 'app' } }, { vercelToken: bearer(id) });
  await settle();
  await vi.advanceTimersByTimeAsync(5 * 60_000);
  await settle();
  collect();
  const path = writeHeapSnapshot(join(folder, 'heap.heapsnapshot'));
  const { strings } = JSON.parse(readFileSync(path, 'utf8')) as { strings: string[] };
  const found = strings.filter((text) => /per-call-bearer-\d/.test(text));
  expect(found).toEqual([]);
  expect(client.stats().hits).toBe(10);
}, 120_000);
