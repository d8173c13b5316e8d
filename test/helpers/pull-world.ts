import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { RequestListener, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { PULL_LIMITS, type PullWorld, REAL_WORLD } from '../../src/codegen/pull/world.js';

/** The clock of {@link testWorld}. */
export const NOW = Date.parse('2026-01-02T03:04:05.000Z');

/** A world whose waits are over at once, and the waits that were asked for. */
export function testWorld(limits: Partial<PullWorld['limits']> = {}, more: Partial<PullWorld> = {}) {
  const waits: number[] = [];
  const world: PullWorld = {
    ...REAL_WORLD,
    now: () => NOW,
    random: () => 0,
    wait: async (ms) => {
      waits.push(ms);
    },
    limits: { ...PULL_LIMITS, ...limits },
    ...more,
  };
  return { world, waits };
}

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vercel-rest-pull-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file of a folder, hidden ones too, with its bytes. */
export async function contentsOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  const entries = names.map(async (name) => [name, await readFile(join(folder, name), 'latin1')] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** A document with as many paths of one operation each as asked for. */
export function documentOf(paths: number, description = 'thing') {
  const names = Array.from({ length: paths }, (_, index) => `/v1/things-${index}`);
  const operation = (name: string) => ({
    get: { operationId: `get${name}`, description, responses: { 200: { description: 'ok' } } },
  });
  return {
    openapi: '3.0.3',
    info: { title: 'Things', version: '0.0.1' },
    paths: Object.fromEntries(names.map((name) => [name, operation(name)])),
    components: { schemas: { Thing: { type: 'object', required: ['b', 'a'], enum: ['x', 'y'] } } },
  };
}

/** Answers with JSON and an ETag, and with 304 to whoever has it. */
export function serveDocument(document: unknown, etag = '"one"'): RequestListener {
  return (request, response) => {
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
    sendJson(response, JSON.stringify(document), {
      etag,
      'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
    });
  };
}

/** Sends a body as JSON with its length. */
export function sendJson(response: ServerResponse, body: string, headers: Record<string, string> = {}): void {
  response
    .writeHead(200, {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    })
    .end(body);
}
