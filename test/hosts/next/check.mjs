// Builds the app and serves it. Every route has to answer each request with a token that was issued for that request, and
// no token may be on disk, neither after the build nor after the requests.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const [folder = '.'] = process.argv.slice(2);
const next = join(import.meta.dirname, 'node_modules/next/dist/bin/next');
const routes =
  folder === '.'
    ? ['/', '/dynamic', '/isr', '/force-cache', '/edge-page', '/api/token', '/api/static', '/api/edge']
    : ['/', '/api/token'];

// The cache of fetch keeps bodies in Base64, where a text has three forms, and its ends depend on what stands beside it.
const FORMS = [
  'host-token-',
  ...[0, 1, 2].map((offset) =>
    Buffer.from(`${' '.repeat(offset)}host-token-`)
      .toString('base64')
      .slice(offset + 1, -4),
  ),
];

build();
assertNothingStored('after the build');
await serve();
assertNothingStored('after the requests');
console.log(
  folder === '.'
    ? 'ran: pages, ISR, force-cache, route handlers, edge'
    : 'ran: prerender with cacheComponents',
);

function build() {
  const bundler = process.env.BUNDLER === undefined ? [] : [`--${process.env.BUNDLER}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, [next, 'build', ...bundler], {
    cwd: folder,
    encoding: 'utf8',
  });
  console.log(stdout, stderr);
  assert.equal(status, 0, 'next build failed');
  // What Next throws to end a prerender is Next's own: retrying or wrapping it shows as an error of this package.
  assert.doesNotMatch(stdout + stderr, /APIConnectionError|got no answer/);
}

async function serve() {
  const before = await issued();
  const port = await freePort();
  const server = spawn(process.execPath, [next, 'start', '-p', String(port)], { cwd: folder, stdio: 'pipe' });
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (output += chunk));
  try {
    await listening(port, server);
    for (const route of routes) await checkRoute(`http://127.0.0.1:${port}`, route, before);
  } catch (error) {
    console.error(output);
    throw error;
  } finally {
    server.kill('SIGKILL');
  }
}

/** Two requests, each with a token that nobody had before. */
async function checkRoute(origin, route, before) {
  let last = before;
  for (const round of ['first', 'second']) {
    const response = await fetch(origin + route);
    const text = await response.text();
    assert.equal(response.status, 200, `${route} answered ${response.status}`);
    const number = Number(/host-token-(\d+)/.exec(text)?.[1]);
    assert.ok(
      number > last,
      `${route}, ${round} request: token ${number} was issued before (the newest was ${last})`,
    );
    last = await issued();
    assert.ok(number <= last, `${route} made up a token`);
  }
}

function assertNothingStored(when) {
  const found = filesOf(join(folder, '.next')).filter((file) => {
    const text = readFileSync(file, 'latin1');
    return FORMS.some((form) => text.includes(form));
  });
  assert.deepEqual(found, [], `tokens are on disk ${when}`);
}

function filesOf(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

async function issued() {
  const response = await fetch(`${process.env.API_URL}/issued`);
  return (await response.json()).issued;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Resolves once the server accepts a connection. */
async function listening(port, server) {
  for (let attempt = 0; attempt < 300 && server.exitCode === null; attempt++) {
    const isUp = await fetch(`http://127.0.0.1:${port}/api/none`).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('next start did not listen');
}
