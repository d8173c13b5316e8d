// The functions of vercel-rest/platform against the published documents beside the repository.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getResponse } from 'msw';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readPackaged } from '../../src/codegen/corrections/packaged.js';
import { prepareDocument } from '../../src/codegen/generate/prepare.js';
import { createClient } from '../../src/index.js';
import { createMock, type MemoryOptions } from '../../src/msw/index.js';
import type { OpenApiDocument } from '../../src/openapi/document.js';
import { buildOperationTable } from '../../src/openapi/operation-table.js';
import { parseDocument } from '../../src/openapi/read-document.js';
import {
  deployFolder,
  followEvents,
  limited,
  type PlatformPaths,
  platformOperations,
  syncEnv,
  waitForDeployment,
  waitForDomain,
  waitForPromotion,
} from '../../src/platform/index.js';
import { asFetch } from '../helpers/as-fetch.js';
import { readPublished, skipWithoutDocuments, someNames } from '../openapi/normalize/documents.js';

skipWithoutDocuments();

/** The table that `vercel-rest generate` writes for a document. */
function tableOf(openapi: OpenApiDocument) {
  const supplement = parseDocument(readPackaged('connect')).openapi;
  return buildOperationTable(prepareDocument({ openapi, hash: '' }, { supplement }).document);
}

describe.each(someNames)('%s', (name) => {
  test('has every operation that is called, where this package says it is', () => {
    const table = tableOf(readPublished(name));
    for (const [id, { method, path, team }] of Object.entries(platformOperations.operations)) {
      const known = table[id];
      expect(known, id).toMatchObject({ method, team });
      // The version of a path may move on.
      expect(known?.path.replace(/^\/v\d+/, ''), id).toBe(path.replace(/^\/v\d+/, ''));
    }
  });
});

describe.each(someNames.slice(-1))('%s', (name) => {
  const document = readPublished(name);
  const table = tableOf(document);

  /** A client with the table of the published document, and a mock of it. */
  function published(memory: MemoryOptions = {}) {
    const mock = createMock({ document, memory });
    // The document's own table; its types are those of the test's, of which the published ones are a superset.
    const operations = { ...platformOperations, operations: table } as unknown as typeof platformOperations;
    const fetch = asFetch(async (request) => {
      const response = await getResponse(mock.handlers, request);
      if (response === undefined) throw new TypeError(`nothing answers ${request.url}`);
      return response;
    });
    const client = createClient<PlatformPaths>({ operations, fetch, bearerToken: 'token', teamId: 'team_1' });
    return { mock, client };
  }

  test('plays a deployment from its files to the end of its log', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'published-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'index.html'), 'x');
    const { mock, client } = published({ deployments: { buildMs: 300, logLines: 4 } });
    const texts: unknown[] = [];
    const deployed = await deployFolder(client, folder, {
      deployment: { name: 'storefront' },
      wait: { every: 50 },
      onLog: (event) => void texts.push(event.text ?? event.payload?.text),
    });
    expect(deployed).toMatchObject({ uploaded: 1, ready: { readyState: 'READY', aliasAssigned: true } });
    expect(texts.filter((text) => text !== undefined)).toHaveLength(4);
    const ids: unknown[] = [];
    for await (const event of followEvents(client, deployed.created.id))
      ids.push(event.id ?? event.payload?.id);
    expect(new Set(ids).size).toBe(5);
    await waitForDeployment(client, deployed.created.url);
    expect(mock.validationErrors).toEqual([]);
    expect(mock.requests.every(({ query }) => query.teamId === 'team_1')).toBe(true);
  });

  test('keeps variables in step, waits for a domain and a promotion', async () => {
    const { mock, client } = published({
      domains: { verifyMs: 20, configureMs: 40 },
      promotions: { ms: 20 },
    });
    const create = { method: 'POST', body: JSON.stringify({ name: 'storefront' }) };
    const headers = { 'content-type': 'application/json', authorization: 'Bearer token' };
    const creation = Object.values(table).find(
      ({ method, path }) => method === 'POST' && /^\/v\d+\/projects$/.test(path),
    );
    const url = `https://api.vercel.com${creation?.path}?teamId=team_1`;
    const made = await getResponse(mock.handlers, new Request(url, { ...create, headers }));
    const id: string = Object(await made?.json()).id;
    const wanted = Array.from({ length: 12 }, (_, number) => ({
      key: `KEY_${number}`,
      value: `value ${number}`,
    }));
    const first = await syncEnv(client, 'storefront', wanted);
    expect(first.outcomes.map(({ status }) => status)).toEqual(wanted.map(() => 'done'));
    const second = await syncEnv(client, 'storefront', wanted);
    expect(second.outcomes.every(({ status }) => status === 'kept')).toBe(true);
    await client.call('addProjectDomain', {
      params: { path: { idOrName: id } },
      body: { name: 'www.example.com' },
    });
    await waitForDomain(client, 'storefront', 'www.example.com', { every: 20 });
    await client.call('requestPromote', { params: { path: { projectId: id, deploymentId: 'dpl_1' } } });
    await waitForPromotion(client, id, 'dpl_1', { every: 20 });
    expect(mock.validationErrors).toEqual([]);
  });

  test('keeps to the limits of the mock', async () => {
    const { mock, client } = published({ limits: [{ limit: 5, windowMs: 1_000 }] });
    const bulk = limited(client, { concurrency: 3 });
    const results = await bulk.each([1, 2, 3, 4, 5, 6, 7], () =>
      bulk.call('filterProjectEnvs', { params: { path: { idOrName: 'storefront' } } }),
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(mock.requests.filter(({ status }) => status === 429)).toEqual([]);
  });
});
