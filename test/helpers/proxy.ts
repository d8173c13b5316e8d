import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A certificate of one's own, as companies have them; `undefined` without openssl. */
export interface Certificate {
  /** PEM. It is its own authority. */
  readonly ca: string;
  readonly key: string;
  /** Where `ca` lies, for `NODE_EXTRA_CA_CERTS`. */
  readonly caFile: string;
}

/** Makes a certificate for this machine, which no authority of the system has signed. */
export function makeCertificate(): Certificate | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [caFile, keyFile] = [join(folder, 'ca.pem'), join(folder, 'key.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=acme', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  try {
    execFileSync('openssl', ['req', '-x509', ...curve, ...names, '-keyout', keyFile, '-out', caFile], {
      stdio: 'ignore',
    });
  } catch {
    return undefined;
  }
  return { ca: readFileSync(caFile, 'utf8'), key: readFileSync(keyFile, 'utf8'), caFile };
}

/** Starts a proxy that opens tunnels (`CONNECT`, RFC 9110 section 9.3.6), and notes where to. */
export async function startProxy(): Promise<{ readonly url: string; readonly tunnels: string[] }> {
  const tunnels: string[] = [];
  const server = createServer((_, response) => response.writeHead(405).end());
  const sockets = new Set<{ destroy(): unknown }>();
  server.on('connect', (request, client, head) => {
    tunnels.push(request.url ?? '');
    const [host, port] = (request.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      target.pipe(client).pipe(target);
    });
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on TCP has an address with a port.
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tunnels };
}

/** Starts a https server that lists no connectors, and notes what it was sent. */
export async function startSecureServer({ ca, key }: Certificate) {
  const requests: { readonly url: string | undefined; readonly agent: string | undefined }[] = [];
  const server = createSecureServer({ cert: ca, key }, (request, response) => {
    requests.push({ url: request.url, agent: request.headers['user-agent'] });
    response.setHeader('content-type', 'application/json');
    response.end('{"connectors":[],"token":"t","expiresAt":4102444800000}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // See above.
  return { url: `https://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, requests };
}
