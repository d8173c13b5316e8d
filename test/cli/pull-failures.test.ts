import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { startServer } from '../helpers/loopback-server.js';
import { contentsOf, documentOf, serveDocument, temporaryFolder, testWorld } from '../helpers/pull-world.js';
import { failingPull } from './failing-pull.js';
import { FAILURES } from './pull-failure-cases.js';
import { runCli } from './run-cli.js';

const BODY = JSON.stringify(documentOf(21));

/** Where nobody listens any more. */
async function closedUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/`;
}

describe('a pull that fails leaves every file as it was', () => {
  test.each(Object.entries(FAILURES))('%s', async (_, { answer, error, requests = 1, world = {} }) => {
    const { folder, args, server, before } = await failingPull(answer);
    expect(Object.keys(before)).toEqual(['vercel.json', 'vercel.lock.json']);
    const { code, stdout, stderr } = await runCli(args, { pullWorld: testWorld({}, world).world });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(error);
    expect(stderr).toMatch(/^next: \S.+\.$/m);
    expect(stderr).not.toMatch(/secret/);
    expect(stderr).not.toContain('\u001b');
    expect(await contentsOf(folder)).toEqual(before);
    expect(server.requests).toHaveLength(1 + requests);
  });

  test('a 304 to a first pull is no document', async () => {
    const folder = await temporaryFolder();
    const server = await startServer((_, response) => void response.writeHead(304).end());
    const { code, stderr } = await runCli(['pull', '--url', server.url, '--out', join(folder, 'a.json')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/answered 304 instead of 200/);
    expect(await contentsOf(folder)).toEqual({});
  });

  test('nobody there', async () => {
    const { folder, before } = await failingPull(() => undefined);
    const args = ['pull', '--url', await closedUrl(), '--out', join(folder, 'vercel.json')];
    const { code, stderr } = await runCli(args, { pullWorld: testWorld().world });
    expect(code).toBe(1);
    expect(stderr).toMatch(/connection to 127\.0\.0\.1:\d+ failed \(ECONNREFUSED\) \(tried 3 times\)/);
    expect(await contentsOf(folder)).toEqual(before);
  });
});

describe('a failure that passes', () => {
  test('500 once, then 200: the second is taken after a wait', async () => {
    let isFirst = true;
    const { folder, args, before } = await failingPull((request, response) => {
      if (isFirst) response.writeHead(500).end();
      else serveDocument(documentOf(21), '"two"')(request, response);
      isFirst = false;
    });
    const { world, waits } = testWorld({}, { random: () => 0.5 });
    const { code, stderr } = await runCli(args, { pullWorld: world });
    expect(code).toBe(0);
    expect(stderr).toBe('the server answered 500; trying again in 0.1 s\n');
    expect(waits).toEqual([125]);
    const after = await contentsOf(folder);
    expect(Object.keys(after)).toEqual([...Object.keys(before), 'vercel.previous.json']);
    expect(after['vercel.json']).toBe(BODY);
  });

  test('the waits double, and each is random', async () => {
    const { args } = await failingPull((_, response) => void response.writeHead(502).end());
    const { world, waits } = testWorld({}, { random: () => 0.5 });
    await runCli(args, { pullWorld: world });
    expect(waits).toEqual([125, 250]);
  });

  test('redirects within the host are followed, with the ETag', async () => {
    const { args, server } = await failingPull((request, response) => {
      if (request.url === '/') response.writeHead(307, { location: '/moved' }).end();
      else serveDocument(documentOf(20))(request, response);
    });
    expect(await runCli(args)).toMatchObject({ code: 0, stdout: expect.stringMatching(/304/) });
    expect(server.requests.map(({ url }) => url)).toEqual(['/', '/', '/moved']);
  });

  test('a gzipped document is taken', async () => {
    const { folder, args } = await failingPull((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(BODY));
    });
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect((await contentsOf(folder))['vercel.json']).toBe(BODY);
  });
});
