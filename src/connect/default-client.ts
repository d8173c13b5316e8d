import { createConnectClient } from './client.js';
import type { ConnectClient } from './types.js';

// The one mutable state of the package: what the functions below share, made at their first use.
let defaultClient: ConnectClient | undefined;

/** The client of the functions that are exported by themselves. */
export function client(): ConnectClient {
  defaultClient ??= createConnectClient();
  return defaultClient;
}
