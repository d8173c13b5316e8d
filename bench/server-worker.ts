// The HTTP server that the clients talk to, in a thread of its own: its work is not theirs, nor its heap.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { answerTo } from './answers.js';
import { seededRandom } from './measure.js';
import type { ServerSettings } from './server.js';

// Set by `startServer`, which has it typed.
const { faultShare, tokenLifeMs } = workerData as ServerSettings;
const random = seededRandom(7);

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  // A request is read to its end before it is answered, or its connection could not be used again.
  request.resume().once('end', () => {
    if (random() < faultShare) misbehave(request, response);
    else answer(request, response);
  });
});
server.listen(0, '127.0.0.1', () => {
  // A server that listens on TCP has an address with a port.
  parentPort?.postMessage((server.address() as AddressInfo).port);
});

function answer({ method = 'GET', url = '/' }: IncomingMessage, response: ServerResponse): void {
  const body = Buffer.from(answerTo(method, url, tokenLifeMs));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

const FAULTS: readonly ((request: IncomingMessage, response: ServerResponse) => void)[] = [
  (_, response) => fail(response, 503),
  (_, response) => fail(response, 500),
  (_, response) => fail(response, 429),
  // No answer at all.
  (request) => request.socket.destroy(),
  // A body that breaks off.
  (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 });
    response.write('{"connectors":[');
    setImmediate(() => request.socket.destroy());
  },
  // A body that is no JSON.
  (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'),
];

function misbehave(request: IncomingMessage, response: ServerResponse): void {
  FAULTS[Math.floor(random() * FAULTS.length)]?.(request, response);
}

function fail(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { code: 'bench', message: 'A fault of the bench.' } }));
}
