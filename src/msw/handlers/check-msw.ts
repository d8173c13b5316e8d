import { InvalidArgumentError } from '../../errors/index.js';
import { nodeModule } from '../../util/node-module.js';

/** The facts that {@link checkMsw} needs. */
export interface MswHost {
  /** Version of the msw that is installed; `undefined` where it cannot be read. */
  readonly msw: string | undefined;
  readonly node: string;
  readonly hasWithResolvers: boolean;
}

/**
 * Refuses a version of msw that this Node cannot run: msw 3 uses `Promise.withResolvers`, which Node has since version 22, and
 * would fail each request with a `TypeError` that looks like a failure of the network.
 *
 * @throws {InvalidArgumentError} Naming both versions, and the command that installs the other msw.
 */
export function checkMsw({ msw, node, hasWithResolvers }: MswHost = thisHost()): void {
  if (hasWithResolvers || msw === undefined || Number.parseInt(msw, 10) < 3) return;
  throw new InvalidArgumentError(
    'msw',
    `is version ${msw}, which needs Node 22.12 or later, and this is Node ${node}: run \`npm install --save-dev msw@2\``,
  );
}

function thisHost(): MswHost {
  const hasWithResolvers = 'withResolvers' in Promise;
  let msw: string | undefined;
  try {
    // Read only where it matters: it is a file.
    const require = hasWithResolvers ? undefined : nodeModule('node:module')?.createRequire(import.meta.url);
    msw = require?.('msw/package.json').version;
  } catch {
    // A bundle has no packages to look at.
  }
  return { hasWithResolvers, msw, node: globalThis.process?.versions?.node ?? 'unknown' };
}
