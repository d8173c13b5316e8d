import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { shop } from '../msw/shop-document.js';
import { runProcess } from './binary.js';
import { runCli } from './run-cli.js';

const folder = await mkdtemp(join(tmpdir(), 'cli-mock-'));
afterAll(() => rm(folder, { recursive: true }));

interface Printed {
  /** Waits for a text. */
  (text: string): Promise<void>;
  /** Everything so far. */
  all(): string;
}

/** Runs `vercel-rest mock` for as long as the test needs it. */
async function serve(args: readonly string[], use: (url: string, printed: Printed) => Promise<void>) {
  const controller = new AbortController();
  const waiting: { text: string; done: () => void }[] = [];
  let all = '';
  let started: (url: string) => void = () => {};
  const url = new Promise<string>((resolve) => {
    started = resolve;
  });
  const onPrint = (text: string) => {
    all += text;
    if (text.startsWith('http://')) started(text.trim());
    for (const { text: wanted, done } of waiting) if (all.includes(wanted)) done();
  };
  const outcome = runCli(['mock', '--port', '0', ...args], {
    signal: controller.signal,
    onStdout: onPrint,
    onStderr: onPrint,
  });
  const printed = Object.assign(
    (text: string) =>
      new Promise<void>((done) => (all.includes(text) ? done() : waiting.push({ text, done }))),
    { all: () => all },
  );
  // A command that ends before its URL has failed.
  await Promise.race([url, outcome]);
  try {
    await use(await url, printed);
  } finally {
    controller.abort();
  }
  return outcome;
}

describe('vercel-rest mock', () => {
  test('prints its URL first, serves tokens there, and stops when told', async () => {
    const controller = new AbortController();
    let token: Promise<{ code: number; stdout: string }> | undefined;
    const mock = runCli(['mock', '--port', '0'], {
      signal: controller.signal,
      onStdout: (text) => {
        token ??= runCli(['token', 'slack/acme-slack', '--base-url', text.trim()]).finally(() =>
          controller.abort(),
        );
      },
    });
    const { code, stdout } = await mock;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(await token).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\S+\n$/) });
  });

  test.each(['x', '70000', '-1', ''])('refuses port %j', async (port) => {
    const { code, stderr } = await runCli(['mock', `--port=${port}`]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--port/);
  });
});

describe('vercel-rest mock <document>', () => {
  const authorized = { headers: { authorization: 'Bearer a-secret-bearer' } };
  const fileOf = async (name: string, document: object) => {
    const file = join(folder, name);
    await writeFile(file, JSON.stringify(document));
    return file;
  };

  test('with --providers serves stubs that accept its tokens, and refuses others', async () => {
    const { code } = await serve(['--providers'], async (url, printed) => {
      await printed('Stubs of providers');
      const { stdout } = await runCli(['token', 'slack/acme-slack', '--base-url', url]);
      const stubs = /accept its tokens: (\S+)\/slack\/api/.exec(printed.all())?.[1];
      const test = async (token: string) => {
        const headers = { authorization: `Bearer ${token}` };
        return (await fetch(`${stubs}/slack/api/auth.test`, { method: 'POST', headers })).json();
      };
      expect(await test(stdout.trim())).toMatchObject({ ok: true, team: 'Acme' });
      expect(await test('xoxb-other')).toEqual({ ok: false, error: 'invalid_auth' });
    });
    expect(code).toBe(0);
  });

  test.each([
    [['--providers', 'high'], '--providers must be a number from 0 to 65535'],
    [['openapi/vercel.json', '--providers'], '--providers goes without a document and --memory'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await runCli(['mock', ...args]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });

  test('loads neither msw nor the built-in contract before it is ready', async () => {
    const { metafile } = await build({
      entryPoints: [fileURLToPath(new URL('../../src/cli/commands/mock-document.ts', import.meta.url))],
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
    });
    const [output] = Object.values(metafile.outputs);
    const packages = output?.imports.map(({ path }) => path) ?? [];
    const modules = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    const names = modules.map(([name]) => name);
    expect(packages).toContain('node:fs');
    expect(packages.filter((name) => /^msw/.test(name))).toEqual([]);
    expect(names).toContain('src/msw/handlers/open-document.ts');
    expect(names).not.toContain('src/generated/contract.ts');
  });

  test('serves it: the URL first, then a line a request, and a summary at the end', async () => {
    const file = await fileOf('shop.json', shop);
    const { code, stdout, stderr } = await serve([file, '--seed', '7'], async (url) => {
      expect((await fetch(`${url}/v1/things/a`, authorized)).status).toBe(200);
      const prefer = { headers: { ...authorized.headers, prefer: 'code=404' } };
      expect((await fetch(`${url}/v1/things/a`, prefer)).status).toBe(404);
      expect((await fetch(`${url}/v1/things/a`)).status).toBe(401);
      expect((await fetch(`${url}/v9/things`, authorized)).status).toBe(404);
    });
    expect(code).toBe(0);
    const [first, ...lines] = stdout.trim().split('\n');
    expect(first).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(lines).toEqual([
      '200 GET /v1/things/a getThing',
      '404 GET /v1/things/a getThing',
      expect.stringMatching(/^401 GET \/v1\/things\/a getThing: \/headers\/authorization is required/),
      expect.stringMatching(
        /^404 GET \/v9\/things is not an operation in the document; near misses: GET \/v2\/things/,
      ),
    ]);
    expect(stderr).toContain('Shop: 6 operations');
    expect(stderr).toContain('1 of 6 operations (16.7 %)');
    expect(stdout + stderr).not.toContain('a-secret-bearer');
  });

  test('takes paths with and without that of its server, and prints the path of the document', async () => {
    const file = await fileOf('below.json', { ...shop, servers: [{ url: 'https://shop.example/api/v10' }] });
    const { stdout } = await serve([file], async (url) => {
      const asked = ['/v1/things/a', '/api/v10/v1/things/a', '/v1/nothing'].map((path) =>
        fetch(url + path, authorized),
      );
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 404]);
    });
    const [, ...lines] = stdout.trim().split('\n');
    expect(lines.sort()).toEqual([
      '200 GET /v1/things/a getThing',
      '200 GET /v1/things/a getThing',
      '404 GET /v1/nothing is not an operation in the document (rule undocumented).',
    ]);
  });

  test('keeps the path of its server where paths of the document begin with it', async () => {
    const file = await fileOf('twice.json', { ...shop, servers: [{ url: 'https://shop.example/v1' }] });
    await serve([file], async (url) => {
      expect((await fetch(`${url}/v1/things/a`, authorized)).status).toBe(200);
      expect((await fetch(`${url}/v1/v1/things/a`, authorized)).status).toBe(404);
    });
  });

  test('gives the same answers for the same seed', async () => {
    const file = await fileOf('seeded.json', shop);
    const bodies: string[] = [];
    for (const seed of ['7', '7', '8']) {
      await serve([file, '--seed', seed], async (url) => {
        bodies.push(await (await fetch(`${url}/v1/things/a`, authorized)).text());
      });
    }
    expect(bodies[1]).toBe(bodies[0]);
    expect(bodies[2]).not.toBe(bodies[0]);
  });

  test('takes up a document that changes, and keeps the last one when it cannot be read', async () => {
    const file = await fileOf('watched.json', shop);
    await serve([file, '--watch'], async (url, printed) => {
      await writeFile(file, '{');
      await printed('the last document stays');
      expect((await fetch(`${url}/v1/old`, authorized)).status).toBe(200);
      const { '/v1/old': _, ...paths } = shop.paths;
      await writeFile(file, JSON.stringify({ ...shop, paths }));
      await printed('has changed: 5 operations');
      expect((await fetch(`${url}/v1/old`, authorized)).status).toBe(404);
    });
  });

  test('lays the operations of Vercel Connect over the document of Vercel, unless told otherwise', async () => {
    const vercel = { ...shop, info: { ...shop.info, title: 'Vercel API' } };
    const file = await fileOf('vercel.json', vercel);
    const connector = '/v1/connect/connectors/slack%2Facme';
    await serve([file], async (url) => {
      expect((await fetch(`${url}${connector}`, authorized)).status).toBe(200);
      expect((await fetch(`${url}/v1/things/a`, authorized)).status).toBe(200);
    });
    await serve([file, '--no-supplement'], async (url) => {
      expect((await fetch(`${url}${connector}`, authorized)).status).toBe(404);
    });
  });

  test('leaves out the checks that it is told to', async () => {
    const file = await fileOf('open.json', shop);
    await serve([file, '--skip-check', 'credentials,undocumentedParameter'], async (url) => {
      expect((await fetch(`${url}/v1/things/a?more=1`)).status).toBe(200);
    });
    const { code, stderr } = await runCli(['mock', file, '--skip-check', 'credential']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('the checks are unknownOperation, credentials'),
    ]);
  });

  test('fails by chance when it is told to', async () => {
    const file = await fileOf('faulty.json', shop);
    await serve([file, '--fault', '503:100%'], async (url) => {
      expect((await fetch(`${url}/v1/things/a`, authorized)).status).toBe(503);
    });
    await serve([file, '--fault', 'network:1'], async (url) => {
      await expect(fetch(`${url}/v1/things/a`, authorized)).rejects.toThrow(TypeError);
    });
  });

  test.each([
    [['--fault', '503'], 2, /--fault must be/],
    [['--fault', '200:10%'], 2, /--fault must be/],
    [['--fault', '503:200%'], 2, /--fault must be/],
  ])('refuses %j', async (args, expected, message) => {
    const { code, stderr } = await runCli(['mock', await fileOf('bad.json', shop), ...args]);
    expect(code).toBe(expected);
    expect(stderr).toMatch(message);
  });

  // The published mock is a bundle of its own, with a class of errors of its own.
  test('refuses a flag in the published program as it does from its sources', async () => {
    const { code, stderr } = await runProcess(['mock', await fileOf('bad.json', shop), '--fault', '503']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--fault must be/);
  });

  test('needs a document for what only a document has, and one that is there', async () => {
    expect(await runCli(['mock', '--watch'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('need a document'),
    });
    expect(await runCli(['mock', join(folder, 'none.json')])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the file does not exist'),
    });
  });
});
