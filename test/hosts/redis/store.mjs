// Shares tokens through a real Redis: two clients make one request, and a token that one deletes is not served to a third.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'vercel-rest';
import { createConnectClient } from 'vercel-rest/connect';
import { createRedisStore } from 'vercel-rest/redis';

const [library] = process.argv.slice(2);
const options = { baseUrl: process.env.API_URL, bearerToken: 'host-bearer' };
const keys = { index: randomBytes(32), sealing: [randomBytes(32)] };
const subject = { type: 'app' };

if (spawnSync('redis-server', ['--version']).status === 0) await run();
else console.log('skipped: this machine has no redis-server');

async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'vercel-rest-redis-'));
  const path = join(folder, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', path, '--save', '', '--appendonly', 'no', '--dir', folder];
  const server = spawn('redis-server', args, { stdio: 'pipe' });
  try {
    await new Promise((resolve, reject) => {
      server.stdout.on('data', (text) => String(text).includes('eady to accept') && resolve());
      server.on('exit', reject);
    });
    await share(path);
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function share(path) {
  const clients = [];
  const connect = async () => {
    const client = await connectTo(path);
    clients.push(client);
    return createConnectClient({ ...options, cache: { store: createRedisStore({ client, keys }) } });
  };
  const [one, two] = [await connect(), await connect()];
  const [first, second] = await Promise.all(
    [one, two].map((each) => each.getToken('slack/acme', { subject })),
  );
  assert.match(first, /^host-token-\d+$/);
  assert.equal(second, first);
  one.deleteTokenCacheEntry('slack/acme', { subject });
  // Closing waits until the store knows of the deletion.
  await one.close();
  const three = await connect();
  assert.notEqual(await three.getToken('slack/acme', { subject }), first);
  for (const each of [two, three]) await each.close();
  for (const client of clients) library === 'ioredis' ? client.disconnect() : client.destroy();
  const { data } = await createClient(options).GET('/v2/connect/connectors');
  assert.equal(data.connectors[0].uid, 'slack/acme');
  console.log('ran: tokens shared through Redis');
}

async function connectTo(path) {
  if (library === 'ioredis') {
    const { Redis } = await import('ioredis');
    const client = new Redis(path);
    await once(client, 'ready');
    return client;
  }
  const { createClient: createRedisClient } = await import('redis');
  return createRedisClient({ socket: { path } })
    .on('error', () => undefined)
    .connect();
}
