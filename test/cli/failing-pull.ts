import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { startServer } from '../helpers/loopback-server.js';
import { contentsOf, documentOf, serveDocument, temporaryFolder } from '../helpers/pull-world.js';
import { runCli } from './run-cli.js';

/** A folder with a pulled document, and a server that then answers in another way. */
export async function failingPull(answer: RequestListener) {
  const folder = await temporaryFolder();
  let listener = serveDocument(documentOf(20));
  const server = await startServer((request, response) => listener(request, response));
  const args = ['pull', '--url', server.url, '--out', join(folder, 'vercel.json')];
  await runCli(args);
  listener = answer;
  return { folder, args, server, before: await contentsOf(folder) };
}
