import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Starts a server of another origin, which records the tokens that it is sent. */
export async function startOther() {
  const tokens: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    tokens.push(request.headers.authorization);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // A server that listens on TCP has an address with a port.
  return {
    url: `http://127.0.0.1:${port}`,
    tokens,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
