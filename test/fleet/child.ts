// One process of a fleet. Told what to do over IPC, one task after another, and tells what came of each.
import { createClient } from 'redis';
import { type ConnectClient, createConnectClient } from '../../src/connect/index.js';
import { createRedisStore } from '../../src/redis/index.js';
import type { ChildReport, ChildTask } from './children.js';
import { tokenFor } from './token-for.js';

const rightClock = Date.now;
/** Told to begin what it has been told to do. */
let begin = () => {};
process.on('message', (message: ChildTask | 'begin') => {
  if (message === 'begin') begin();
  else void carryOut(message);
});

async function carryOut(task: ChildTask): Promise<void> {
  // The clock of a machine that is set wrong.
  Date.now = () => rightClock() + (task.skewMs ?? 0);
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
  process.send?.('ready');
  await new Promise<void>((resolve) => {
    begin = resolve;
  });
  const worker = new Worker(task, clients);
  for (let call = 0; call < task.calls; call++) {
    await worker.step();
    if (call % 20 === 0) process.send?.({ answered: worker.report.answered });
  }
  for (const client of clients) await client.close();
  redis.destroy();
  process.send?.({ done: worker.report });
}

/** Asks at random, the same for the same seed. */
class Worker {
  readonly report: ChildReport & { answered: number; readonly failures: string[]; readonly wrong: string[] } =
    {
      answered: 0,
      failures: [],
      wrong: [],
    };
  readonly #task: ChildTask;
  readonly #clients: readonly ConnectClient[];
  #seed: number;

  constructor(task: ChildTask, clients: readonly ConnectClient[]) {
    this.#task = task;
    this.#clients = clients;
    this.#seed = task.seed;
  }

  async step(): Promise<void> {
    try {
      await this.#take();
    } catch (error) {
      this.report.failures.push(String(error));
    }
    const { pauseMs } = this.#task;
    if (pauseMs !== undefined) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }

  async #take(): Promise<void> {
    const task = this.#task;
    const { report } = this;
    const [client, apiUrl] = this.#pick(
      this.#clients.map((one, at) => [one, task.apiUrls[at] ?? ''] as const),
    );
    const subject = `user_${Math.floor(this.#random() * task.users)}`;
    const connector = this.#pick(task.connectors);
    const bearer = this.#pick(task.bearers);
    const chance = this.#random();
    if (task.isRandom && chance < 0.05) {
      await change(client, connector, subject, bearer, chance);
      report.answered++;
      return;
    }
    const params = { subject: { type: 'user' as const, id: subject } };
    const { token } = await client.getTokenResponse(connector, params, { vercelToken: bearer });
    report.answered++;
    const [owner, , endsAt] = token.split('.');
    if (owner !== tokenFor({ bearer, connector, subject }, new URL(apiUrl).port)) report.wrong.push(token);
    const lateMs = rightNow() - Number(endsAt);
    if (task.allowanceMs !== undefined && lateMs > task.allowanceMs) {
      report.wrong.push(`expired ${lateMs} ms ago`);
    }
  }

  #random(): number {
    this.#seed = (this.#seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return this.#seed / 2 ** 32;
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.#random() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
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
}

/** The time without this process's wrong clock. */
function rightNow(): number {
  return performance.timeOrigin + performance.now();
}
