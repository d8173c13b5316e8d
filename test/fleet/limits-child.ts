// One process of two that send in bulk under shared limits. Reports what became of its calls over IPC.
import { createClient as connect } from 'redis';
import { createClient } from '../../src/index.js';
import { limited, type PlatformPaths, platformOperations } from '../../src/platform/index.js';
import { createRedisRateLimits } from '../../src/redis/index.js';

export interface LimitsTask {
  readonly redisUrl: string;
  readonly apiUrl: string;
  readonly variables: number;
  readonly projects: number;
}

// Whoever starts this program writes the task.
const task = JSON.parse(process.argv[2] ?? '{}') as LimitsTask;
const redis = connect({ url: task.redisUrl });
redis.on('error', () => undefined);
await redis.connect();
const client = createClient<PlatformPaths>({
  operations: platformOperations,
  baseUrl: task.apiUrl,
  bearerToken: 'token',
});
const bulk = limited(client, {
  concurrency: 20,
  limits: createRedisRateLimits({ client: redis, scope: 'team_acme' }),
});
const path = { idOrName: 'storefront' };
const [variables, projects] = await Promise.all([
  bulk.each(Array.from({ length: task.variables }).keys(), async (number) => {
    const body = { key: `KEY_${number}`, value: 'v', type: 'plain', target: ['preview'] } as const;
    // The API of the test sends back what it got.
    const { data } = await bulk.POST('/v10/projects/{idOrName}/env', {
      params: { path },
      body: { ...body, target: ['preview'] },
    });
    return JSON.parse(Object(data).sent).key === `KEY_${number}`;
  }),
  bulk.each(Array.from({ length: task.projects }).keys(), async () => {
    await bulk.PATCH('/v9/projects/{idOrName}', { params: { path }, body: { nodeVersion: '22.x' } });
    return true;
  }),
]);
const all = [...variables, ...projects];
process.send?.({ right: all.filter((result) => result.ok && result.value).length, of: all.length });
redis.destroy();
