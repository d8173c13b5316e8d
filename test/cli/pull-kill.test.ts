import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/util/sha256.js';
import { contentsOf, documentOf, serveDocument, testWorld } from '../helpers/pull-world.js';
import { failingPull } from './failing-pull.js';
import { runCli } from './run-cli.js';

const BODY = JSON.stringify(documentOf(21));
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

function startTsx(script: string, args: readonly string[]): ChildProcess & { printed: () => string } {
  const child = spawn(process.execPath, ['--import', 'tsx', path(script), ...args], { cwd: path('../..') });
  let printed = '';
  child.stderr?.on('data', (chunk) => {
    printed += String(chunk);
  });
  return Object.assign(child, { printed: () => printed });
}

describe('a pull that is killed while it writes', () => {
  const POINTS = [
    ['inside the first file', 'old', 2 + 1],
    ['before the renames', 'old', 2 + 3],
    ['after the rename of the copy', 'old', 3 + 2],
    ['after the rename of the lock', 'old', 3 + 1],
    ['after the renames', 'new', 3],
  ] as const;

  test.each(POINTS)('%s: the document is whole, and the next pull mends the rest', async (...row) => {
    const [point, expected, count] = row;
    const { folder, args, before } = await failingPull(serveDocument(documentOf(21), '"two"'));
    const child = startTsx('../helpers/pull-child.ts', [point, ...args.slice(2, 3), ...args.slice(4)]);
    expect(await once(child, 'exit'), child.printed()).toEqual([null, 'SIGKILL']);

    const after = await contentsOf(folder);
    expect(after['vercel.json']).toBe(expected === 'old' ? before['vercel.json'] : BODY);
    const isLockOld = after['vercel.lock.json'] === before['vercel.lock.json'];
    expect(isLockOld).toBe(!['after the rename of the lock', 'after the renames'].includes(point));
    expect(Object.keys(after)).toHaveLength(count);

    expect((await runCli(args)).code).toBe(0);
    const healed = await contentsOf(folder);
    expect(Object.keys(healed)).toEqual(['vercel.json', 'vercel.lock.json', 'vercel.previous.json']);
    expect(healed['vercel.previous.json']).toBe(before['vercel.json']);
    expect(healed['vercel.json']).toBe(BODY);
    expect(JSON.parse(healed['vercel.lock.json'] ?? '')).toMatchObject({
      sha256: sha256(BODY),
      etag: '"two"',
      counts: { paths: 21 },
    });
  });
});

describe('a pull that is ended by a signal', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s while it downloads', async (signal) => {
    let onRequest: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      onRequest = resolve;
    });
    const { folder, args, before } = await failingPull((_, response) => {
      response.write('{"openapi":');
      onRequest();
    });
    const child = startTsx('../../src/cli/main.ts', args);
    await asked;
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(child.printed()).toMatch(
      /^stopped; .*vercel\.json is as it was\. Run the same command again\.\n$/,
    );
    expect(await contentsOf(folder)).toEqual(before);
  });

  test.each([1, 2, 3])('while it writes temporary file %i', async (nth) => {
    const { folder, args, before } = await failingPull(serveDocument(documentOf(21), '"two"'));
    const controller = new AbortController();
    let opened = 0;
    const open: typeof fs.open = (...request) => {
      if (request[1] === 'wx' && ++opened === nth) controller.abort();
      return fs.open(...request);
    };
    const { world } = testWorld({}, { files: { ...fs, open } });
    const { code, stderr } = await runCli(args, { pullWorld: world, signal: controller.signal });
    expect(code).toBe(130);
    expect(stderr).toMatch(/^stopped; /);
    expect(await contentsOf(folder)).toEqual(before);
  });

  test('after the first rename it is carried through', async () => {
    const { folder, args } = await failingPull(serveDocument(documentOf(21), '"two"'));
    const controller = new AbortController();
    const rename: typeof fs.rename = (from, to) => {
      controller.abort();
      return fs.rename(from, to);
    };
    const { world } = testWorld({}, { files: { ...fs, rename } });
    expect((await runCli(args, { pullWorld: world, signal: controller.signal })).code).toBe(0);
    const after = await contentsOf(folder);
    expect(after['vercel.json']).toBe(BODY);
    expect(JSON.parse(after['vercel.lock.json'] ?? '')).toMatchObject({ sha256: sha256(BODY) });
  });

  test('before it begins', async () => {
    const { folder, args, before } = await failingPull(serveDocument(documentOf(21), '"two"'));
    expect((await runCli(args, { signal: AbortSignal.abort() })).code).toBe(130);
    expect(await contentsOf(folder)).toEqual(before);
  });
});
