import type { RequestListener, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { PullWorld } from '../../src/codegen/pull/world.js';
import { documentOf, sendJson } from '../helpers/pull-world.js';

const BODY = JSON.stringify(documentOf(21));
// A silence that a test can wait for.
const SMALL = { totalMs: 5_000, idleMs: 60, retries: 2, maxBytes: 50_000_000 };

/** A listener that sends this body as JSON, with its length. */
const sends =
  (body: string): RequestListener =>
  (_, response) =>
    sendJson(response, body);

const redirectsTo =
  (location: (host: string) => string): RequestListener =>
  (request, response) =>
    void response.writeHead(302, { location: location(request.headers.host ?? '') }).end();

/** Leaves the connection open, and says nothing more. */
function stallAfter(text: string): RequestListener {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
    response.write(text);
  };
}

function withOperation(extra: object): string {
  const document = documentOf(20);
  return JSON.stringify({ ...document, components: { schemas: { Thing: extra } } });
}

/** `{` and 60 MB of spaces, without ever holding them all. */
function sendSixtyMegabytes(response: ServerResponse): void {
  const chunk = Buffer.alloc(1_000_000, ' ');
  let left = 60;
  const more = (): void => {
    while (left-- > 0 && !response.destroyed) if (!response.write(chunk)) return;
    response.end('}');
  };
  response.on('drain', more);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{');
  more();
}

/** An answer that a pull must refuse. */
export interface FailureCase {
  readonly answer: RequestListener;
  readonly error: RegExp;
  /** How many requests it takes; default one, for what will not get better. */
  readonly requests?: number;
  readonly world?: Partial<PullWorld>;
}

/** What may come instead of a document, on top of a good one with 20 paths. */
export const FAILURES: Record<string, FailureCase> = {
  'a 500 that stays': {
    answer: (_, response) => void response.writeHead(500).end('sorry'),
    error: /the server answered 500 \(tried 3 times\)/,
    requests: 3,
  },
  'a 404': {
    answer: (_, response) => void response.writeHead(404).end('{}'),
    error: /answered 404 instead of 200/,
  },
  'a 429 that stays': {
    answer: (_, response) => void response.writeHead(429).end(),
    error: /answered 429 \(tried 3 times\)/,
    requests: 3,
  },
  'a 206': { answer: (_, response) => void response.writeHead(206).end(BODY), error: /answered 206/ },
  'a 503 with a long Retry-After': {
    answer: (_, response) => void response.writeHead(503, { 'retry-after': '3600' }).end(),
    error: /answered 503 \(tried once\)/,
  },
  'a 503 page that asks for a short wait each time': {
    answer: (_, response) => void response.writeHead(503, { 'retry-after': '1' }).end(),
    error: /answered 503 \(tried 3 times\)/,
    requests: 3,
  },
  'a connection that is reset': {
    answer: (request) => void request.socket.destroy(),
    error: /connection to 127\.0\.0\.1:\d+ failed .*\(tried 3 times\)/,
    requests: 3,
  },
  'HTML with 200': {
    answer: (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(BODY),
    error: /sent a web page/,
  },
  'HTML with 200 that says it is JSON': {
    answer: sends('\n <!doctype html><title>\u001b[31mHello</title>'),
    error: /begins with "<!doctype html><title> \[31mHello/,
  },
  'an array': { answer: sends('[]'), error: /begins with "\[\]"/ },
  'nothing with 200': { answer: sends(''), error: /empty document/ },
  'white space with 200': { answer: sends('  \n'), error: /empty document/ },
  'JSON that breaks off before its content-length': {
    answer: (request, response) => {
      response.writeHead(200, { 'content-length': String(BODY.length) });
      response.write(BODY.slice(0, 500), () => request.socket.end());
    },
    error: /connection to .* failed .*\(tried 3 times\)/,
    requests: 3,
  },
  'JSON that breaks off with a right content-length': {
    answer: sends(BODY.slice(0, -100)),
    error: /not JSON, or not all of it came/,
  },
  'bytes that are no UTF-8': {
    answer: (_, response) => void response.end(Buffer.from('{"openapi":"3.0.3\xff"}', 'latin1')),
    error: /not UTF-8/,
  },
  'JSON of another shape': { answer: sends('{"message":"hello"}'), error: /`openapi` is missing/ },
  'OpenAPI 2': { answer: sends('{"openapi":"2.0","paths":{}}'), error: /`openapi` is "2\.0"/ },
  'Swagger 2': { answer: sends('{"swagger":"2.0","paths":{}}'), error: /a Swagger 2 document; convert it/ },
  YAML: { answer: sends('openapi: 3.1.0\npaths: {}\n'), error: /the server sent YAML, and pull takes JSON/ },
  'YAML that says so': {
    answer: (_, response) =>
      void response.writeHead(200, { 'content-type': 'application/yaml' }).end('info: {}\n'),
    error: /the server sent YAML, and pull takes JSON/,
  },
  'a document without paths': { answer: sends('{"openapi":"3.1.0"}'), error: /no paths/ },
  'a document with no path': { answer: sends('{"openapi":"3.1.0","paths":{}}'), error: /no paths/ },
  'a document without operations': {
    answer: sends('{"openapi":"3.1.0","paths":{"/v1/things":{"summary":"none"}}}'),
    error: /no operations/,
  },
  'a document of several files': {
    answer: sends('{"openapi":"3.1.0","paths":{"/v1/things":{"$ref":"paths/things.json"}}}'),
    error: /paths in other files, such as "paths\/things\.json"; bundle it first/,
  },
  '40 % of the paths gone, the size kept': {
    answer: sends(JSON.stringify(documentOf(12, 'thing'.repeat(20)))),
    error: /12 paths where the last had 20, under 90 %; it has 12 operations/,
  },
  '15 % of the operations gone': { answer: sends(JSON.stringify(documentOf(17))), error: /17 paths/ },
  'less than half the size': { answer: sends(JSON.stringify(documentOf(8))), error: /under 50 %/ },
  'more than twice the size': { answer: sends(JSON.stringify(documentOf(50))), error: /over 200 %/ },
  '60 MB': { answer: (_, response) => sendSixtyMegabytes(response), error: /over 50 MB/ },
  'an announced length of 60 MB': {
    answer: (_, response) => {
      response.writeHead(200, { 'content-length': '60000000' });
      response.write('{');
    },
    error: /over 50 MB/,
  },
  'a compression bomb': {
    answer: (_, response) => {
      const bomb = gzipSync(Buffer.alloc(60_000_000, '{'), { level: 1 });
      response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-length': String(bomb.length) })
        .end(bomb);
    },
    error: /over 50 MB, which is the limit after decompression/,
  },
  'a prototype key': {
    answer: sends(withOperation({ properties: {} }).replace('"properties"', '"__proto__"')),
    error: /the key __proto__ is not allowed, at \/components\/schemas\/Thing/,
  },
  'a reference to a file': {
    answer: sends(withOperation({ $ref: 'file:///etc/passwd' })),
    error: /reference "file:\/\/\/etc\/passwd" leads out .* at \/components/,
  },
  'a reference to a host': {
    answer: sends(withOperation({ items: { $ref: 'https://example.com/a.json#/b' } })),
    error: /leads out/,
  },
  'brackets without end': {
    answer: sends(
      `{"openapi":"3.0.0","info":{},"paths":{"/a":{"get":{}}},"x":${'['.repeat(9e4)}${']'.repeat(9e4)}}`,
    ),
    error: /nested more than 256 levels deep/,
  },
  'silence before the head': {
    answer: () => undefined,
    error: /sent nothing for 0\.06 s \(tried 3 times\)/,
    requests: 3,
    world: { limits: SMALL },
  },
  'silence inside the body': {
    answer: stallAfter('{"openapi":"3.0.3",'),
    error: /sent nothing for 0\.06 s \(tried 3 times\)/,
    requests: 3,
    world: { limits: SMALL },
  },
  'a body that drips past the total time': {
    answer: (_, response) => {
      response.write('{');
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
    },
    error: /not done within 0\.1 s/,
    world: { limits: { ...SMALL, totalMs: 100, idleMs: 5_000 } },
  },
  'a redirect to another host over http': {
    answer: redirectsTo(() => 'http://example.com/'),
    error: /refused a redirect to another host: "http:\/\/example\.com\/"/,
  },
  'a redirect to another host over https': {
    answer: redirectsTo(() => 'https://example.com/openapi.json'),
    error: /refused a redirect to another host/,
  },
  'a redirect to another port of this machine': {
    answer: redirectsTo(() => 'http://127.0.0.1:1/'),
    error: /refused a redirect to another host/,
  },
  'a redirect with a password': {
    answer: redirectsTo((host) => `http://me:secret@${host}/`),
    error: /refused a redirect/,
  },
  'a redirect to a file': { answer: redirectsTo(() => 'file:///etc/passwd'), error: /refused a redirect/ },
  'a redirect to nowhere': {
    answer: (_, response) => void response.writeHead(302).end(),
    error: /redirect that leads nowhere/,
  },
  'redirects in a circle': {
    answer: redirectsTo(() => '/again'),
    error: /redirected more than 3 times/,
    requests: 4,
  },
};
