// `npm start` in a checkout, and the commands that it prints as the next step.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
// npx looks for the program in this checkout alone.
const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', npm_config_offline: 'true' };

it('prints commands that run as they stand', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/start.mjs'], { cwd: ROOT, env });
  const [mock = '', token = '', ...more] = [...stdout.matchAll(/^ {2}(npx .*)$/gm)].map(
    ([, line = '']) => line,
  );
  expect(more).toEqual([]);
  expect(stdout.match(/`[^`]*`/g) ?? []).toEqual([]);
  // Any free port in the place of the one that is printed.
  const [, ...words] = mock.replace(/--port \d+/, '--port 0').split(' ');
  const server = spawn('npx', words, {
    cwd: ROOT,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    if (server.pid !== undefined) process.kill(-server.pid);
  });
  const [line] = await once(server.stdout, 'data');
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(line))?.[0] ?? '';
  const [, ...args] = token.replace(/http:\S+/, url).split(' ');
  expect((await promisify(execFile)('npx', args, { cwd: ROOT, env })).stdout.trim().length).toBeGreaterThan(
    10,
  );
});
