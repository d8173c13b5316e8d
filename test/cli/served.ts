import { afterAll, beforeAll } from 'vitest';
import type { ConnectEmulator } from '../../src/msw/index.js';

/** Serves an emulator over HTTP while the tests of one file run; `url` is there as soon as the first of them is. */
export function useServed(emulator: ConnectEmulator): { readonly url: string } {
  const served = { url: '', close: async () => {} };
  beforeAll(async () => void Object.assign(served, await emulator.listen()));
  afterAll(() => served.close());
  return served;
}
