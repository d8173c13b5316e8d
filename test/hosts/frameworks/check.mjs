// Builds an app and serves it, then serves it again with the framework's dev server, which loads packages in its own way.
// A token has to be cached across requests, and across a hot reload of a route. Nothing of clients.ts may reach a browser.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { createConnectClient } from 'vercel-rest/connect';
import { createConnectEmulator } from 'vercel-rest/msw';

// `output` is a build that runs without the project.
const APPS = {
  nuxt: {
    build: ['nuxt', 'build'],
    dev: ['nuxt', 'dev', '--no-fork', '--port'],
    output: '.output',
    start: ['server/index.mjs'],
    client: '.output/public',
    api: '/api/all',
    trigger: '/api/trigger',
    // Nitro answers with the status of an error that has one.
    fail: ['/api/fail', 404],
    form: 401,
    route: 'server/api/all.ts',
    // Nitro bundles the server again, and starts it again.
    keepsModules: false,
  },
  nitro: {
    build: ['nitro', 'build'],
    dev: ['nitro', 'dev', '--port'],
    output: '.output',
    start: ['server/index.mjs'],
    api: '/api/all',
    trigger: '/api/trigger',
    // The newest versions answer 500.
    fail: ['/api/fail', 404, 500],
    form: 401,
    route: 'routes/api/all.ts',
    keepsModules: false,
  },
  sveltekit: {
    build: ['vite', 'build'],
    dev: ['vite', 'dev', '--strictPort', '--host', '127.0.0.1', '--port'],
    start: ['build/index.js'],
    client: 'build/client',
    api: '/api',
    trigger: '/trigger',
    fail: ['/fail', 500],
    // SvelteKit refuses a form without an `Origin` before the route runs.
    form: 403,
    route: 'src/routes/api/+server.ts',
    keepsModules: true,
  },
  astro: {
    build: ['astro', 'build'],
    dev: ['astro', 'dev', '--host', '127.0.0.1', '--port'],
    start: ['dist/server/entry.mjs'],
    client: 'dist/client',
    api: '/api/all',
    trigger: '/api/trigger',
    fail: ['/api/fail', 500],
    // As SvelteKit does.
    form: 403,
    route: 'src/pages/api/all.ts',
    keepsModules: true,
  },
  'react-router': {
    build: ['react-router', 'build'],
    dev: ['react-router', 'dev', '--strictPort', '--host', '127.0.0.1', '--port'],
    start: ['node_modules/.bin/react-router-serve', 'build/server/index.js'],
    client: 'build/client',
    api: '/api/all',
    trigger: '/api/trigger',
    fail: ['/fail', 500],
    form: 401,
    route: 'app/routes/all.ts',
    // The route is no part of a page: Vite runs the whole program again.
    keepsModules: false,
  },
};
const BROWSERS = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
/** A text of the package that no minifier takes away. */
const PACKAGE = 'vercel-rest/';
const BEARER = 'host-bearer';
const FIRST = { route: 'route-1', clients: 'clients-1' };

const [name] = process.argv.slice(2);
const app = APPS[name];
const { API_URL, ...buildEnvironment } = process.env;
const emulator = createConnectEmulator();
const connect = await emulator.listen();
for (const source of ['shared', name]) cpSync(source, '.', { recursive: true });
build();
await serve('production', productionCommand(), async (origin) => {
  await checkRequests(origin);
  assert.equal(await postForm(origin), app.form);
});
await serve('dev', app.dev.map(binary), async (origin, server) => {
  await checkRequests(origin);
  await checkReload(origin, server);
});
await connect.close();
console.log('ran: trigger, production, dev server, hot reload');

/** The clients are made when the module loads, which some builds do: there is no API then. */
function build() {
  const [command, ...args] = app.build.map(binary);
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
    env: buildEnvironment,
  });
  console.log(stdout, stderr);
  assert.equal(status, 0, 'the build failed');
  if (app.client === undefined) return;
  const leaks = filesOf(app.client).filter((file) => readFileSync(file, 'latin1').includes(BEARER));
  assert.deepEqual(leaks, [], 'files for the browser hold the bearer');
}

/** The program to start: in a folder above which there is no node_modules, where the build brings its own. */
function productionCommand() {
  if (app.output === undefined) return app.start;
  const folder = mkdtempSync(join(tmpdir(), 'vercel-rest-alone-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  cpSync(app.output, folder, { recursive: true, verbatimSymlinks: true });
  return app.start.map((file) => join(folder, file));
}

async function serve(kind, args, check) {
  const port = await freePort();
  const server = spawn(process.execPath, kind === 'dev' ? [...args, String(port)] : args, {
    cwd: app.output === undefined || kind === 'dev' ? '.' : tmpdir(),
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      JWKS_URL: `${connect.url}/.well-known/jwks`,
    },
    stdio: 'pipe',
    // A process group of its own: some dev servers start another process.
    detached: true,
  });
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (output += chunk));
  try {
    const origin = `http://127.0.0.1:${port}`;
    await until(`${kind} answers`, server, async () => (await fetch(origin + app.api)).ok);
    await check(origin, server);
    assert.doesNotMatch(output, new RegExp(`${BEARER}|host-token-`), 'the log holds a secret');
  } catch (error) {
    console.error(`${kind}:\n${output}`);
    throw error;
  } finally {
    if (server.exitCode === null) process.kill(-server.pid, 'SIGKILL');
  }
}

async function checkRequests(origin) {
  const { token, ...rest } = await readAll(origin);
  assert.deepEqual(rest, { ...FIRST, uid: 'slack/acme', project: 'acme', isNotFound: true });
  assert.match(token, /^host-token-\d+$/);
  assert.equal((await readAll(origin)).token, token, 'the token was not cached across requests');
  await checkFailure(origin);
  await checkTrigger(origin);
  if (app.client !== undefined) await checkPages(origin);
}

/** What a framework answers for an error that nobody catches. */
async function checkFailure(origin) {
  const [path, ...statuses] = app.fail;
  const response = await fetch(origin + path);
  assert.ok(statuses.includes(response.status), `the failure was answered ${response.status}`);
  assert.doesNotMatch(await response.text(), new RegExp(BEARER));
}

async function checkTrigger(origin) {
  const admin = createConnectClient({ baseUrl: connect.url, bearerToken: 'any-bearer' });
  await admin.triggers.set('slack/acme-slack', [{ projectId: 'prj_1' }]);
  const [{ headers, body }] = await emulator.forward('slack/acme-slack', { event: 'Zürich' });
  const send = (init) => fetch(origin + app.trigger, { method: 'POST', body, ...init });
  assert.deepEqual(await (await send({ headers })).json(), { event: 'Zürich' });
  assert.equal((await send({ headers: { 'content-type': 'application/json' } })).status, 401);
}

/** Posts a form as a provider does: without an `Origin`. @returns The status. */
async function postForm(origin) {
  const response = await fetch(origin + app.trigger, {
    method: 'POST',
    body: new URLSearchParams({ a: 'b' }),
  });
  return response.status;
}

async function checkPages(origin) {
  const html = await (await fetch(origin)).text();
  assert.match(html, /Acme/);
  assert.doesNotMatch(html, new RegExp(`${BEARER}|host-token-`));
  const executablePath = BROWSERS.find((path) => path && existsSync(path));
  if (executablePath === undefined) return;
  const browser = await chromium.launch({ executablePath, headless: true, args: ['--no-sandbox'] });
  try {
    const served = await open(browser, origin, (page) => page.getByText('Acme').waitFor());
    assert.deepEqual(
      served.filter(({ text }) => text.includes(PACKAGE) || text.includes(BEARER)).map(({ url }) => url),
      [],
      'a page whose data comes from the server loads the package',
    );
    const address = `${origin}/browser#${new URLSearchParams({ api: API_URL, bearer: BEARER })}`;
    const loaded = await open(browser, address, runInBrowser);
    assert.ok(
      loaded.some(({ text }) => text.includes(PACKAGE)),
      'client code does not load the package',
    );
    console.log(`ran: in Chromium ${browser.version()}`);
  } finally {
    await browser.close();
  }
}

/** @returns Every script that the page loaded, and the page. */
async function open(browser, address, check) {
  const page = await browser.newPage();
  const texts = [];
  page.on('response', (response) => {
    const type = response.headers()['content-type'] ?? '';
    if (/html|javascript/.test(type))
      texts.push(
        response.text().then(
          (text) => ({ url: response.url(), text }),
          () => undefined,
        ),
      );
  });
  page.on('pageerror', (error) => console.error(error));
  await page.goto(address, { waitUntil: 'load' });
  await check(page);
  const found = await Promise.all(texts);
  await page.close();
  return found.filter((response) => response !== undefined);
}

async function runInBrowser(page) {
  await page.waitForSelector('#done, #failed', { state: 'attached', timeout: 30_000 });
  if ((await page.$('#done')) === null) throw new Error(await page.title());
}

async function checkReload(origin, server) {
  const { token } = await readAll(origin);
  edit(app.route, FIRST.route, 'route-2');
  const isReloaded = async (what) => Object.values(await readAll(origin)).includes(what);
  await until('the route is reloaded', server, () => isReloaded('route-2'));
  if (app.keepsModules) assert.equal((await readAll(origin)).token, token, 'the reload lost the token');
  edit('clients.ts', FIRST.clients, 'clients-2');
  await until('the clients are reloaded', server, () => isReloaded('clients-2'));
  const { token: next, ...rest } = await readAll(origin);
  assert.deepEqual(rest, {
    route: 'route-2',
    clients: 'clients-2',
    uid: 'slack/acme',
    project: 'acme',
    isNotFound: true,
  });
  assert.match(next, /^host-token-\d+$/);
}

async function readAll(origin) {
  return (await fetch(origin + app.api)).json();
}

function edit(file, from, to) {
  const text = readFileSync(file, 'utf8');
  assert.ok(text.includes(from));
  writeFileSync(file, text.replace(from, to));
}

async function until(what, server, isDone) {
  for (let attempt = 0; attempt < 600 && server.exitCode === null; attempt++) {
    if (await isDone().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it never came to this: ${what}`);
}

function binary(word, index) {
  return index === 0 ? join('node_modules/.bin', word) : word;
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
