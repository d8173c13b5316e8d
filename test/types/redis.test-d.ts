import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster, createSentinel } from 'redis';
import { assertType, it } from 'vitest';
import type { RedisClient } from '../../src/redis/index.js';

it('every kind of client is taken', () => {
  assertType<RedisClient>(createClient());
  assertType<RedisClient>(createCluster({ rootNodes: [] }));
  assertType<RedisClient>(createSentinel({ name: 'main', sentinelRootNodes: [] }));
  assertType<RedisClient>(new Redis());
  assertType<RedisClient>(new Cluster([]));
  // @ts-expect-error what is no client
  assertType<RedisClient>({ get: () => 'value' });
});
