import type { ConnectTokenParams } from '../../src/connect/index.js';
import { CONNECTOR, countedToken } from '../connect/helpers.js';
import { type startFleetOver, until } from './fleet.js';
import type { Topology } from './topologies.js';

type Fleet = Awaited<ReturnType<typeof startFleetOver>>;

/** An API that numbers its tokens. */
export const answer: typeof countedToken = (request, index) =>
  request.method === 'DELETE' ? new Response(null, { status: 204 }) : countedToken(request, index);

export const user = (id: number): ConnectTokenParams => ({ subject: { type: 'user', id: `user_${id}` } });

/**
 * Kills the first server, which has a replica, while everybody asks all the time for new tokens: no call may fail, and in
 * the end each fleet has to share the token of each user again.
 */
export async function loseMaster(
  topology: Topology,
  fleets: readonly Fleet[],
  users: readonly ConnectTokenParams[],
): Promise<void> {
  await topology.servers[0]?.kill();
  await Promise.all(
    fleets.flatMap((fleet) => users.map((params) => until(() => isShared(fleet, params), 10_000))),
  );
}

/** Whether a token that one has just made is what the other is given. A call that fails ends the test. */
async function isShared({ clients: [one, two] }: Fleet, params: ConnectTokenParams): Promise<boolean> {
  const signal = AbortSignal.timeout(5_000);
  const fresh = await one?.getToken(CONNECTOR, params, { forceRefresh: true, signal });
  return fresh === (await two?.getToken(CONNECTOR, params, { signal }));
}
