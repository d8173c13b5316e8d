import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { createMock } from '../../src/msw/index.js';

const DOCUMENT = fileURLToPath(new URL('../../openapi/platform.yaml', import.meta.url));
const OPEN_FILES = 256;

function folderOf(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-kill-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (let number = 0; number < count; number++) {
    const file = join(folder, `d${number % 25}/file-${number}.txt`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `file ${number} `.repeat(500));
  }
  return folder;
}

async function serve(latencyMs: number) {
  const mock = createMock({ document: DOCUMENT, memory: { latencyMs } });
  const server = await mock.listen();
  onTestFinished(() => server.close());
  const uploads = () => mock.requests.filter(({ operationId }) => operationId === 'uploadFile');
  return {
    url: server.url,
    uploads,
    digests: () => new Set(uploads().map(({ headers }) => headers['x-vercel-digest'])),
  };
}

/** The program as it is published, with few open files. */
function start(folder: string, url: string) {
  const args = ['deploy', folder, '--name', 'storefront', '--json', '--base-url', url];
  const script = `ulimit -n ${OPEN_FILES}; exec "$0" "$@"`;
  const child = spawn('sh', ['-c', script, process.execPath, inject('program'), ...args]);
  let printed = '';
  child.stdout.on('data', (text) => {
    printed += text;
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, printed: () => printed };
}

describe.skipIf(process.platform === 'win32')('vercel-rest deploy', () => {
  it('deploys 1 500 files with 256 open ones', async () => {
    const { url, digests } = await serve(0);
    const { child, printed } = start(folderOf(1_500), url);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(JSON.parse(printed())).toMatchObject({ files: 1_500, uploaded: 1_500, state: 'READY' });
    expect(digests().size).toBe(1_500);
  }, 180_000);

  it('loses nothing when it is killed: the next run uploads the rest', async () => {
    const { url, uploads, digests } = await serve(20);
    const folder = folderOf(300);
    const { child } = start(folder, url);
    await expect.poll(() => uploads().length, { timeout: 60_000 }).toBeGreaterThan(100);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const before = uploads().length;
    const again = start(folder, url);
    expect(await once(again.child, 'exit')).toEqual([0, null]);
    const { uploaded } = JSON.parse(again.printed());
    expect(uploaded).toBeLessThan(300 - 80);
    expect(digests().size).toBe(300);
    // What was under way at the kill may go up twice.
    expect(before + uploaded).toBeLessThanOrEqual(300 + 10);
  }, 180_000);
});
