// `vercel-rest api`, as it is published, against the emulator over HTTP.
import { beforeEach, describe, expect, test } from 'vitest';
import { createConnectEmulator } from '../../src/msw/index.js';
import { startServer } from '../helpers/loopback-server.js';
import { useBinary } from './binary.js';
import { runCli } from './run-cli.js';
import { useServed } from './served.js';

const run = useBinary();
const emulator = createConnectEmulator();
const served = useServed(emulator);

beforeEach(() => emulator.reset());

describe('vercel-rest api', () => {
  const api = (...args: string[]) => run(['api', ...args, '--base-url', served.url]);

  test('calls an operation by its id', async () => {
    const { code, stdout } = await api('getConnector', '--param', 'connector=slack/acme-slack');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ uid: 'slack/acme-slack' });
  });

  test('calls any method and path, with a body', async () => {
    const { stdout } = await api(
      ...['POST', '/v1/connect/connectors/{connector}/projects/{projectId}', '--param', 'projectId=prj_1'],
      ...['--param', 'connector=slack/acme-slack', '--data', '{"environments":["preview"]}'],
    );
    expect(JSON.parse(stdout)).toMatchObject({ enabledEnvironments: ['preview'] });
    expect(await api('GET', '/v9/nothing')).toMatchObject({ code: 1, stdout: '' });
  });

  test('sends other credentials in place of the bearer, none of which stands on the command line', async () => {
    const { url, requests } = await startServer((_, response) => response.end('{}'));
    const env = { KEY: 'canary-key', PASSWORD: 'open sesame', VERCEL_TOKEN: 'canary-token' };
    const credentials = ['header:X-Key=env:KEY', 'query:key=env:KEY', 'basic:Aladdin=env:PASSWORD'];
    const flags = credentials.flatMap((text) => ['--credential', text]);
    expect(await runCli(['api', '/v2/user', '--base-url', url, ...flags], { env })).toMatchObject({
      code: 0,
    });
    expect(requests[0]?.url).toBe('/v2/user?key=canary-key');
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
      'x-key': 'canary-key',
    });
    for (const wrong of ['header:X-Key=canary', 'digest:me=env:KEY', 'basic:me=env:GONE'])
      expect(await runCli(['api', '/v2/user', '--credential', wrong], { env })).toMatchObject({ code: 2 });
  });

  test('goes through the pages of a list', async () => {
    const { stdout } = await api('listConnectors', '--param', 'limit=1', '--paginate');
    const items = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(items).toHaveLength(4);
    expect(emulator.requests).toHaveLength(4);
  });

  test.each([
    [[], /--list/],
    [['nothing'], /no operation is called nothing.*--list/],
    [['getConnector'], /--param connector=/],
    [['FETCH', '/v1/x'], /GET, POST/],
    [['getConnector', '--param', 'x'], /name=value/],
    [['POST', '/v1/connect/connectors', '--data', '{"clientSecret":"x"}'], /@file\.json/],
  ])('%j is a usage error that says what to do', async (args, message) => {
    const { code, stderr } = await api(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('lists what there is', async () => {
    expect((await api('--list')).stdout).toMatch(/listConnectors\tGET\t\/v2\/connect\/connectors\n/);
  });
});
