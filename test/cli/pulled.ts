import { join } from 'node:path';
import { startServer } from '../helpers/loopback-server.js';
import { documentOf, serveDocument, temporaryFolder, testWorld } from '../helpers/pull-world.js';
import { runCli } from './run-cli.js';

/** Pulls `document` into a new folder, and gives what later pulls need. */
export async function pulled(document: unknown = documentOf(20), etag = '"one"') {
  const folder = await temporaryFolder();
  const out = join(folder, 'vercel.json');
  let listener = serveDocument(document, etag);
  const server = await startServer((request, response) => listener(request, response));
  const pull = (...flags: string[]) =>
    runCli(['pull', '--url', server.url, '--out', out, ...flags], { pullWorld: testWorld().world });
  const first = await pull();
  return {
    folder,
    out,
    lock: join(folder, 'vercel.lock.json'),
    server,
    pull,
    first,
    serve: (next: typeof listener) => {
      listener = next;
    },
  };
}
