import { deepStrictEqual } from 'node:assert/strict';
import { Vercel } from '@vercel/sdk';
import createFetchClient from 'openapi-fetch';
import type { paths } from 'vercel-rest';
import { LINKED, LISTED } from './answers.js';
import { type Comparison, type Contender, compare, type Effort } from './measure.js';
import { type Asked, createMemoryFetch, withFetch } from './memory-fetch.js';
import { createClient } from './packages.js';
import { atMost, type Section, times, timesOf } from './report.js';
import { startServer } from './server.js';

const BEARER = 'bench';
const LINK = { connector: 'slack/bench', projectId: 'prj_bench0001' };
const ENVIRONMENTS = ['production', 'preview'];
const OURS = 'vercel-rest';
const THIN = 'openapi-fetch';
const SDK = '@vercel/sdk';
const MEMORY: Effort = { calls: 300, rounds: 41 };
const LOOPBACK: Effort = { calls: 100, rounds: 41 };

/** The same two calls through four clients: over HTTP to a server in another thread, and answered from memory. */
export async function measureRestCalls(): Promise<Section[]> {
  const server = await startServer();
  try {
    const memoryUrl = 'https://api.vercel.com';
    const inMemory = await withFetch(createMemoryFetch(), () => measureBoth(memoryUrl, MEMORY));
    const overHttp = await measureBoth(server.url, LOOPBACK);
    await withFetch(createMemoryFetch(), () => checkSameRequests(memoryUrl));
    return [
      sectionOf(
        'A REST call over loopback HTTP',
        'The server is another thread of this process.',
        LOOPBACK,
        overHttp,
      ),
      sectionOf('A REST call answered from memory', 'What the clients themselves cost.', MEMORY, inMemory),
    ];
  } finally {
    await server.close();
  }
}

interface Both {
  readonly get: Comparison;
  readonly post: Comparison;
}

async function measureBoth(baseUrl: string, effort: Effort): Promise<Both> {
  const { get, post } = contenders(baseUrl);
  return { get: await compare(get, effort), post: await compare(post, effort) };
}

/** Made where the global `fetch` is what they shall use: openapi-fetch takes it down when a client is made. */
function contenders(baseUrl: string): { get: Contender[]; post: Contender[] } {
  const ours = createClient({ baseUrl, bearerToken: BEARER });
  const thin = createFetchClient<paths>({ baseUrl, headers: { authorization: `Bearer ${BEARER}` } });
  const sdk = new Vercel({ serverURL: baseUrl, bearerToken: BEARER });
  const list = { params: { query: { limit: 10 } } };
  const link = { params: { path: LINK }, body: { environments: ENVIRONMENTS } };
  const linkPath = '/v1/connect/connectors/{connector}/projects/{projectId}';
  const sdkLink = { ...LINK, connectUpsertProjectConnectionRequest: { environments: ENVIRONMENTS } };
  return {
    get: [
      { name: OURS, work: async () => (await ours.GET('/v2/connect/connectors', list)).data },
      { name: THIN, work: async () => (await thin.GET('/v2/connect/connectors', list)).data },
      { name: 'fetch', work: () => plainGet(baseUrl) },
      { name: SDK, work: () => sdk.connect.listConnectors({ limit: 10 }) },
    ],
    post: [
      { name: OURS, work: async () => (await ours.POST(linkPath, link)).data },
      { name: THIN, work: async () => (await thin.POST(linkPath, link)).data },
      { name: 'fetch', work: () => plainPost(baseUrl) },
      { name: SDK, work: () => sdk.connect.upsertConnectorProjectConnection(sdkLink) },
    ],
  };
}

async function plainGet(baseUrl: string): Promise<unknown> {
  const response = await fetch(`${baseUrl}/v2/connect/connectors?limit=10`, {
    headers: { accept: 'application/json', authorization: `Bearer ${BEARER}` },
  });
  return response.json();
}

async function plainPost(baseUrl: string): Promise<unknown> {
  const path = `/v1/connect/connectors/${encodeURIComponent(LINK.connector)}/projects/${LINK.projectId}`;
  const response = await fetch(baseUrl + path, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: `Bearer ${BEARER}`,
    },
    body: JSON.stringify({ environments: ENVIRONMENTS }),
  });
  return response.json();
}

/** All four must have asked for the same and made the same of it, or they were not compared. */
async function checkSameRequests(baseUrl: string): Promise<void> {
  const asked: Asked[] = [];
  await withFetch(
    createMemoryFetch((one) => asked.push(one)),
    async () => {
      const { get, post } = contenders(baseUrl);
      for (const { work } of get) deepStrictEqual(plainData(await work()), LISTED);
      for (const { work } of post) deepStrictEqual(plainData(await work()), LINKED);
    },
  );
  const different = new Set(asked.map(({ method, url }) => `${method} ${url}`));
  if (different.size !== 2) throw new Error(`not the same requests: ${[...different].join(', ')}`);
}

/** Without the SDK's `HttpMeta`, which is no part of the answer. */
function plainData(value: unknown): unknown {
  const { HttpMeta: _, ...data } = Object(value);
  return data;
}

function sectionOf(title: string, where: string, { calls, rounds }: Effort, both: Both): Section {
  const methods = [
    { method: 'GET', comparison: both.get },
    { method: 'POST', comparison: both.post },
  ];
  return {
    title,
    note:
      `Time of one call, one after the other, median of ${rounds} rounds of ${calls} calls: the same URL, body and answer ` +
      `for all, checked. ${where} openapi-fetch and fetch have no timeout, no retry and no errors; the SDK checks the answer.`,
    head: ['method', 'contender', 'µs', 'vercel-rest ÷ it (quartiles)'],
    rows: methods.flatMap(({ method, comparison }) =>
      comparison.names.map((name) => [
        method,
        name,
        comparison.time(name).median.toFixed(1),
        timesOf(comparison.ratio(OURS, name)),
      ]),
    ),
    targets: methods.flatMap(({ method, comparison }) => [
      atMost(`${title}, ${method}: time of openapi-fetch`, comparison.ratio(OURS, THIN).median, 1.15, times),
      atMost(`${title}, ${method}: time of @vercel/sdk`, comparison.ratio(OURS, SDK).median, 0.5, times),
    ]),
  };
}
