import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contentsOf, documentOf, NOW, serveDocument } from '../helpers/pull-world.js';
import { pulled } from './pulled.js';
import { runCli } from './run-cli.js';

describe('what is here is mended', () => {
  test('a document without its lock: asked for without an ETag, and the lock is made', async () => {
    const { folder, pull, lock, server } = await pulled();
    const before = await contentsOf(folder);
    await rm(lock);
    expect((await pull()).stdout).toMatch(/^unchanged: .*same bytes.*\n.*lock\.json was brought up to date/);
    expect(server.requests[1]?.headers['if-none-match']).toBeUndefined();
    expect(await contentsOf(folder)).toEqual(before);
  });

  test('a new document with the old lock, as a kill between the two leaves them', async () => {
    const { folder, pull, serve, out, server } = await pulled();
    serve(serveDocument(documentOf(21), '"two"'));
    await writeFile(out, JSON.stringify(documentOf(21)));
    expect((await pull()).stdout).toMatch(/same bytes/);
    expect(server.requests[1]?.headers['if-none-match']).toBeUndefined();
    const { 'vercel.lock.json': lock = '' } = await contentsOf(folder);
    expect(JSON.parse(lock)).toMatchObject({ etag: '"two"', counts: { paths: 21 } });
  });

  test.each(['', '{', '{"lockVersion":2}', '[]'])('an unreadable lock: %j', async (text) => {
    const { folder, pull, lock } = await pulled();
    const before = await contentsOf(folder);
    await writeFile(lock, text);
    expect((await pull()).code).toBe(0);
    expect(await contentsOf(folder)).toEqual(before);
  });

  test('a damaged or missing document is replaced; the lock still tells its extent', async () => {
    const { folder, pull, serve, out } = await pulled();
    const before = await contentsOf(folder);
    await writeFile(out, '{"openapi":');
    expect((await pull()).code).toBe(0);
    expect(await contentsOf(folder)).toEqual(before);
    await rm(out);
    serve(serveDocument(documentOf(5), '"two"'));
    expect(await pull()).toMatchObject({ code: 1, stderr: expect.stringMatching(/the last had 20/) });
  });

  test('an ETag is not sent to another URL', async () => {
    const { out, server } = await pulled();
    await runCli(['pull', '--url', `${server.url}/other`, '--out', out]);
    expect(server.requests[1]?.headers['if-none-match']).toBeUndefined();
  });

  test('what a killed pull left is swept, what others left is not', async () => {
    const { folder, pull } = await pulled();
    const before = await contentsOf(folder);
    const old = join(folder, `.vercel.json.pull-${process.pid}-abc.tmp`);
    await writeFile(old, 'x');
    await utimes(old, NOW / 1000 - 120, NOW / 1000 - 120);
    await writeFile(join(folder, '.vercel.lock.json.pull-999999999-abc.tmp'), 'x');
    const theirs = { '.other.json.pull-999999999-abc.tmp': 'x', 'notes.tmp': 'x' };
    const running = { [`.vercel.json.pull-${process.ppid}-abc.tmp`]: 'x' };
    for (const [name, text] of Object.entries({ ...theirs, ...running })) {
      await writeFile(join(folder, name), text);
      await utimes(join(folder, name), NOW / 1000, NOW / 1000);
    }
    await pull();
    expect(await contentsOf(folder)).toEqual({ ...before, ...theirs, ...running });
  });
});
