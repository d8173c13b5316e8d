import { createServer } from 'node:net';
import { join } from 'node:path';
import { installPackage } from './install-package.js';

/** Not among the dependencies of this repository: it brings two hundred packages, and one benchmark uses it. */
const PRISM = '@stoplight/prism-cli@5.16.0';

/** Prism, installed for one run. */
export interface Prism {
  readonly version: string;
  /** The arguments of Node that serve a document on a port. */
  serve(document: string, port: number): readonly string[];
  remove(): void;
}

/** Installs Prism in a temporary folder; `undefined`, and a line that says why, where that fails. */
export function installPrism(): Prism | undefined {
  const installed = installPackage('mock', PRISM);
  if (installed === undefined) return undefined;
  const program = join(installed.folder, 'node_modules/@stoplight/prism-cli/dist/index.js');
  return {
    version: PRISM,
    serve: (document, port) => [program, 'mock', document, '-h', '127.0.0.1', '-p', String(port)],
    remove: installed.remove,
  };
}

/** A port that was free a moment ago: Prism takes none by itself. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
