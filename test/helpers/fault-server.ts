import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A request as its bytes said it. */
export interface SeenRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** Request line and headers. */
  readonly head: string;
  readonly body: string;
}

/** A request whose answer is due. */
export interface Exchange {
  readonly socket: Socket;
  readonly request: SeenRequest;
}

/** Answers one request, well or badly. */
export type Step = (exchange: Exchange) => void;

/** An HTTP/1.1 server written by hand, so that it can misbehave in every byte. */
export interface FaultServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Complete requests in order of arrival. */
  readonly requests: SeenRequest[];
  /** Sets what comes next: these steps, one per request, and after them the last argument for good. */
  play(steps: readonly Step[], thereafter: Step): void;
  /** How many complete requests came for a method and path. */
  count(method: string, path: string): number;
  /** Ends it, with its connections. */
  close(): Promise<void>;
}

/**
 * Starts a server on a free port of 127.0.0.1.
 *
 * @param choose - Picks the step of each request until `play` is called.
 */
export async function startFaultServer(choose: (request: SeenRequest) => Step): Promise<FaultServer> {
  let next = choose;
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that hangs up on a misbehaving server is what these tests are about.
    socket.on('error', () => undefined);
    onRequest(socket, (request) => {
      requests.push(request);
      next(request)({ socket, request });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    play(steps, thereafter) {
      const left = [...steps];
      next = () => left.shift() ?? thereafter;
    },
    count: (method, path) => requests.filter((one) => one.method === method && one.path === path).length,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Runs `use` with a server of its own, and ends the server whatever comes of it. */
export async function withFaultServer<T>(
  choose: (request: SeenRequest) => Step,
  use: (server: FaultServer) => Promise<T>,
): Promise<T> {
  const server = await startFaultServer(choose);
  try {
    return await use(server);
  } finally {
    await server.close();
  }
}

/** Cuts requests out of a connection's bytes, one after the other. */
function onRequest(socket: Socket, take: (request: SeenRequest) => void): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let cut = cutRequest(pending); cut !== undefined; cut = cutRequest(pending)) {
      pending = pending.subarray(cut.length);
      take(cut.request);
    }
  });
}

function cutRequest(bytes: Buffer): { request: SeenRequest; length: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.subarray(0, headEnd).toString('latin1');
  const bodyStart = headEnd + 4;
  const end = bodyEnd(bytes, head, bodyStart);
  if (end === undefined || end > bytes.length) return undefined;
  const [method = '', target = ''] = head.split(' ', 2);
  const [path = ''] = target.split('?', 1);
  const body = bytes.subarray(bodyStart, end).toString('utf8');
  return { request: { method, path, head, body }, length: end };
}

function bodyEnd(bytes: Buffer, head: string, start: number): number | undefined {
  if (/^transfer-encoding: *chunked/im.test(head)) {
    const last = bytes.indexOf('0\r\n\r\n', start);
    return last < 0 ? undefined : last + 5;
  }
  return start + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
}
