// Bodies as servers get them: too long, half read, broken off. Over real connections, which the next request has to find whole.
import { createHmac } from 'node:crypto';
import { Agent, createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { VerificationError, verifyWebhook } from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/errors/index.js';
import { failureOf } from './helpers.js';
import { forward, signToken } from './trigger-helpers.js';
import { OPTIONS, useTriggerWorld } from './trigger-world.js';

const world = useTriggerWorld();
const secret = 'the-webhook-secret';
const LONG = Buffer.alloc(5_200_000, 'x');

type Handle = (request: IncomingMessage) => Promise<unknown>;

/** As adapters make one for Hono and others: a body that is Node's own stream underneath. */
function toWeb(request: IncomingMessage): Request {
  const init = {
    method: request.method ?? 'POST',
    headers: Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]),
    // The two kinds of stream are one at run time.
    body: Readable.toWeb(request) as ReadableStream<Uint8Array>,
    duplex: 'half' as const,
  };
  return new Request('http://localhost/hook', init);
}

async function serve(handle: Handle) {
  const outcomes: unknown[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'GET') return void response.end('next');
    handle(request).then(
      (value) => {
        outcomes.push(value);
        response.end();
      },
      (error: unknown) => {
        outcomes.push(error);
        response.writeHead(error instanceof VerificationError ? error.status : 500).end();
      },
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on TCP has an address with a port.
  return { port: (server.address() as AddressInfo).port, outcomes };
}

/** Sends one request, and tells whether it went over the connection of the one before. */
function send(port: number, agent: Agent, headers: Record<string, string>, body?: Buffer) {
  return new Promise<{ status: number; reused: boolean }>((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const sending = httpRequest({ port, host: '127.0.0.1', agent, method, headers }, (response) => {
      response
        .resume()
        .once('end', () => resolve({ status: response.statusCode ?? 0, reused: sending.reusedSocket }));
    });
    sending.once('error', reject);
    sending.end(body);
  });
}

const signed = { 'x-vercel-signature': createHmac('sha1', secret).update('{}').digest('hex') };
const HANDLERS: readonly (readonly [
  string,
  (authorization: string) => readonly [Handle, Record<string, string>],
])[] = [
  ['verifyWebhook', () => [(request) => verifyWebhook(request, { secret }), signed]],
  ['verifyWebhook, on a Request', () => [(request) => verifyWebhook(toWeb(request), { secret }), signed]],
  ['verify', (authorization) => [(request) => world.verifier.verify(request, OPTIONS), { authorization }]],
  [
    'verify, on a Request',
    (authorization) => [(request) => world.verifier.verify(toWeb(request), OPTIONS), { authorization }],
  ],
];

describe.each(HANDLERS)('%s', (_, make) => {
  it('refuses a body that is too long, and leaves the connection to the next request', async () => {
    const [handle, headers] = make(`Bearer ${await signToken(world.vercel)}`);
    const { port, outcomes } = await serve(handle);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    for (let round = 0; round < 4; round++) {
      expect(await send(port, agent, headers, LONG)).toMatchObject({ status: 413 });
      expect(await send(port, agent, {})).toEqual({ status: 200, reused: true });
    }
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: 'body_too_large' });
  });

  it('says what a body is that breaks off', async () => {
    const [handle, headers] = make(`Bearer ${await signToken(world.vercel)}`);
    const { port, outcomes } = await serve(handle);
    const socket = connect(port, '127.0.0.1');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(
      `POST / HTTP/1.1\r\nhost: localhost\r\n${lines.join('')}content-length: 100\r\n\r\nhalf`,
      () => socket.end(),
    );
    await expect.poll(() => outcomes).toHaveLength(1);
    expect(outcomes[0]).toBeInstanceOf(VerificationError);
    expect(outcomes[0]).toMatchObject({ reason: 'body_incomplete', status: 400 });
    socket.destroy();
  });
});

describe('a body of which somebody has read a part', () => {
  /** Reads the first chunk and nothing more, as a proxy does that looks at the beginning. */
  const readFirst = (request: IncomingMessage) =>
    new Promise<void>((resolve) => {
      request.once('data', () => {
        request.pause();
        resolve();
      });
    });

  it.each([
    ['verifyWebhook', (request: IncomingMessage) => verifyWebhook(request, { secret })],
    ['verify', (request: IncomingMessage) => world.verifier.verify(request, OPTIONS)],
  ])('is refused by %s', async (_, verify) => {
    const authorization = `Bearer ${await signToken(world.vercel)}`;
    // The second half alone is what the signature is of.
    const second = Buffer.alloc(400_000, 'b');
    const half = {
      'x-vercel-signature': createHmac('sha1', secret).update(second).digest('hex'),
      authorization,
    };
    const { port, outcomes } = await serve(async (request) => {
      await readFirst(request);
      return verify(request);
    });
    const agent = new Agent();
    await send(port, agent, half, Buffer.concat([Buffer.alloc(400_000, 'a'), second]));
    expect(outcomes[0]).toBeInstanceOf(InvalidArgumentError);
    expect(outcomes[0]).toMatchObject({ argument: 'options.body' });
  });

  it('is refused on a Request: read, being read, teed', async () => {
    const token = await signToken(world.vercel);
    const touched: ((request: Request) => unknown)[] = [
      (request) => request.body?.getReader(),
      async (request) => {
        const reader = request.body?.getReader();
        await reader?.read();
        reader?.releaseLock();
      },
      (request) => request.body?.tee(),
    ];
    for (const touch of touched) {
      const request = forward(token);
      await touch(request);
      const error = await failureOf(world.verifier.verify(request, OPTIONS), InvalidArgumentError);
      expect(error.argument).toBe('options.body');
      expect(error.message).toContain('it was read, in part or whole, before it got here');
    }
  });

  it('is taken where it is given whole', async () => {
    const request = forward(await signToken(world.vercel), 'whole');
    await request.text();
    expect((await world.verifier.verify(request, { ...OPTIONS, body: 'whole' })).text()).toBe('whole');
  });
});

it('a stream without end is left after a while', async () => {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(1_000_000));
    },
  });
  const init = { method: 'POST', body, duplex: 'half' as const, headers: { ...signed } };
  const call = verifyWebhook(new Request('http://localhost/', init), { secret });
  expect((await failureOf(call, VerificationError)).reason).toBe('body_too_large');
  await new Promise((resolve) => setImmediate(resolve));
  const soon = pulled;
  await new Promise((resolve) => setImmediate(resolve));
  expect(pulled).toBe(soon);
  expect(pulled).toBeLessThan(100);
});

describe('a body that is given', () => {
  const verify = async (body: unknown, maxBodyBytes?: number) => {
    const options = { ...OPTIONS, ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }) };
    // A caller in JavaScript can give anything.
    return world.verifier.verify(forward(await signToken(world.vercel), 'sent'), {
      ...options,
      body: body as string,
    });
  };

  it.each([
    ['text', 'né'],
    ['bytes', new TextEncoder().encode('né')],
    ['an ArrayBuffer', new TextEncoder().encode('né').buffer],
  ])('as %s is the body of the event', async (_, body) => {
    const event = await verify(body);
    expect(event.text()).toBe('né');
    expect([...event.body]).toEqual([110, 195, 169]);
  });

  it('as what a parser made of it is refused', async () => {
    const error = await failureOf(verify({ event: 1 }), InvalidArgumentError);
    expect(error.message).toBe(
      'Invalid options.body: must be the raw bytes or text of the body, got an object',
    );
  });

  it('is measured in bytes', async () => {
    expect((await verify('né', 3)).body).toHaveLength(3);
    const error = await failureOf(verify('né', 2), VerificationError);
    expect(error).toMatchObject({ reason: 'body_too_large', message: 'The body is longer than 2 bytes' });
  });

  it('may be empty where nothing else is taken', async () => {
    expect((await verify('', 0)).body).toHaveLength(0);
  });
});

describe('the limit of a body', () => {
  it.each(HANDLERS)('includes its last byte: %s', async (_, make) => {
    const [handle, headers] = make(`Bearer ${await signToken(world.vercel)}`);
    const body = Buffer.alloc(5_000_000, 'x');
    const signature = createHmac('sha1', secret).update(body).digest('hex');
    const { port, outcomes } = await serve(handle);
    const agent = new Agent();
    const own = 'x-vercel-signature' in headers ? { 'x-vercel-signature': signature } : headers;
    expect(await send(port, agent, own, body)).toMatchObject({ status: 200 });
    expect(outcomes[0]).not.toBeInstanceOf(Error);
    expect(await send(port, agent, own, Buffer.concat([body, body.subarray(0, 1)]))).toMatchObject({
      status: 413,
    });
  });
});

it('a stream that fails is a body that is incomplete, with the failure as its cause', async () => {
  const cause = new Error('the proxy broke off');
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(cause) });
  const headers = { authorization: `Bearer ${await signToken(world.vercel)}` };
  const init = { method: 'POST', body, duplex: 'half' as const, headers };
  const call = world.verifier.verify(new Request('http://localhost/', init), OPTIONS);
  const error = await failureOf(call, VerificationError);
  expect(error).toMatchObject({
    reason: 'body_incomplete',
    message: 'The request ended before its body did',
  });
  expect(error.cause).toBe(cause);
});

it('a Request without a body has an empty one', async () => {
  const headers = { authorization: `Bearer ${await signToken(world.vercel)}` };
  const request = new Request('http://localhost/', { method: 'POST', headers });
  expect((await world.verifier.verify(request, OPTIONS)).body).toHaveLength(0);
});

describe('what is no request', () => {
  it.each([
    ['headers of Node.js without a stream', { rawHeaders: [] }],
    ['a stream without headers', { on: () => undefined }],
    ['headers that are a plain object', { headers: {} }],
    ['nothing', undefined],
  ])('is refused: %s', async (_, request) => {
    // A caller in JavaScript can give anything.
    const call = world.verifier.verify(request as unknown as Request, OPTIONS);
    expect((await failureOf(call, InvalidArgumentError)).argument).toBe('request');
  });

  it('is told from a Request of another implementation, which has its shape', async () => {
    const { headers, body } = forward(await signToken(world.vercel), 'whole');
    // The parts that are read.
    const request = { headers, body, bodyUsed: false } as Request;
    expect((await world.verifier.verify(request, OPTIONS)).text()).toBe('whole');
  });
});
