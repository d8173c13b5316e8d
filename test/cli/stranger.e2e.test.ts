// The published program in the hands of somebody new: every answer says what to do next.
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
      expect(own.stdout, name).toMatch(/\nExample: vercel-rest |\nCommands:\n/);
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
    ['a connector that there is not', ['get', 'slack/nobody'], 1, /next: Run `vercel-rest connect list`/],
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
      ['update', 'oauth/crm', '--icon', 'a'.repeat(40), '--accent-color', 'red'],
      1,
      /next: Mend/,
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
    ['nobody to ask', ['eject', 'oauth/crm'], 2, /--yes: there is no terminal/],
    ['JSON without a yes', ['eject', 'oauth/crm', '--json'], 2, /--yes: with --json nobody is asked/],
    [
      'an environment that there is not',
      ['attach', 'oauth/crm', '-p', 'prj_1', '-e', 'prod'],
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
    for (const word of ['revoke-tokens', 'disconnect-all', 'attach']) expect(stdout).toContain(word);
  });
});
