// What the published program does when nobody reads its output, and what it leaves to others.
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { chmod, lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createConnectEmulator } from '../../src/msw/index.js';
import { useBinary } from './binary.js';
import { useServed } from './served.js';

const run = useBinary();
const emulator = createConnectEmulator();
const served = useServed(emulator);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vercel-rest-output-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a command whose reader has gone before the first byte. */
function runUnread(args: readonly string[], gone: readonly ('stdout' | 'stderr')[]) {
  const child = spawn(process.execPath, [run.path(), ...args], { env: { PATH: process.env.PATH ?? '' } });
  let printed = '';
  for (const name of ['stdout', 'stderr'] as const) {
    if (gone.includes(name)) child[name].destroy();
    else child[name].on('data', (chunk) => (printed += chunk));
  }
  child.stdin.end();
  return new Promise<{ code: number | null; printed: string }>((resolve) =>
    child.once('exit', (code) => resolve({ code, printed })),
  );
}

describe('a reader that has gone', () => {
  test.each([
    ['--help', ['--help'], 0],
    ['a list of operations', ['api', '--list'], 0],
    ['a completion', ['completion', 'bash'], 0],
    ['a list', ['connect', 'list', '--base-url', '$URL'], 0],
    ['pages', ['api', 'listConnectors', '--param', 'limit=1', '--paginate', '--base-url', '$URL'], 0],
  ])('is told nothing: %s', async (_, args, code) => {
    const own = args.map((word) => word.replace('$URL', served.url));
    expect(await runUnread(own, ['stdout'])).toEqual({ code, printed: '' });
  });

  test('ends a mock, which would serve for ever', async () => {
    const { code, printed } = await runUnread(['mock', '--port', '0'], ['stdout']);
    expect(code).toBe(0);
    expect(printed).not.toMatch(/EPIPE|error| at /);
  });

  test('of errors changes no exit code', async () => {
    expect(await runUnread(['connect', 'lst'], ['stderr'])).toEqual({ code: 2, printed: '' });
    expect(await runUnread(['connect', 'get', 'a/b', '--base-url', served.url], ['stderr'])).toEqual({
      code: 1,
      printed: '',
    });
  });

  test.runIf(process.platform === 'linux')('a full disk is an error', async () => {
    const child = spawn(process.execPath, [run.path(), 'api', '--list'], {
      env: { PATH: process.env.PATH ?? '' },
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    let printed = '';
    child.stderr?.on('data', (chunk) => (printed += chunk));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, printed }).toEqual({ code: 1, printed: 'error: cannot write the output (ENOSPC)\n' });
  });
});

describe('import-tokens --failed-to', () => {
  const secret = 'imported-secret-token';
  const tokens = JSON.stringify([
    { accessToken: secret, expiresAt: 1, environment: '', subject: { type: 'app' } },
  ]);
  const importTo = (path: string) =>
    run(['connect', 'import-tokens', 'oauth/linear', '-', '--failed-to', path, '--base-url', served.url], {
      stdin: tokens,
    });

  test('writes for its owner alone, also where a file lies that all can read', async () => {
    const path = join(folder, 'failed.json');
    await writeFile(path, 'older');
    await chmod(path, 0o644);
    const before = await stat(path);
    expect((await importTo(path)).code).toBe(1);
    const after = await stat(path);
    expect(after.mode & 0o777).toBe(0o600);
    // Whoever had the older file open reads nothing of the newer one.
    expect(after.ino).not.toBe(before.ino);
    expect(await readFile(path, 'utf8')).toContain(secret);
  });

  test.each([
    ['a link to a file', 'target.json'],
    ['a link to nothing', 'nothing.json'],
    ['a link to a device', '/dev/null'],
  ])('follows no link: %s', async (_, target) => {
    await writeFile(join(folder, 'target.json'), 'older');
    const path = join(folder, `link-${target.replaceAll('/', '-')}`);
    await symlink(target.startsWith('/') ? target : join(folder, target), path);
    emulator.reset();
    const { code, stderr } = await importTo(path);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('is a symbolic link') });
    // Refused before anything is imported, since the outcome would be lost.
    expect(emulator.requests).toEqual([]);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, 'target.json'), 'utf8')).toBe('older');
  });
});

// `script`, which makes a terminal, takes other arguments elsewhere.
test.runIf(process.platform === 'linux')('the browser that is opened inherits no credential', async () => {
  // A stand-in for the opener that writes down its environment.
  const seen = join(folder, 'seen.txt');
  for (const name of ['xdg-open', 'open']) {
    await writeFile(
      join(folder, name),
      `#!/bin/sh\n{ env; echo "$1"; } > '${seen}.part'; mv '${seen}.part' '${seen}'\n`,
    );
    await chmod(join(folder, name), 0o755);
  }
  const secrets = {
    ...{ VERCEL_TOKEN: 'secret-1', VERCEL_OIDC_TOKEN: 'secret-2', VERCEL_OIDC_TOKEN_FILE: 'secret-3' },
    ...{ AWS_SECRET_ACCESS_KEY: 'secret-4', NPM_TOKEN: 'secret-5', NODE_OPTIONS: '--title=secret-6' },
  };
  const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder, DISPLAY: ':9', LANG: 'C', ...secrets };
  // A terminal, which a browser is opened from alone.
  const line = [
    process.execPath,
    run.path(),
    'connect',
    'open',
    'slack/acme-slack',
    '--base-url',
    served.url,
  ];
  const child = spawn('script', ['-qec', line.join(' '), '/dev/null'], { env, stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  const found = () => readFile(seen, 'utf8').catch(() => '');
  await expect.poll(found, { timeout: 10_000 }).toContain('https://vercel.com/');
  expect(await found()).not.toContain('secret-');
  for (const kept of [`HOME=${folder}`, 'DISPLAY=:9', 'LANG=C']) expect(await found()).toContain(kept);
});
