import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PullWorld } from '../../src/codegen/pull/world.js';
import { startServer } from '../helpers/loopback-server.js';
import { contentsOf, documentOf, serveDocument, temporaryFolder, testWorld } from '../helpers/pull-world.js';
import { failingPull } from './failing-pull.js';
import { runCli } from './run-cli.js';

const BODY = JSON.stringify(documentOf(21));

describe('the disk refuses', () => {
  const refuse = (code: string) => Promise.reject(Object.assign(new Error(`${code}: refused`), { code }));
  const open: typeof fs.open = (path, flags, mode) =>
    flags === 'wx' ? refuse('EACCES') : fs.open(path, flags, mode);
  const full: typeof fs.open = async (path, flags, mode) => {
    const handle = await fs.open(path, flags, mode);
    if (flags === 'wx') {
      handle.writeFile = async (content) => {
        await handle.write(String(content).slice(0, 100));
        return refuse('ENOSPC');
      };
    }
    return handle;
  };
  const unsynced: typeof fs.open = async (path, flags, mode) => {
    const handle = await fs.open(path, flags, mode);
    handle.sync = () => refuse('EIO');
    return handle;
  };
  const renameTo = (name: string): typeof fs.rename => {
    let calls = 0;
    return (from, to) =>
      String(to).endsWith(`/${name}`) && calls++ === 0 ? refuse('EIO') : fs.rename(from, to);
  };

  const REFUSALS: Record<string, readonly [Partial<PullWorld['files']>, RegExp, RegExp]> = {
    'a folder that is not writable': [{ open }, /EACCES/, /Make the folder writable/],
    'a full disk, halfway': [{ open: full }, /ENOSPC/, /Free some disk space/],
    'a sync that fails': [{ open: unsynced }, /EIO/, /Check the path and the disk/],
    'a rename of the copy of the old document': [
      { rename: renameTo('vercel.previous.json') },
      /EIO/,
      /Check/,
    ],
    'a folder that cannot be made': [{ mkdir: () => refuse('EROFS') }, /EROFS/, /writable disk/],
  };

  test.each(Object.entries(REFUSALS))('%s', async (_, [files, error, next]) => {
    const { folder, args, before } = await failingPull(serveDocument(documentOf(21), '"two"'));
    const { world } = testWorld({}, { files: { ...fs, ...files } });
    const { code, stderr } = await runCli(args, { pullWorld: world });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: cannot write .*vercel/);
    expect(stderr).toMatch(error);
    expect(stderr).toMatch(next);
    expect(await contentsOf(folder)).toEqual(before);
    expect((await runCli(args)).code).toBe(0);
    expect((await contentsOf(folder))['vercel.json']).toBe(BODY);
  });

  test.each(['vercel.lock.json', 'vercel.json'])(
    'a later rename, of %s: the document stays',
    async (name) => {
      const { folder, args, before } = await failingPull(serveDocument(documentOf(21), '"two"'));
      const { world } = testWorld({}, { files: { ...fs, rename: renameTo(name) } });
      const { code, stderr } = await runCli(args, { pullWorld: world });
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: cannot write .*EIO.*\nnext: Check/)]);
      const after = await contentsOf(folder);
      expect(after['vercel.json']).toBe(before['vercel.json']);
      expect(Object.keys(after)).toEqual(['vercel.json', 'vercel.lock.json', 'vercel.previous.json']);
      expect((await runCli(args)).code).toBe(0);
      const healed = await contentsOf(folder);
      expect(healed['vercel.json']).toBe(BODY);
      expect(healed['vercel.previous.json']).toBe(before['vercel.json']);
      expect(JSON.parse(healed['vercel.lock.json'] ?? '')).toMatchObject({
        etag: '"two"',
        counts: { paths: 21 },
      });
    },
  );

  test('at the first pull nothing is left', async () => {
    const folder = await temporaryFolder();
    const server = await startServer(serveDocument(documentOf(20)));
    const { world } = testWorld({}, { files: { ...fs, rename: renameTo('vercel.lock.json') } });
    const args = ['pull', '--url', server.url, '--out', join(folder, 'vercel.json')];
    expect((await runCli(args, { pullWorld: world })).code).toBe(1);
    expect(await contentsOf(folder)).toEqual({});
  });

  test('a folder inside a file', async () => {
    const { folder, args, before } = await failingPull(serveDocument(documentOf(21)));
    const out = join(folder, 'vercel.json', 'openapi', 'vercel.json');
    const { code, stderr } = await runCli([...args.slice(0, 3), '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/ENOTDIR.*\nnext: /);
    expect(await contentsOf(folder)).toEqual(before);
  });
});
