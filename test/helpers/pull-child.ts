// Pulls in a process of its own that kills itself at one point of the write, as a power cut would.
import * as fs from 'node:fs/promises';
import { run } from '../../src/cli/run.js';

const [point = '', url = '', out = ''] = process.argv.slice(2);

async function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

let opened = 0;
let renamed = 0;
const open: typeof fs.open = async (path, flags, mode) => {
  const handle = await fs.open(path, flags, mode);
  if (flags !== 'wx' || ++opened !== 1) return handle;
  if (point === 'inside the first file') {
    await handle.write('{"openapi":');
    await die();
  }
  return handle;
};
const rename: typeof fs.rename = async (from, to) => {
  if (point === 'before the renames') await die();
  await fs.rename(from, to);
  renamed += 1;
  const points = ['after the rename of the copy', 'after the rename of the lock', 'after the renames'];
  if (point === points[renamed - 1]) await die();
};

process.exitCode = await run(['pull', '--url', url, '--out', out], '9.9.9', {
  stdout: () => undefined,
  stderr: (text) => void process.stderr.write(text),
  env: {},
  signal: new AbortController().signal,
  pullWorld: { files: { ...fs, open, rename } },
});
