// The published program in the hands of somebody new: every answer says what to do next.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createConnectEmulator } from '../../src/msw/index.js';
import { useBinary } from './binary.js';
import { useServed } from './served.js';

const run = useBinary();
const emulator = createConnectEmulator();
const served = useServed(emulator);

describe('a new user', () => {
  test('finds every command from --help, and each has help of its own', async () => {
    const { stdout } = await run(['--help']);
    for (const name of ['connect', 'token', 'api', 'mock', 'completion']) expect(stdout).toContain(name);
    const { stdout: help } = await run(['connect', '--help']);
    const names = [...help.matchAll(/^ {2}([a-z-]+)[ |]/gm)].map(([, name]) => String(name));
    expect(names.length).toBeGreaterThanOrEqual(15);
    for (const name of names.filter((one) => one !== 'help')) {
      const own = await run(['connect', name, '--help']);
      expect(own.code, name).toBe(0);
      expect(own.stdout, name).toMatch(/^Usage: vercel-rest connect/);
      // A command that holds others shows those.
      expect(own.stdout, name).toMatch(/\nExample:\n {2}vercel-rest |\nCommands:\n/);
    }
  });

  test.each([
    [
      'a mistyped command',
      ['connect', 'lst'],
      2,
      /Did you mean one of list, ls[\s\S]*next: `vercel-rest connect --help`/,
    ],
    [
      'a mistyped flag',
      ['connect', 'list', '--limt', '3'],
      2,
      /Did you mean --limit[\s\S]*next: `vercel-rest connect list --help`/,
    ],
    ['a missing argument', ['connect', 'attach', 'a/b'], 2, /--project/],
    [
      'a wrong number',
      ['connect', 'list', '--limit', 'many', '--base-url', 'http://127.0.0.1:1'],
      2,
      /whole number/,
    ],
    [
      'a server that is down',
      ['connect', 'list', '--base-url', 'http://127.0.0.1:1'],
      1,
      /next: .*vercel-rest mock/,
    ],
    [
      'a file that is not there',
      ['connect', 'create', 'x', '--name', 'a', '--data', '@/nowhere'],
      2,
      /cannot read/,
    ],
    [
      'a variable that is not set',
      ['connect', 'create', 'x', '--name', 'a', '--data', 'env:NO'],
      2,
      /NO, which is not/,
    ],
  ])('is told what to do about %s', async (_, args, code, message) => {
    const outcome = await run(args, { env: { VERCEL_TOKEN: 'token-for-tests' } });
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr).not.toMatch(/ {4}at /);
  });

  test.each<[string, string[], number, RegExp]>([
    [
      'a connector that there is not',
      ['get', 'slack/nobody'],
      1,
      /next: Run `vercel-rest connect list --base-url http:/,
    ],
    ['a service that there is not', ['service', 'nothing'], 1, /next: Give a service/],
    [
      'a link that there is not',
      ['projects', 'oauth/crm', '-p', 'prj_9'],
      1,
      /next: .*connect projects oauth\/crm/,
    ],
    [
      'a UID that is taken',
      ['update', 'oauth/crm', '--uid', 'oauth/linear'],
      1,
      /next: .*connect get oauth\/crm/,
    ],
    [
      'a value that the API refuses',
      ['update', 'oauth/crm', '--icon', 'a'.repeat(40)],
      1,
      /next: Fix the field named above/,
    ],
    [
      'no data on standard input',
      ['create', 'oauth', '--name', 'A', '--data', '@-'],
      2,
      /standard input: pipe the JSON in/,
    ],
    [
      'no tokens on standard input',
      ['import-tokens', 'oauth/crm', '-'],
      2,
      /standard input is empty: give a JSON list/,
    ],
    ['nobody to ask', ['eject', 'oauth/crm'], 2, /--yes: nobody can be asked without a terminal/],
    ['JSON without a yes', ['eject', 'oauth/crm', '--json'], 2, /--yes: with --json nobody is asked/],
    [
      'an environment that there is not',
      ['attach', 'slack/acme-slack', '-p', 'prj_1', '-e', 'prod'],
      2,
      /give production, preview/,
    ],
    [
      'an order that there is not',
      ['list', '--sort', 'size'],
      2,
      /Allowed choices are name, createdAt, updatedAt/,
    ],
  ])('is told what to do about %s', async (_, args, code, message) => {
    emulator.addConnector({ uid: 'oauth/crm', links: {} });
    const { code: ended, stdout, stderr } = await run(['connect', ...args, '--base-url', served.url]);
    expect({ ended, stdout }).toEqual({ ended: code, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test.each<[string, string[], string]>([
    [
      'consent, with everything that was asked for',
      [
        ...[
          'token',
          'oauth/linear',
          '--subject',
          'user:user_9',
          '--scopes',
          'read,write',
          '--resources',
          'r 1',
        ],
        ...['--installation-id', 'inst_1', '--audience', "it's", '--authorization-details', '[{"type":"a"}]'],
      ],
      `connect authorize oauth/linear --subject user:user_9 --installation-id inst_1 --scopes read,write --resources 'r 1' --audience 'it'\\''s' --authorization-details '[{"type":"a"}]' --base-url $URL`,
    ],
    [
      'consent without scopes',
      ['connect', 'token', 'oauth/linear', '--subject', 'user:user_8', '--no-default-scopes'],
      'connect authorize oauth/linear --subject user:user_8 --no-default-scopes --base-url $URL',
    ],
    [
      'an installation',
      ['token', 'github/acme', '--scopes', 'repo'],
      'connect authorize github/acme --install --scopes repo --base-url $URL',
    ],
    ['a list', ['connect', 'get', 'a/b', '--team', 'acme'], 'connect list --base-url $URL --team acme'],
    [
      'a list, of an operation',
      ['api', 'getConnector', '--param', 'connector=a/b'],
      'connect list --base-url $URL',
    ],
  ])('is told the exact command for %s', async (_, args, command) => {
    emulator.reset();
    const { code, stderr } = await run([...args, '--base-url', served.url]);
    expect(code).toBe(1);
    expect(stderr).toContain(`\`vercel-rest ${command.replace('$URL', served.url)}\``);
    if (!command.includes(' authorize ')) return;
    // It is a command that works, word for word, in a shell.
    const shell = `"$NODE" "$PROGRAM" ${command.replace('$URL', served.url)} --no-wait`;
    const env = {
      PATH: process.env.PATH ?? '',
      NODE: process.execPath,
      PROGRAM: run.path(),
      VERCEL_TOKEN: 'me',
    };
    const { stdout } = await promisify(execFile)('sh', ['-c', shell], { env });
    expect(stdout).toContain(`${served.url}/`);
    const asked = emulator.requests.at(-1);
    expect(asked?.path).toMatch(/\/(?:authorize|install)\//);
    if (args.includes('--audience'))
      expect(asked?.body).toMatchObject({
        ...{ subject: { type: 'user', id: 'user_9' }, installationId: 'inst_1', scopes: ['read', 'write'] },
        ...{ resources: ['r 1'], audience: ["it's"], authorizationDetails: [{ type: 'a' }] },
      });
  });

  test('whose token is refused is told of the one that was sent', async () => {
    const list = ['connect', 'list', '--base-url', served.url];
    emulator.failNext({ status: 401, operationId: 'listConnectors', times: 2 });
    const set = await run(list, { env: { VERCEL_TOKEN: 'an-old-token' } });
    expect(set.stderr).toMatch(/next: VERCEL_TOKEN was refused: .*Create another/);
    emulator.reset();
    emulator.failNext({ status: 401, operationId: 'listConnectors', times: 2 });
    expect((await run(list)).stderr).toMatch(/next: The credential was refused\. Set VERCEL_TOKEN/);
    emulator.reset();
  });

  test('without a credential is told where one comes from', async () => {
    const { code, stderr } = await run(['connect', 'list'], {
      env: { VERCEL_OIDC_TOKEN_FILE: '/nowhere/oidc-token', HOME: '/nowhere' },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/next: Set VERCEL_TOKEN/);
  });

  test.each(['bash', 'zsh', 'fish'])('gets completion for %s', async (shell) => {
    const { code, stdout } = await run(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/vercel-rest __complete -- /);
  });
});
