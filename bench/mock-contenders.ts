import { join } from 'node:path';
import { root } from './published.js';

export const HANDLERS = 'createHandlers of vercel-rest/msw';
export const SOURCE = 'fromOpenApi of @msw/source';
export const COMMAND = 'vercel-rest mock';
export const PRISM = 'Prism';

/** GET operations that all are asked for, without parameters that one of them would refuse. */
export const PATHS = ['/v2/user', '/v9/projects/prj_bench', '/v6/deployments', '/v1/access-groups/ag_bench'];

/** The program of the processes that measure themselves. */
export const CHILD = join(root, 'bench/mock-child.mjs');

/** The arguments of Node that serve a document on a free port. */
export function commandOf(document: string): readonly string[] {
  return [join(root, 'dist/cli/main.js'), 'mock', document, '--port', '0'];
}
