import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createConnectEmulator } from '../../../src/msw/index.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** Posts an event through an emulator to a deployment that responds with these statuses, then with 200. */
async function deliver(...statuses: readonly number[]) {
  const emulator = createConnectEmulator();
  const auth = { authorization: 'Bearer any-bearer', 'content-type': 'application/json' };
  const server = await emulator.listen();
  open.push(server);
  const { url } = server;
  const seen: (string | string[] | undefined)[][] = [];
  const deployment = createServer(({ headers, url: path }, response) => {
    seen.push([path, headers['x-trigger-uid'], headers['x-trigger-type'], headers['x-trigger-service']]);
    response.writeHead(statuses[seen.length - 1] ?? 200).end();
  });
  await new Promise<void>((done) => deployment.listen(0, '127.0.0.1', done));
  open.push({ close: () => deployment.close() });
  await fetch(`${url}/v1/connect/connectors/slack%2Facme-slack/trigger-destinations`, {
    method: 'PATCH',
    headers: auth,
    body: JSON.stringify({ destinations: [{ projectId: 'prj_1', path: '/hook' }] }),
  });
  const to = `http://127.0.0.1:${(deployment.address() as AddressInfo).port}`;
  const sent = await fetch(`${url}/connect/trigger/slack%2Facme-slack?to=${encodeURIComponent(to)}`, {
    method: 'POST',
    body: '{"event":1}',
  });
  return { body: await sent.json(), seen };
}

test('an event carries the facts of its trigger', async () => {
  const { body, seen } = await deliver();
  expect(body).toMatchObject({ delivered: [{ status: 200 }] });
  expect(seen).toEqual([['/hook', 'slack/acme-slack', 'slack', 'slack']]);
});

test.each([
  ['is sent again after a server error', [503, 500], 3, 200],
  ['is sent three times at most', [500, 502, 504, 503], 3, 504],
  ['is sent once where the deployment refuses it', [400], 1, 400],
])('an event %s', async (_, statuses, attempts, status) => {
  const { body, seen } = await deliver(...statuses);
  expect(seen).toHaveLength(attempts);
  expect(body).toMatchObject({ delivered: [{ status }] });
});
