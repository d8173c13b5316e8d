import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/util/sha256.js';
import { startServer } from '../helpers/loopback-server.js';
import {
  contentsOf,
  documentOf,
  NOW,
  sendJson,
  serveDocument,
  temporaryFolder,
} from '../helpers/pull-world.js';
import { pulled } from './pulled.js';
import { runCli } from './run-cli.js';

describe('vercel-rest pull', () => {
  test('the first pull writes the document as it came, and its lock', async () => {
    const { folder, first, out, lock, server } = await pulled();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/pulled .*vercel\.json from .*\n {2}paths +20\n {2}operations +20\n/);
    expect(first.stdout).toMatch(/next: run `npx vercel-rest generate --out src\/vercel`/);
    const body = JSON.stringify(documentOf(20));
    expect(await readFile(out, 'utf8')).toBe(body);
    expect(JSON.parse(await readFile(lock, 'utf8'))).toEqual({
      lockVersion: 1,
      url: `${server.url}/`,
      retrievedAt: new Date(NOW).toISOString(),
      etag: '"one"',
      lastModified: 'Thu, 01 Jan 2026 00:00:00 GMT',
      sha256: sha256(body),
      normalizedSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      bytes: body.length,
      openapi: '3.0.3',
      counts: { paths: 20, operations: 20, schemas: 1 },
      generator: 'vercel-rest/9.9.9',
      corrections: [],
    });
    expect(Object.keys(await contentsOf(folder))).toEqual(['vercel.json', 'vercel.lock.json']);
    expect(server.requests[0]?.headers).toMatchObject({ 'user-agent': 'vercel-rest/9.9.9' });
  });

  test('makes the folder', async () => {
    const { folder, server } = await pulled();
    const out = join(folder, 'a/b/vercel.json');
    expect(await runCli(['pull', '--url', server.url, '--out', out])).toMatchObject({ code: 0 });
    expect(await readFile(out, 'utf8')).toBe(JSON.stringify(documentOf(20)));
  });

  test('a byte order mark before the document is kept, and read over', async () => {
    const folder = await temporaryFolder();
    const body = `\uFEFF${JSON.stringify(documentOf(20))}`;
    const server = await startServer((_, response) => void response.end(body));
    const out = join(folder, 'marked.json');
    expect(await runCli(['pull', '--url', server.url, '--out', out])).toMatchObject({ code: 0 });
    expect(await readFile(out, 'utf8')).toBe(body);
    expect(await runCli(['diff', out, out])).toMatchObject({ code: 0, stdout: 'No changes.\n' });
  });

  test('304: unchanged, nothing written', async () => {
    const { folder, pull, server } = await pulled();
    const before = await contentsOf(folder);
    const { code, stdout } = await pull();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^unchanged: .*304/);
    expect(server.requests[1]?.headers['if-none-match']).toBe('"one"');
    expect(await contentsOf(folder)).toEqual(before);
  });

  test('same bytes with another ETag: unchanged, and the next request has the new ETag', async () => {
    const { pull, serve, server, out, lock } = await pulled();
    serve(serveDocument(documentOf(20), '"two"'));
    expect((await pull()).stdout).toMatch(/^unchanged: .*same bytes/);
    expect(await readFile(out, 'utf8')).toBe(JSON.stringify(documentOf(20)));
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({ etag: '"two"' });
    expect((await pull()).stdout).toMatch(/304/);
    expect(server.requests[2]?.headers['if-none-match']).toBe('"two"');
  });

  test('same content in another order: the document is not rewritten', async () => {
    const { pull, serve, out, lock } = await pulled();
    const document = documentOf(20);
    const shuffled = {
      components: { schemas: { Thing: { enum: ['y', 'x'], required: ['a', 'b'], type: 'object' } } },
      paths: document.paths,
      info: document.info,
      openapi: document.openapi,
    };
    serve(serveDocument(shuffled, '"two"'));
    const { code, stdout } = await pull();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^unchanged: .*another order or layout; the file was not rewritten/);
    expect(await readFile(out, 'utf8')).toBe(JSON.stringify(document));
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({
      etag: '"two"',
      sha256: sha256(JSON.stringify(document)),
    });
    expect((await pull()).stdout).toMatch(/304/);
  });

  test('a new document: the old and new counts, what is gone, and the next commands', async () => {
    const { pull, serve, out } = await pulled();
    const next = documentOf(21);
    Reflect.deleteProperty(next.paths, '/v1/things-3');
    serve(serveDocument({ ...next, info: { title: 'Things', version: '0.0.2' } }, '"two"'));
    const { code, stdout, stderr } = await pull();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/ {2}paths +20 -> +20\n/);
    expect(stdout).toContain('operations that are gone: 1\n  - GET /v1/things-3\n');
    expect(stdout).toMatch(/next: run `npx vercel-rest diff` .* `npx vercel-rest generate /);
    expect(JSON.parse(await readFile(out, 'utf8')).info.version).toBe('0.0.2');
  });

  test('the document before the last pull is kept beside the new one', async () => {
    const { folder, pull, serve, out } = await pulled();
    const previous = join(folder, 'vercel.previous.json');
    serve(serveDocument(documentOf(21), '"two"'));
    await pull('--check');
    await pull();
    expect(await readFile(previous, 'utf8')).toBe(JSON.stringify(documentOf(20)));
    serve(serveDocument(documentOf(22), '"three"'));
    await pull();
    expect(await readFile(previous, 'utf8')).toBe(JSON.stringify(documentOf(21)));
    await pull();
    expect(await readFile(previous, 'utf8')).toBe(JSON.stringify(documentOf(21)));
    expect(await readFile(out, 'utf8')).toBe(JSON.stringify(documentOf(22)));
    expect(Object.keys(await contentsOf(folder))).toEqual([
      'vercel.json',
      'vercel.lock.json',
      'vercel.previous.json',
    ]);
  });

  test('a damaged document is not kept as the previous one', async () => {
    const { folder, pull, serve, out } = await pulled();
    await writeFile(out, '{');
    serve(serveDocument(documentOf(21), '"two"'));
    expect((await pull()).code).toBe(0);
    expect(Object.keys(await contentsOf(folder))).toEqual(['vercel.json', 'vercel.lock.json']);
  });

  test('the lock names the corrections that fit, and a warning those that do not', async () => {
    const published = (responses: object) => ({
      ...documentOf(20),
      info: { title: 'Vercel API', version: '0.0.1' },
      paths: {
        ...documentOf(20).paths,
        '/v8/deployments/{id}/files/{fileId}': { get: { operationId: 'getFile', responses } },
      },
    });
    const { pull, serve, first, lock } = await pulled(published({ 400: { description: 'no' } }));
    expect(first.stderr).toBe('');
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({
      corrections: ['deployment-file-contents-success'],
    });
    serve(serveDocument(published({ 200: { description: 'yes' } }), '"two"'));
    const { code, stderr } = await pull();
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^warning: correction deployment-file-contents-success: .*skipped: .*--skip-correction/,
    );
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({ corrections: [] });
  });

  test('a size more than a quarter off is taken with a warning', async () => {
    const { pull, serve } = await pulled();
    serve(serveDocument(documentOf(30), '"two"'));
    const { code, stdout, stderr } = await pull();
    expect(code).toBe(0);
    expect(stdout).toContain('(+10)');
    expect(stderr).toMatch(/^warning: its size is 14\d\.\d % of the last/);
  });

  test('--force takes a document that lost most of its paths, with warnings', async () => {
    const { pull, serve, out } = await pulled();
    serve(serveDocument(documentOf(8), '"two"'));
    expect((await pull()).code).toBe(1);
    const { code, stderr } = await pull('--force');
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: its size is .*under 50 %/);
    expect(stderr).toMatch(/warning: it has 8 paths where the last had 20/);
    expect(await readFile(out, 'utf8')).toBe(JSON.stringify(documentOf(8)));
  });

  test('--check: 3 for something new, 0 for nothing, and never a write', async () => {
    const { folder, pull, serve } = await pulled();
    const before = await contentsOf(folder);
    expect(await pull('--check')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^unchanged/) });
    serve(serveDocument(documentOf(20), '"two"'));
    expect(await pull('--check')).toMatchObject({ code: 0, stdout: expect.stringMatching(/same bytes/) });
    serve(serveDocument(documentOf(21), '"three"'));
    const news = await pull('--check');
    expect(news).toMatchObject({ code: 3, stdout: expect.stringMatching(/^new: .*nothing was written/) });
    expect(news.stdout).toMatch(/next: run `npx vercel-rest pull`/);
    serve(serveDocument(documentOf(2), '"four"'));
    expect((await pull('--check')).code).toBe(1);
    expect(await contentsOf(folder)).toEqual(before);
  });

  test('--check before the first pull says that there is something new', async () => {
    const { folder, server } = await pulled();
    const out = join(folder, 'none/vercel.json');
    expect((await runCli(['pull', '--check', '--url', server.url, '--out', out])).code).toBe(3);
    expect(Object.keys(await contentsOf(folder))).toEqual(['vercel.json', 'vercel.lock.json']);
  });

  test('--json prints the outcome alone, --quiet nothing', async () => {
    const { pull, serve, out, lock, server } = await pulled();
    expect(await pull('--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
    const unchanged = await pull('--json');
    expect(JSON.parse(unchanged.stdout)).toMatchObject({
      status: 'unchanged',
      because: 'not-modified',
      lockWritten: false,
    });
    serve(serveDocument(documentOf(30), '"two"'));
    const written = await pull('--json');
    expect(written.stderr).toBe('');
    expect(JSON.parse(written.stdout)).toMatchObject({
      status: 'written',
      before: { counts: { paths: 20 } },
      after: { counts: { paths: 30 } },
      warnings: [expect.stringMatching(/size/)],
      removed: [],
      url: `${server.url}/`,
      document: out,
      lock,
    });
  });

  test('draws a bar on a terminal, and takes it away; none with --quiet', async () => {
    const { server, folder } = await pulled();
    const draw = (...flags: string[]) =>
      runCli(['pull', '--url', server.url, '--out', join(folder, `${flags.length}.json`), ...flags], {
        stderrIsTerminal: true,
      });
    const clear = '\r\u001b[2K';
    expect((await draw()).stderr).toBe(`${clear}pulling [${'#'.repeat(24)}] 100 % of 2.6 kB${clear}`);
    expect((await draw('--quiet')).stderr).toBe('');
  });
});

describe('what is asked for wrongly', () => {
  test.each([
    ['--url', 'http://openapi.vercel.sh/'],
    ['--url', 'ftp://127.0.0.1/'],
    ['--url', 'openapi'],
    ['--url', 'https://me:secret@openapi.vercel.sh/'],
    ['--out', 'openapi/vercel.yaml'],
    ['--out', 'openapi/.json'],
    ['--out', 'openapi/vercel.lock.json'],
    ['--out', 'openapi/vercel.previous.json'],
  ])('%s %s is a usage error', async (flag, value) => {
    const { code, stderr } = await runCli(['pull', flag, value]);
    expect(code).toBe(2);
    expect(stderr).toContain(`error: ${flag} must`);
    expect(stderr).not.toContain('secret');
  });

  test('a folder that is a file', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'vercel.json'));
    const server = await startServer((_, response) => sendJson(response, '{}'));
    const { code, stderr } = await runCli([
      'pull',
      '--url',
      server.url,
      '--out',
      join(folder, 'vercel.json'),
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: cannot read .*EISDIR.*\nnext: /);
    expect(server.requests).toHaveLength(0);
  });
});
