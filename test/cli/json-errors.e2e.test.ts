// Errors as JSON: a script tells them apart without reading a sentence.
import { beforeEach, describe, expect, test } from 'vitest';
import { createConnectEmulator } from '../../src/msw/index.js';
import { useBinary } from './binary.js';
import { useServed } from './served.js';

const run = useBinary();
const emulator = createConnectEmulator();
const served = useServed(emulator);
beforeEach(() => emulator.reset());

/** The error that a command tells on stderr, where nothing else stands. */
async function errorOf(args: readonly string[], url = served.url) {
  const { code, stdout, stderr } = await run([...args, '--json', '--base-url', url]);
  const told: unknown = JSON.parse(stderr);
  expect({ stdout, told }).toEqual({
    stdout: '',
    told: {
      error: {
        name: expect.any(String),
        code: expect.any(String),
        status: code === 2 ? null : expect.toSatisfy((status) => status === null || status >= 400),
        message: expect.any(String),
        next: expect.toSatisfy((next) => next === null || typeof next === 'string'),
      },
    },
  });
  return { exit: code, ...(told as { error: { code: string; status: number | null; next: string } }).error };
}

describe('an error with --json tells', () => {
  const token = ['token', 'oauth/linear', '--subject', 'user:user_9', '--scopes', 'read'];

  test('that consent is missing, and the command that asks for it', async () => {
    expect(await errorOf(token)).toMatchObject({
      ...{
        exit: 1,
        name: 'UserAuthorizationRequiredError',
        code: 'user_authorization_required',
        status: 422,
      },
      next: expect.stringContaining(
        `\`vercel-rest connect authorize oauth/linear --subject user:user_9 --scopes read --base-url ${served.url}\``,
      ),
    });
  });

  test('that something is not found', async () => {
    expect(await errorOf(['connect', 'get', 'slack/nobody'])).toMatchObject({
      ...{ exit: 1, name: 'ConnectorNotFoundError', code: 'not_found', status: 404 },
    });
  });

  test('that it is refused', async () => {
    emulator.failNext({ status: 403 });
    expect(await errorOf(token)).toMatchObject({ exit: 1, code: 'forbidden', status: 403 });
    emulator.failNext({ status: 401, times: 2 });
    expect(await errorOf(token)).toMatchObject({ exit: 1, code: 'unauthorized', status: 401 });
  });

  test('that it is asked too often', async () => {
    emulator.failNext({ status: 429, headers: { 'retry-after': '90' } });
    expect(await errorOf(token)).toMatchObject({
      ...{ exit: 1, code: 'rate_limited', status: 429, next: 'Try again in 90 s.' },
    });
  });

  test('that the network failed', async () => {
    expect(await errorOf(['connect', 'list'], 'http://127.0.0.1:1')).toMatchObject({
      ...{ exit: 1, name: 'APIConnectionError', code: 'connection_error', status: null },
    });
  });

  test('that an answer of a proxy is none of the API', async () => {
    emulator.failNext({ status: 404, body: 'no such page' });
    expect(await errorOf(['connect', 'get', 'a/b'])).toMatchObject({ code: 'not_found', status: 404 });
  });

  test.each([
    ['a command that there is not', ['connect', 'lst']],
    ['a flag that there is not', ['connect', 'list', '--limt', '3']],
    ['a value that is none', ['connect', 'list', '--limit', 'many']],
    ['an argument that is missing', ['connect', 'get']],
    ['a question that nobody can be asked', ['connect', 'eject', 'slack/acme-slack']],
  ])('of %s, with exit code 2', async (_, args) => {
    expect(await errorOf(args)).toMatchObject({ exit: 2, name: 'UsageError', code: 'usage', status: null });
  });

  test('what cannot be done as things are', async () => {
    expect(await errorOf(['connect', 'remove', 'slack/acme-slack', '--yes'])).toMatchObject({
      ...{ exit: 1, code: 'not_possible', next: expect.stringContaining(`--base-url ${served.url}`) },
    });
  });

  test('with --fields and with --format json too', async () => {
    const base = ['--base-url', served.url];
    for (const flag of [['--fields', 'uid'], ['--format', 'json'], ['--format=json']]) {
      const { stderr } = await run(['connect', 'get', 'a/b', ...flag, ...base]);
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'not_found' } });
    }
  });
});

describe('--fields', () => {
  const fields = async (names: string, ...args: string[]) => {
    const { stdout } = await run([...args, '--fields', names, '--base-url', served.url]);
    return JSON.parse(stdout);
  };

  test('picks the fields of each item of a list', async () => {
    expect(await fields('uid,type', 'connect', 'list', '--search', 'slack')).toEqual([
      { uid: 'slack/acme-slack', type: 'slack' },
    ]);
    expect(await fields('cursor', 'connect', 'list')).toEqual({ cursor: null });
  });

  test('gives null for a field that no item has, whatever list an item holds', async () => {
    const missing = { nowhere: null };
    expect(await fields('nowhere', 'connect', 'list', '--search', 'slack')).toEqual([missing]);
    expect(await fields('nowhere', 'connect', 'get', 'slack/acme-slack')).toEqual(missing);
  });

  test('picks the fields of an object, also inside of others, and null for what is not there', async () => {
    expect(await fields('uid,accentColor,connector.id', 'connect', 'get', 'slack/acme-slack')).toEqual({
      ...{ uid: 'slack/acme-slack', accentColor: null, 'connector.id': null },
    });
    expect(await fields('connector.uid', 'token', 'slack/acme-slack')).toEqual({
      'connector.uid': 'slack/acme-slack',
    });
    expect(await fields('uid', 'api', 'getConnector', '--param', 'connector=slack/acme-slack')).toEqual({
      uid: 'slack/acme-slack',
    });
  });
});
