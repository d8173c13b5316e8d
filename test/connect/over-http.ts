import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { deferred } from './helpers.js';

/** Sends raw headers over a real connection, and gives what Node made of it to `handle`. */
export async function overHttp<T>(
  headers: readonly string[],
  body: string,
  handle: (request: IncomingMessage) => Promise<T>,
): Promise<T> {
  const { promise, resolve, reject } = deferred<T>();
  const server = createServer((request, response) => {
    handle(request)
      .then(resolve, reject)
      .finally(() => response.end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  httpRequest({ port, host: '127.0.0.1', method: 'POST', headers: [...headers, 'host', 'x'] }).end(body);
  return promise;
}
