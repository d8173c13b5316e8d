// Bytes that leave count as life of an attempt, however they were given.
import { expect, it } from 'vitest';
import { createClient } from '../../src/index.js';
import { startServer } from '../helpers/loopback-server.js';

const SIZE = 3_000_000;

it.each([
  ['an array of bytes', () => new Uint8Array(SIZE).fill(7)],
  ['a Blob', () => new Blob([new Uint8Array(SIZE).fill(7)])],
])('%s to a slow server outlives its timeout, and has its length', async (_, bytes) => {
  let received = 0;
  const server = await startServer(async (request, response) => {
    for await (const chunk of request) {
      received += chunk.length;
      // Twenty pauses, together longer than the timeout.
      if (received % 150_000 < chunk.length) await new Promise((resolve) => setTimeout(resolve, 40));
    }
    response.end('{}');
  });
  const client = createClient({ baseUrl: server.url, timeout: 400, maxRetries: 0 });
  const put = client.PUT as unknown as (path: string, init: object) => Promise<unknown>;
  const startedAt = performance.now();
  await put('/v1/blobs', { body: bytes(), totalTimeout: 60_000 });
  expect(performance.now() - startedAt).toBeGreaterThan(500);
  expect(received).toBe(SIZE);
  expect(server.requests[0]?.headers['content-length']).toBe(String(SIZE));
  expect(server.requests[0]?.headers['transfer-encoding']).toBeUndefined();
});
