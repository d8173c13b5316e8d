import { clientOver } from '../client/create-client.js';
import type { Transport } from '../client/create-transport.js';
import type { Client } from '../client/types.js';
import type { operations, paths } from '../generated/connect.js';
import { operations as table } from '../generated/index.js';

/** One API that tokens come from. */
export interface ConnectApi {
  readonly transport: Transport;
  /** Made at the first call of {@link restClient}: a program that only gets tokens has none. */
  client: Client<paths, operations> | undefined;
}

/** Returns the REST client of an API, for every operation but that of a token. */
export function restClient(api: ConnectApi): Client<paths, operations> {
  api.client ??= clientOver<paths, operations>(api.transport, table);
  return api.client;
}
