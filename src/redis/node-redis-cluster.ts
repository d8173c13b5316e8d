import { listOf } from '../util/is-record.js';
import { keySlot } from './key-slot.js';
import { fieldOf, methodOf, type NodeRedisClient } from './redis-client.js';

/** Between two looks for a node that has taken over, in milliseconds. */
const REST_MS = 500;

/** The nodes of a cluster, as far as a client of `redis` 5 knows them. */
interface ClusterNodes {
  /** Whether the node that has a key can be asked. Where it cannot, looks for the one that has taken over. */
  isReadyFor(key: string): boolean;
  /** The client of some node that can be asked. */
  any(): unknown;
}

/** Whether a client is one of `createCluster`. */
export function isCluster(client: NodeRedisClient): boolean {
  return Array.isArray(Reflect.get(client, 'slots'));
}

/**
 * Watches over the nodes of a cluster.
 *
 * A client of `redis` asks for the nodes again when one of them says that a key has moved. One that is gone says nothing:
 * what is sent to it is kept until it is back, and the replica that has taken over goes unnoticed.
 */
export function createClusterNodes(client: NodeRedisClient): ClusterNodes {
  let isLooking = false;
  const any = () => clientsOf(client).find(isReady);
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      // Public, though not documented. Without it the other nodes report the change sooner or later.
      await methodOf(Reflect.get(client, '_slots'), 'rediscover')?.(any() ?? clientsOf(client)[0]);
    } catch {
      // No node replies; the next attempt may find one.
    }
    setTimeout(() => {
      isLooking = false;
    }, REST_MS).unref();
  };
  return {
    any,
    isReadyFor(key) {
      if (!client.isOpen) return false;
      const node = fieldOf(listOf(fieldOf(client, 'slots'))[keySlot(key)], 'master');
      const known = fieldOf(node, 'client');
      // A node that has not been needed before is connected to when it is.
      if (node !== undefined && (known === undefined || isReady(known))) return true;
      void look();
      return false;
    },
  };
}

function clientsOf(client: NodeRedisClient): unknown[] {
  return listOf(fieldOf(client, 'masters'))
    .map((node) => fieldOf(node, 'client'))
    .filter((known) => known !== undefined);
}

function isReady(known: unknown): boolean {
  return fieldOf(known, 'isReady') === true;
}
