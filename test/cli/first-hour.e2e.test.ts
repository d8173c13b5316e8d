// The first hour of an account: from `vercel-rest mock --empty` through the published program and a real browser. Each step is
// also tried where a real account refuses it.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTriggerVerifier } from '../../src/connect/index.js';
import { startServer } from '../helpers/loopback-server.js';
import { pngOf } from '../helpers/png.js';
import { useBinary } from './binary.js';
import { browserPath, openBrowser, pageNamedIn, pressInBrowser } from './browser.js';
import { deployment } from './deployment.js';

if (browserPath === undefined) console.log('skipped: the first hour, for which this machine has no Chromium');

const binary = useBinary();
let mock: ChildProcess | undefined;
let browser: Browser;
let url = '';
let folder = '';
let linked = '';

beforeAll(async () => {
  if (browserPath === undefined) return;
  browser = await openBrowser();
  folder = await mkdtemp(join(tmpdir(), 'vercel-rest-hour-'));
  linked = join(folder, 'shop');
  await mkdir(join(linked, '.vercel'), { recursive: true });
  const link = { projectId: 'prj_shop', orgId: 'team_acme' };
  await writeFile(join(linked, '.vercel', 'project.json'), JSON.stringify(link));
  const started = spawn(process.execPath, [binary.path(), 'mock', '--empty', '--port', '0'], {
    env: { PATH: process.env.PATH ?? '' },
  });
  mock = started;
  url = await new Promise<string>((resolve) =>
    started.stdout.once('data', (text) => resolve(`${text}`.trim())),
  );
});
afterAll(async () => {
  mock?.kill();
  await browser?.close();
  if (folder !== '') await rm(folder, { recursive: true });
});

const person = () => ({ VERCEL_REST_BASE_URL: url, VERCEL_TOKEN: 'an-access-token' });
const deployed = (environment: string) => ({
  VERCEL_REST_BASE_URL: url,
  ...deployment('prj_shop', environment),
});

interface How {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** The button that is pressed on the page that the command names. */
  readonly press?: '#approve' | '#deny';
}

/** Runs a command; where it names a page, that is opened in the browser. */
async function run(args: readonly string[], { env = person(), cwd = folder, press }: How = {}) {
  const pages: Promise<string>[] = [];
  const onStderr = (text: string) => {
    const page = pageNamedIn(text);
    if (page !== undefined && press !== undefined) pages.push(pressInBrowser(page, press, browser));
  };
  const outcome = await binary(args, { env, cwd, onStderr });
  return { ...outcome, pages: await Promise.all(pages) };
}

/** What a command that ends well prints as JSON. */
async function done(args: readonly string[], how: How = {}) {
  const { code, stdout, stderr, pages } = await run([...args, '--json'], how);
  expect(code, stderr).toBe(0);
  return { pages, ...JSON.parse(stdout) };
}

/** The error with which a command ends. */
async function refused(args: readonly string[], how: How = {}) {
  const { code, stderr } = await run([...args, '--json'], how);
  expect(code, stderr).not.toBe(0);
  // A page that was opened is named before the error.
  return { exit: code, ...JSON.parse(stderr.slice(stderr.indexOf('{\n'))).error };
}

const connect = (...args: string[]) => ['connect', ...args];

/** The text of the page at `/`, as a browser shows it. */
async function overview(): Promise<string> {
  const page = await browser.newPage();
  try {
    await page.goto(url);
    return (await page.textContent('body')) ?? '';
  } finally {
    await page.close();
  }
}

describe.runIf(browserPath !== undefined).sequential('the first hour', () => {
  test('begins with nothing', async () => {
    expect(await overview()).toContain('No connectors');
    expect(await done(connect('list'))).toMatchObject({ connectors: [] });
  });

  test('create', async () => {
    const create = connect('create', 'slack', '--name', 'Bot');
    const data = await refused([...create, '--data', '{}']);
    expect(data).toMatchObject({ status: 400, message: expect.stringContaining('data.appId') });
    expect(await refused(create)).toMatchObject({ code: 'registration_required', status: 422 });
    expect(await refused([...create, '--uid', 'slack/mine'])).toMatchObject({ exit: 2 });
    const canceled = await refused([...create, '--yes'], { press: '#deny' });
    expect(canceled).toMatchObject({ name: 'AuthorizationDeniedError', code: 'canceled' });
    expect(await done(connect('list'))).toMatchObject({ connectors: [] });

    const look = ['--accent-color', '#112233', '--no-autoinstall', '--yes'];
    const made = await done([...create, ...look], { press: '#approve' });
    expect(made).toMatchObject({
      ...{ uid: 'slack/bot', creationMode: 'managed', accentColor: '#112233', pages: ['Approved'] },
    });
  });

  test('attach', async () => {
    // Access tokens and deployments alike: nothing comes without a link.
    expect(await refused(['token', 'slack/bot'])).toMatchObject({ status: 403 });
    const production = { env: deployed('production') };
    expect(await refused(['token', 'slack/bot'], production)).toMatchObject({
      name: 'ClientNotLinkedToProjectError',
    });
    const attach = connect('attach', 'slack/bot');
    expect(await refused(attach)).toMatchObject({ exit: 2, message: expect.stringContaining('--project') });
    expect(await refused([...attach, '-e', 'staging'], { cwd: linked })).toMatchObject({ exit: 2 });
    expect(await refused(connect('attach', 'slack/nobody', '-p', 'shop'))).toMatchObject({ status: 404 });
    const link = await done([...attach, '-e', 'production'], { cwd: linked });
    expect(link).toMatchObject({ project: { id: 'prj_shop' }, enabledEnvironments: ['production'] });
    // Of another project, by its name.
    expect(await done([...attach, '-p', 'docs', '-e', 'preview'])).toMatchObject({
      project: { name: 'docs' },
    });
    expect(await done(connect('detach', 'slack/bot', '-p', 'docs', '--yes'))).toMatchObject({
      detached: true,
    });
  });

  test('consent and token', async () => {
    const production = { env: deployed('production') };
    const app = ['token', 'slack/bot'];
    expect(await refused(app, { env: deployed('preview') })).toMatchObject({
      name: 'ClientNotEnabledForEnvironmentError',
    });
    expect(await refused(app, production)).toMatchObject({ code: 'client_installation_required' });
    const installed = await run([...app, '--yes'], { ...production, press: '#approve' });
    expect(installed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^xoxb-\S+\n$/) });

    const own = [...app, '--subject', 'user'];
    expect(await refused(own)).toMatchObject({ code: 'user_authorization_required' });
    expect(await refused([...app, '--subject', 'user:user_9'])).toMatchObject({ status: 403 });
    const denied = await refused(connect('authorize', 'slack/bot', '-s', 'user'), { press: '#deny' });
    expect(denied).toMatchObject({ code: 'access_denied' });
    expect(await refused(own)).toMatchObject({ code: 'user_authorization_required' });
    const granted = await done(connect('authorize', 'slack/bot', '-s', 'user'), { press: '#approve' });
    expect(granted).toMatchObject({ connector: { uid: 'slack/bot' }, pages: ['Approved'] });
    expect(await run(own)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^xoxp-\S+\n$/) });
  });

  test('trigger', async () => {
    const verifier = createTriggerVerifier({ jwksUrl: `${url}/.well-known/jwks` });
    const received: unknown[] = [];
    const site = await startServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { authorization = '' } = request.headers;
      const event = new Request(`http://shop.example${request.url}`, {
        ...{ method: 'POST', headers: { authorization }, body: Buffer.concat(chunks).toString() },
      });
      const expected = { projectId: 'prj_shop', environment: 'production', connector: 'slack/bot' } as const;
      const verified = await verifier.verify(event, expected).catch(() => undefined);
      if (verified !== undefined) received.push(verified.json());
      response.writeHead(verified === undefined ? 401 : 200).end();
    });
    const provider = (body: string) =>
      fetch(`${url}/connect/trigger/slack%2Fbot?to=${site.url}`, { method: 'POST', body });
    // Nothing is forwarded before there is a destination, and nobody else's event is believed.
    expect(await (await provider('{"event":0}')).json()).toEqual({ delivered: [] });
    expect((await fetch(`${site.url}/hook`, { method: 'POST', body: '{}' })).status).toBe(401);

    await writeFile(join(folder, 'key.json'), JSON.stringify({ values: [{ value: 'k' }] }));
    await done(connect('create', 'api-key', '--name', 'Weather', '--data', '@key.json'));
    expect(await refused(connect('attach', 'api-key/weather', '--triggers'), { cwd: linked })).toMatchObject({
      code: 'not_possible',
      message: expect.stringContaining('does not support triggers'),
    });

    const attach = connect(
      'attach',
      'slack/bot',
      '-e',
      'preview',
      '--triggers',
      '--trigger-path',
      '/hook',
      '--yes',
    );
    const forwarded = await done(attach, { cwd: linked });
    // Events go to production, so that it stays enabled.
    expect(forwarded).toMatchObject({
      ...{ enabledEnvironments: ['preview', 'production'], keptForTriggers: ['production'] },
      triggerDestination: { projectId: 'prj_shop', path: '/hook' },
    });
    const sent = await provider('{"event":1}');
    expect(await sent.json()).toMatchObject({ delivered: [{ status: 200 }] });
    expect(received).toEqual([{ event: 1 }]);
  });

  test('icon', async () => {
    const whole = pngOf(640);
    const files = { 'text.png': 'text', 'cut.png': whole.subarray(0, -20), 'small.png': pngOf(64) };
    const update = (connector: string, file: string) =>
      connect('update', connector, '--icon', join(folder, file));
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), content);
      expect(await refused(update('slack/bot', name)), name).toMatchObject({ exit: 2 });
    }
    await writeFile(join(folder, 'icon.png'), whole);
    expect(await refused(update('slack/nobody', 'icon.png'))).toMatchObject({ status: 404 });
    const digest = createHash('sha1').update(whole).digest('hex');
    // Nothing was uploaded for a connector that there is not.
    expect(await refused(connect('update', 'slack/bot', '--icon', digest))).toMatchObject({ status: 400 });
    expect(await done(update('slack/bot', 'icon.png'))).toMatchObject({ connector: { icon: digest } });
  });

  test('rename', async () => {
    const rename = (...flags: string[]) => connect('update', 'slack/bot', ...flags);
    expect(await refused(rename('--name', ' '))).toMatchObject({ exit: 2 });
    expect(await refused(rename('--uid', 'api-key/weather'))).toMatchObject({
      code: 'conflict',
      status: 409,
    });
    const { connector } = await done(rename('--name', 'Support bot', '--uid', 'slack/support'));
    expect(connector).toMatchObject({ name: 'Support bot', uid: 'slack/support' });
    expect(await refused(connect('get', 'slack/bot'))).toMatchObject({ status: 404 });
    const page = await overview();
    for (const fact of ['slack/support', 'prj_shop (preview, production)', 'user_123', '/hook'])
      expect(page).toContain(fact);
  });

  test('detach', async () => {
    const remove = connect('remove', 'slack/support', '--yes');
    expect(await refused(remove)).toMatchObject({ code: 'not_possible' });
    const detach = connect('detach', 'slack/support', '--yes');
    expect(await done(detach, { cwd: linked })).toMatchObject({ uid: 'slack/support', detached: true });
    expect(await done(detach, { cwd: linked })).toMatchObject({ unchanged: true });
    expect(await refused(['token', 'slack/support'], { env: deployed('production') })).toMatchObject({
      name: 'ClientNotLinkedToProjectError',
    });
  });

  test('remove', async () => {
    for (const uid of ['slack/support', 'api-key/weather']) {
      const remove = connect('remove', uid);
      expect(await refused(remove)).toMatchObject({ exit: 2, message: expect.stringContaining('--yes') });
      expect(await done([...remove, '--yes'])).toMatchObject({ uid, removed: true });
      expect(await refused([...remove, '--yes'])).toMatchObject({ status: 404 });
    }
    expect(await overview()).toContain('No connectors');
  });
});
