// The life of a connector, played through the published program against `vercel-rest mock`: create, attach, authorize in
// a browser, token, use, a trigger received and verified, revoke, detach, remove.
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTriggerVerifier, type TriggerEvent } from '../../src/connect/index.js';
import { oidcToken } from '../connect/helpers.js';
import { useBinary } from './binary.js';
import { browserPath, openBrowser, pressInBrowser, pressWithoutBrowser } from './browser.js';

const CONNECTOR = 'oauth/life';
const PROJECT = 'prj_life';
const run = useBinary();
const children: ChildProcess[] = [];
let mock = '';

/** Starts the program and gives the first line of a stream that matches. */
function start(
  args: readonly string[],
  stream: 'stdout' | 'stderr',
  wanted: RegExp,
  env: Readonly<Record<string, string>> = {},
) {
  const child = spawn(process.execPath, [run.path(), ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  children.push(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const found = new Promise<string>((resolve, reject) => {
    createInterface({ input: child[stream] }).on('line', (line) => {
      const match = wanted.exec(line)?.[1];
      if (match !== undefined) resolve(match);
    });
    void ended.then((code) => reject(new Error(`it ended with ${code} before it said so`)));
  });
  return { found, ended };
}

beforeAll(async () => {
  mock = await start(['mock', '--port', '0'], 'stdout', /^(http:\S+)$/).found;
});
afterAll(() => {
  for (const child of children) child.kill();
});

/** The OIDC token of the project's deployment, as the platform gives it. */
function projectToken(): string {
  const [head = '', body = '', signature = ''] = oidcToken('life').split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  const own = { ...claims, project_id: PROJECT, environment: 'production' };
  return [head, Buffer.from(JSON.stringify(own)).toString('base64url'), signature].join('.');
}

const PERSON = { VERCEL_TOKEN: 'an-access-token' };
const DEPLOYMENT = { VERCEL_TOKEN: projectToken() };
const USER = ['--subject', 'user:user_life'];

const connect = (args: readonly string[], env: Readonly<Record<string, string>> = PERSON, stdin = '') =>
  run(['connect', ...args, '--base-url', mock], { env, stdin });
const token = () => connect(['token', CONNECTOR, ...USER], DEPLOYMENT);

/** A deployment that verifies what it receives. */
async function deployment() {
  const verifier = createTriggerVerifier({ jwksUrl: `${mock}/.well-known/jwks` });
  const events: TriggerEvent[] = [];
  const server = createServer((request, response) => {
    verifier.verify(request, { projectId: PROJECT, environment: 'production', connector: CONNECTOR }).then(
      (event) => {
        events.push(event);
        response.writeHead(204).end();
      },
      () => response.writeHead(401).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, events, close: () => server.close() };
}

test('the life of a connector', async () => {
  const data = JSON.stringify({ clientId: 'life', clientSecret: 'the-client-secret' });
  const created = await connect(
    ['create', 'oauth', '--name', 'Life', '--uid', CONNECTOR, '--data', '@-'],
    PERSON,
    data,
  );
  expect(created).toMatchObject({ code: 0, stdout: expect.stringContaining(CONNECTOR) });

  expect(await token()).toMatchObject({ code: 1, stderr: expect.stringContaining('connect attach') });
  expect((await connect(['attach', CONNECTOR, '-p', PROJECT, '-e', 'production'])).code).toBe(0);
  expect(await token()).toMatchObject({ code: 1, stderr: expect.stringContaining('connect authorize') });

  const args = ['connect', 'authorize', CONNECTOR, ...USER, '--base-url', mock];
  const authorize = start(args, 'stderr', /^Open (\S+)/, DEPLOYMENT);
  const page = await authorize.found;
  if (browserPath === undefined)
    console.log(
      'skipped: consent in a browser, since this machine has no Chromium; the form was sent without one',
    );
  const browser = browserPath === undefined ? undefined : await openBrowser();
  const heading =
    browser === undefined
      ? await pressWithoutBrowser(page, '#approve')
      : await pressInBrowser(page, '#approve', browser);
  await browser?.close();
  expect(heading).toBe('Approved');
  expect(await authorize.ended).toBe(0);

  const first = await token();
  expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^oauth-emulated-\S+\n$/) });
  expect(await token()).toEqual(first);

  const shop = await deployment();
  const to = `${PROJECT},path=/api/hook`;
  expect((await connect(['triggers', CONNECTOR, '--to', to])).code).toBe(0);
  const intake = `${mock}/connect/trigger/${encodeURIComponent(CONNECTOR)}`;
  const sent = await fetch(`${intake}?to=${shop.url}`, { method: 'POST', body: '{"issue":1}' });
  expect(await sent.json()).toMatchObject({ delivered: [{ status: 204 }] });
  expect(shop.events.map((event) => event.json())).toEqual([{ issue: 1 }]);
  shop.close();

  expect((await connect(['revoke-tokens', CONNECTOR, ...USER, '--yes'])).code).toBe(0);
  expect(await token()).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('user_authorization_required'),
  });

  expect((await connect(['detach', CONNECTOR, '-p', PROJECT, '--yes'])).code).toBe(0);
  expect(await token()).toMatchObject({ code: 1, stderr: expect.stringContaining('not linked') });

  expect((await connect(['remove', CONNECTOR, '--yes'])).code).toBe(0);
  expect(await token()).toMatchObject({ code: 1, stderr: expect.stringContaining('not_found') });
});
