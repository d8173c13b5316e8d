// One process of a fleet. Told what to do by its first argument, as JSON; tells what came of it over IPC.
import { createClient } from 'redis';
import { type ConnectClient, createConnectClient } from '../../src/connect/index.js';
import { createRedisStore } from '../../src/redis/index.js';
import type { ChildTask } from './children.js';
import { tokenFor } from './token-for.js';

const task: ChildTask = JSON.parse(process.argv[2] ?? '{}');
if (task.skewMs !== undefined) {
  // The clock of a machine that is set wrong.
  const right = Date.now;
  const { skewMs } = task;
  Date.now = () => right() + skewMs;
}
const redis = createClient({ url: task.redisUrl });
redis.on('error', () => undefined);
await redis.connect();
const clients = task.apiUrls.map((baseUrl) =>
  createConnectClient({
    baseUrl,
    bearerToken: 'caller-one',
    headers: { 'x-pid': String(process.pid) },
    cache: {
      max: 10_000,
      negativeMs: 0,
      storeTimeoutMs: task.storeTimeoutMs,
      store: createRedisStore({ client: redis, keys: task.keys }),
    },
  }),
);
let seed = task.seed;
const random = () => {
  seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
  return seed / 2 ** 32;
};
const pick = <T>(items: readonly T[]): T => {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};
const report = { answered: 0, failures: [] as string[], wrong: [] as string[], upstream: 0 };
process.send?.('ready');
await new Promise((resolve) => process.once('message', resolve));
for (let call = 0; call < task.calls; call++) {
  await step().catch((error: unknown) => report.failures.push(String(error)));
  if (call % 20 === 0) process.send?.({ answered: report.answered });
}
report.upstream = clients.reduce((sum, client) => sum + client.stats().upstreamCalls, 0);
process.send?.({ done: report }, () => process.exit(0));

async function step(): Promise<void> {
  const at = Math.floor(random() * clients.length);
  const client = clients[at];
  if (client === undefined) return;
  const subject = `user_${Math.floor(random() * task.users)}`;
  const connector = pick(task.connectors);
  const bearer = pick(task.bearers);
  const chance = random();
  if (task.isRandom && chance < 0.05) return change(client, connector, subject, bearer, chance);
  const { token } = await client.getTokenResponse(
    connector,
    { subject: { type: 'user', id: subject } },
    { vercelToken: bearer },
  );
  report.answered++;
  const port = new URL(task.apiUrls[at] ?? '').port;
  const [owner, , endsAt] = token.split('.');
  if (owner !== tokenFor({ bearer, connector, subject }, port)) report.wrong.push(token);
  if (task.allowanceMs !== undefined && rightNow() > Number(endsAt) + task.allowanceMs) {
    report.wrong.push(`expired ${rightNow() - Number(endsAt)} ms ago`);
  }
  if (task.pauseMs !== undefined) await new Promise((resolve) => setTimeout(resolve, task.pauseMs));
}

async function change(
  client: ConnectClient,
  connector: string,
  id: string,
  vercelToken: string,
  chance: number,
): Promise<void> {
  const params = { subject: { type: 'user' as const, id } };
  if (chance < 0.01) await client.revokeToken(connector, params, { vercelToken });
  else if (chance < 0.02) client.deleteTokenCacheEntry(connector, params);
  else if (chance < 0.03) client.deleteTokenCacheEntry(connector, params, { vercelToken });
  else await client.getToken(connector, params, { vercelToken, forceRefresh: true });
  report.answered++;
}

/** The time without this process's wrong clock. */
function rightNow(): number {
  return performance.timeOrigin + performance.now();
}
