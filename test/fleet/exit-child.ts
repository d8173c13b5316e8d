// A process that asks for one token, closes the connection that is its own, and has nothing else to do.
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { createConnectClient } from '../../src/connect/index.js';
import { createRedisStore, type RedisClient } from '../../src/redis/index.js';

const task: { url: string; kind: string; keys: { index: string; sealing: string[] } } = JSON.parse(
  process.argv[2] ?? '{}',
);
const redis: RedisClient & { quit(): Promise<unknown> } =
  task.kind === 'ioredis' ? new Redis(task.url) : await createClient({ url: task.url }).connect();
if (redis instanceof Redis) await new Promise((resolve) => redis.once('ready', resolve));
const connect = createConnectClient({
  bearerToken: 'caller-one',
  fetch: async () => Response.json({ token: 'a', expiresAt: Date.now() + 3_600_000 }),
  cache: { store: createRedisStore({ client: redis, keys: task.keys }) },
});
await connect.getToken('oauth/linear', { subject: { type: 'app' } });
await redis.quit();
