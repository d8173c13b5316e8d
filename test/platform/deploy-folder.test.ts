import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InvalidArgumentError, PermissionDeniedError } from '../../src/index.js';
import {
  DeployFilesError,
  DeploymentFailedError,
  type DeployProgress,
  deployFolder,
} from '../../src/platform/index.js';
import { caught } from '../helpers/caught.js';
import { emulated } from './emulated.js';

const NAMED = { deployment: { name: 'storefront' } };

function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  return folder;
}

const uploadsOf = ({ requests }: ReturnType<typeof emulated>['mock']) =>
  requests.filter(({ operationId }) => operationId === 'uploadFile').length;

function deployedFiles({ requests }: ReturnType<typeof emulated>['mock']): readonly string[] {
  const body = requests.findLast(({ operationId }) => operationId === 'createDeployment')?.body;
  return Object(body).files.map(({ file }: { file: string }) => file);
}

describe('deployFolder', () => {
  it('uploads what the API does not have, once for equal files, and waits until the deployment is ready', async () => {
    const folder = folderOf({ 'index.html': '<h1>Hello</h1>', 'a/one.txt': 'same', 'a/b/two.txt': 'same' });
    const { mock, client } = emulated({ deployments: { buildMs: 20, aliasMs: 20 } });
    const steps: string[] = [];
    const onProgress = (progress: DeployProgress) => void steps.push(progress.step);
    const result = await deployFolder(client, folder, { ...NAMED, wait: { every: 10 }, onProgress });
    expect(result).toMatchObject({
      files: 3,
      uploaded: 2,
      ready: { readyState: 'READY', aliasAssigned: true },
    });
    expect(deployedFiles(mock)).toEqual(['a/b/two.txt', 'a/one.txt', 'index.html']);
    expect([...new Set(steps)]).toEqual(['files', 'upload', 'created', 'state']);
    expect(mock.validationErrors).toEqual([]);
  });

  it('uploads nothing in a second run', async () => {
    const folder = folderOf({ 'index.html': '<h1>Hello</h1>', 'app.js': 'run()' });
    const { mock, client } = emulated();
    await deployFolder(client, folder, NAMED);
    const second = await deployFolder(client, folder, NAMED);
    expect(second.uploaded).toBe(0);
    expect(uploadsOf(mock)).toBe(2);
  });

  it('leaves out what .vercelignore names, and what Vercel always leaves out', async () => {
    const folder = folderOf({
      '.vercelignore': './secret\n*.log\n!keep.log\n/dist/*\n!/dist/public\n',
      'index.html': 'x',
      'secret/key.pem': 'k',
      'a.log': 'l',
      'keep.log': 'l',
      'dist/server.js': 's',
      'dist/public/page.html': 'p',
      'node_modules/x/index.js': 'n',
      '.env.local': 'TOKEN=1',
      '.git/config': 'g',
    });
    const { mock, client } = emulated();
    await deployFolder(client, folder, NAMED);
    expect(deployedFiles(mock)).toEqual(['dist/public/page.html', 'index.html', 'keep.log']);
  });

  it('follows links inside the folder, once around, and none that lead out of it', async () => {
    const outside = folderOf({ 'passwords.txt': 'secret' });
    const folder = folderOf({ 'a/page.html': 'x' });
    symlinkSync(join(outside, 'passwords.txt'), join(folder, 'stolen.txt'));
    symlinkSync(join(folder, 'a/page.html'), join(folder, 'home.html'));
    symlinkSync(folder, join(folder, 'a/round'));
    const { mock, client } = emulated();
    let skipped: readonly string[] = [];
    const onProgress = (progress: DeployProgress) => {
      if (progress.step === 'files') skipped = progress.skipped;
    };
    await deployFolder(client, folder, { ...NAMED, onProgress });
    expect(deployedFiles(mock)).toEqual(['a/page.html', 'home.html']);
    expect([...skipped].sort()).toEqual(['a/round', 'stolen.txt']);
  });

  it('uploads again what failed in passing', async () => {
    const folder = folderOf({ 'a.txt': 'a', 'b.txt': 'b' });
    const { mock, client } = emulated();
    mock.sequence('uploadFile', [503, 503, 503, 503, 503]);
    const result = await deployFolder(client, folder, { ...NAMED, concurrency: 1 });
    expect(result.uploaded).toBe(2);
  }, 60_000);

  it('says which file could not be uploaded, and why', async () => {
    const folder = folderOf({ 'a.txt': 'a' });
    const { mock, client } = emulated();
    mock.respond('uploadFile', 403);
    const error = await caught(deployFolder(client, folder, NAMED), DeployFilesError);
    expect(error.failures).toEqual([{ file: 'a.txt', error: expect.any(PermissionDeniedError) }]);
    expect(error.message).toContain('a.txt');
  });

  it('passes on why a deployment cannot be created', async () => {
    const folder = folderOf({ 'a.txt': 'a' });
    const { mock, client } = emulated();
    mock.respond('createDeployment', 402);
    await expect(deployFolder(client, folder, NAMED)).rejects.toMatchObject({ status: 402 });
  });

  it('ends with the last lines of the log of a build that fails', async () => {
    const folder = folderOf({ 'a.txt': 'a' });
    const { client } = emulated({ deployments: { outcome: 'ERROR' } });
    const error = await caught(deployFolder(client, folder, NAMED), DeploymentFailedError);
    expect(error.logLines.at(-1)).toBe('Command "npm run build" exited with 1');
  });

  it('gives the log beside the wait, through its disconnects', async () => {
    const folder = folderOf({ 'a.txt': 'a' });
    const { client } = emulated({ deployments: { buildMs: 300, logLines: 20, disconnectAfter: 6 } });
    const texts: (string | undefined)[] = [];
    await deployFolder(client, folder, {
      ...NAMED,
      wait: { every: 50 },
      onLog: ({ type, payload }) => void (type === 'stdout' && texts.push(payload?.text)),
    });
    expect(texts).toEqual(Array.from({ length: 20 }, (_, number) => `Building: line ${number + 1} of 20`));
  });

  it('does not wait where nobody wants it to', async () => {
    const folder = folderOf({ 'a.txt': 'a' });
    const { client } = emulated({ deployments: { buildMs: 60_000 } });
    const { created, ready } = await deployFolder(client, folder, { ...NAMED, wait: false });
    expect([created.readyState, ready]).toEqual(['QUEUED', undefined]);
  });

  it('ends at once at an abort', async () => {
    const folder = folderOf({ 'a.txt': 'a' });
    const { client } = emulated({ deployments: { buildMs: 60_000 } });
    const controller = new AbortController();
    const onProgress = ({ step }: DeployProgress) =>
      void (step === 'state' && controller.abort(new Error('enough')));
    const work = deployFolder(client, folder, { ...NAMED, signal: controller.signal, onProgress });
    await expect(work).rejects.toThrow('enough');
  });

  it.each([
    ['is not there', '/nowhere/at/all'],
    ['holds nothing to deploy', folderOf.name],
  ])('refuses a folder that %s', async (_name, path) => {
    const { client } = emulated();
    const folder = path.startsWith('/') ? path : folderOf({ 'node_modules/x.js': 'x' });
    const error = await caught(deployFolder(client, folder, NAMED), InvalidArgumentError);
    expect(error.argument).toBe('folder');
  });
});
