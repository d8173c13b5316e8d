// The registration of a managed connector and the result of a request, with the program and the library as they are published.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { createConnectEmulator } from '../../src/msw/index.js';
import { useBinary } from './binary.js';
import { pageNamedIn, pressWithoutBrowser } from './browser.js';
import { useServed } from './served.js';

const binary = useBinary();
const emulator = createConnectEmulator({ account: 'empty' });
const served = useServed(emulator);
beforeEach(() => emulator.reset());

/** Runs a command with --json, and presses a button on the page that it names. */
async function run(args: readonly string[], button?: '#approve' | '#deny') {
  const pressed: Promise<string>[] = [];
  const { code, stdout, stderr } = await binary([...args, '--json', '--base-url', served.url], {
    env: { VERCEL_TOKEN: 'an-access-token' },
    onStderr: (text) => {
      const page = pageNamedIn(text);
      if (page !== undefined && button !== undefined) pressed.push(pressWithoutBrowser(page, button));
    },
  });
  const json = stdout === '' ? stderr.slice(stderr.indexOf('{\n')) : stdout;
  return { code, pages: await Promise.all(pressed), ...JSON.parse(json) };
}

const CREATE = ['connect', 'create', 'slack', '--name', 'Bot'];

describe('the program', () => {
  test('names the page, and with --yes waits for what is decided there', async () => {
    const { code, error } = await run(CREATE);
    expect({ code, error }).toMatchObject({
      ...{ code: 1, error: { code: 'registration_required', status: 422 } },
    });
    expect(error.next).toContain(`Open ${served.url}/register/`);
    expect(emulator.connectors).toEqual([]);
    expect(await run([...CREATE, '--yes'], '#approve')).toMatchObject({
      ...{ code: 0, pages: ['Approved'], uid: 'slack/bot', creationMode: 'managed' },
    });
  });

  test('ends at once where it is canceled there', async () => {
    expect(await run([...CREATE, '--yes'], '#deny')).toMatchObject({
      ...{ code: 1, pages: ['Canceled'], error: { name: 'AuthorizationDeniedError', code: 'canceled' } },
    });
    expect(emulator.connectors).toEqual([]);
  });

  test.each([
    ['canceled', 'AuthorizationDeniedError', /canceled/],
    ['withdrawn', 'ConnectError', /"withdrawn"/],
  ])('ends at once with the result %s', async (status, name, message) => {
    emulator.addConnector({ uid: 'oauth/crm' });
    emulator.failNext({ status: 200, operationId: 'getConnectResult', body: { status } });
    const { code, error } = await run(['connect', 'authorize', 'oauth/crm', '--subject', 'user:user_123']);
    expect({ code, error }).toMatchObject({ code: 1, error: { name, code: status, status: null } });
    expect(error.message).toMatch(message);
  });
});

test('the library registers and waits, and a canceled registration is a denial', async () => {
  const entry = pathToFileURL(join(binary.path(), '../../connect/index.js')).href;
  const connect: typeof import('../../src/connect/index.js') = await import(/* @vite-ignore */ entry);
  const client = connect.createConnectClient({ baseUrl: served.url, bearerToken: 'an-access-token' });
  const create = (button: '#approve' | '#deny') =>
    client.connectors.createManaged(
      { service: 'slack', name: 'Bot' },
      { onRegistration: async ({ url }) => void (await pressWithoutBrowser(url, button)) },
    );
  await expect(create('#deny')).rejects.toBeInstanceOf(connect.AuthorizationDeniedError);
  expect(await create('#approve')).toMatchObject({ uid: 'slack/bot', creationMode: 'managed' });
});
