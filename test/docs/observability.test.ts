import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import pino from 'pino';
import { register } from 'prom-client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createConnectClient } from '../../src/connect/index.js';
import { type createClient as create, createClient } from '../../src/index.js';
import { apiError, json, networkFailure } from '../helpers/answers.js';
import { answeringFetch, observedFetch } from '../helpers/observed-fetch.js';
import { pages } from './pages.js';

// The examples of docs/observability.md, as they stand there, with the real packages. examples.test.ts compiles them.
const folder = new URL('./observability-examples/', import.meta.url);
const examples = pages
  .filter(({ path }) => path === 'docs/observability.md')
  .flatMap(({ blocks }) => blocks)
  .map(({ heading, code }) => ({ file: fileOf(heading), code }))
  .filter(({ code }) => code.includes('export const client'));

function fileOf(heading: string): string {
  return fileURLToPath(new URL(`${heading.toLowerCase()}.ts`, folder));
}

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  await Promise.all(examples.map(({ file, code }) => writeFile(file, code)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The client of an example. */
async function clientOf(name: string): Promise<ReturnType<typeof create>> {
  return (await import(/* @vite-ignore */ fileOf(name))).client;
}

/** Answers a 503, then what the path says. */
function stubNetwork() {
  let requests = 0;
  const network = answeringFetch((request) => {
    requests += 1;
    if (requests === 1) return apiError(503, {}, { 'retry-after-ms': '1' });
    if (request.url.endsWith('/gone')) return apiError(404);
    return request.url.endsWith('/cut')
      ? networkFailure('ECONNRESET')
      : json({}, { headers: { 'x-vercel-id': 'fra1::a' } });
  });
  vi.spyOn(globalThis, 'fetch').mockImplementation(network.fetch as typeof fetch);
  return network;
}

const call = (client: Awaited<ReturnType<typeof clientOf>>, connector: string) =>
  client.call('getConnector', { params: { path: { connector } }, maxRetries: connector === 'cut' ? 0 : 3 });
const TEMPLATE = '/v1/connect/connectors/{connector}';

it('OpenTelemetry: a span for each request, named by method and template, with status and attempt', async () => {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  propagation.setGlobalPropagator({
    inject: (active, carrier, setter) =>
      setter.set(carrier, 'traceparent', trace.getSpanContext(active)?.spanId ?? 'none'),
    extract: (active) => active,
    fields: () => ['traceparent'],
  });
  const client = await clientOf('OpenTelemetry');
  const network = stubNetwork();
  await call(client, 'ok');
  await call(client, 'gone').catch(() => undefined);
  await call(client, 'cut').catch(() => undefined);
  const spans = exporter.getFinishedSpans();
  expect(spans.map(({ name, kind }) => [name, kind])).toEqual(
    Array(4).fill([`GET ${TEMPLATE}`, SpanKind.CLIENT]),
  );
  const common = {
    'http.request.method': 'GET',
    'url.template': TEMPLATE,
    'url.full': `https://api.vercel.com${TEMPLATE}`,
    'server.address': 'api.vercel.com',
    'server.port': 443,
    'vercel.operation_id': 'getConnector',
  };
  expect(spans.map(({ attributes }) => attributes)).toEqual([
    { ...common, 'http.response.status_code': 503, 'error.type': '503' },
    {
      ...common,
      'http.response.status_code': 200,
      'http.request.resend_count': 1,
      'vercel.request_id': 'fra1::a',
    },
    { ...common, 'http.response.status_code': 404, 'error.type': '404' },
    { ...common, 'error.type': 'ECONNRESET' },
  ]);
  const { ERROR, UNSET } = SpanStatusCode;
  expect(spans.map(({ status }) => status.code)).toEqual([ERROR, UNSET, ERROR, ERROR]);
  const sent = network.requests.map(({ headers }) => headers.get('traceparent'));
  expect(sent).toEqual(spans.map((span) => span.spanContext().spanId));
});

it('Prometheus: a histogram by operation and status', async () => {
  const client = await clientOf('Prometheus');
  stubNetwork();
  await call(client, 'ok');
  await call(client, 'cut').catch(() => undefined);
  const text = await register.metrics();
  for (const status of ['503', '200', 'ECONNRESET'])
    expect(text).toContain(
      `vercel_request_duration_seconds_count{operation="getConnector",status="${status}"} 1`,
    );
});

/** A pino logger that writes into a list. */
function pinoInto(lines: Record<string, unknown>[]) {
  return pino({ level: 'debug', base: null }, { write: (line) => void lines.push(JSON.parse(line)) });
}

it('pino keeps every field, of REST and of Connect', async () => {
  const lines: Record<string, unknown>[] = [];
  const answers = [apiError(503, {}, { 'retry-after-ms': '1' }), networkFailure('ECONNRESET'), json({})];
  await call(createClient({ fetch: observedFetch(...answers).fetch, logger: pinoInto(lines) }), 'ok');
  const token = { token: 'provider-token', tokenId: 't', expiresAt: Date.now() + 3_600_000 };
  const connect = createConnectClient({
    fetch: observedFetch(json(token, { headers: { 'x-vercel-id': 'fra1::a' } })).fetch,
    bearerToken: 'bearer-1',
    logger: pinoInto(lines),
  });
  await connect.getToken('slack/acme-slack', { subject: { type: 'app' } });
  const line = { level: 20, time: expect.any(Number), durationMs: expect.any(Number) };
  const rest = { ...line, method: 'GET', path: TEMPLATE, operationId: 'getConnector' };
  expect(lines).toEqual([
    { ...rest, attempt: 1, status: 503, msg: `GET ${TEMPLATE} 503` },
    { ...rest, attempt: 2, error: 'ECONNRESET', msg: `GET ${TEMPLATE} ECONNRESET` },
    { ...rest, attempt: 3, status: 200, msg: `GET ${TEMPLATE} 200` },
    {
      ...line,
      method: 'POST',
      path: '/v1/connect/token/{connector}',
      operationId: 'getConnectorToken',
      attempt: 1,
      status: 200,
      requestId: 'fra1::a',
      msg: 'POST /v1/connect/token/{connector} 200',
    },
  ]);
});

it('the example with pino takes its logger', async () => {
  expect((await clientOf('Logs')).stats().requests).toBe(0);
});
