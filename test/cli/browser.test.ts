import { beforeEach, describe, expect, test } from 'vitest';
import { createOpener } from '../../src/cli/terminal/browser.js';
import { createConnectEmulator } from '../../src/msw/index.js';
import { type CliWorld, runCli } from './run-cli.js';
import { useServed } from './served.js';

const emulator = createConnectEmulator();
const served = useServed(emulator);
beforeEach(() => emulator.reset());

const decide = (how: 'approve' | 'deny') => {
  for (const { request, outcome } of emulator.consents) if (outcome === 'pending') emulator[how]({ request });
};

/** A terminal whose browser approves what it is shown. */
function terminal(world: CliWorld = {}) {
  const opened: string[] = [];
  const questions: string[] = [];
  const onTerminal: CliWorld = {
    stderrIsTerminal: true,
    stdoutIsTerminal: true,
    openUrl: (page) => void opened.push(page),
    confirm: async (question) => questions.push(question) > 0,
    onStderr: () => decide('approve'),
    ...world,
  };
  const run = (line: string) => runCli([...line.split(' '), '--base-url', served.url], onTerminal);
  return { run, opened, questions };
}

describe('connect authorize', () => {
  const line = 'connect authorize oauth/linear --subject user:user_9';

  test('opens the page on a terminal', async () => {
    const { run, opened } = terminal();
    const { code, stderr } = await run(line);
    expect(code).toBe(0);
    expect(opened).toEqual([expect.stringContaining(`${served.url}/authorize/`)]);
    expect(stderr).toContain(`Open ${opened[0]}\nYour browser should show it.`);
  });

  test.each<[string, string, CliWorld]>([
    ['with --no-open', ' --no-open', {}],
    ['in CI', '', { env: { CI: 'true' } }],
    ['without a terminal', '', { stderrIsTerminal: false }],
  ])('%s only prints it', async (_, flag, world) => {
    const { run, opened } = terminal(world);
    const { code, stderr } = await run(`${line}${flag}`);
    expect({ code, opened }).toEqual({ code: 0, opened: [] });
    expect(stderr).toMatch(/^Open http\S+\nWaiting/);
  });

  test('opens nothing that is no web page, whatever a server says', async () => {
    for (const page of [
      'file:///etc/passwd',
      '--version',
      'javascript:alert(1)',
      'http://elsewhere.example/',
    ]) {
      const body = { url: page, request: 'r', verifier: 'v', expiresAt: Date.now() - 1, connector: {} };
      emulator.failNext({ status: 200, body, operationId: 'createConnectorAuthorizationRequest' });
      const { run, opened } = terminal();
      expect((await run(line)).code).toBe(1);
      expect(opened).toEqual([]);
    }
  });

  test('a refusal is an error that says so', async () => {
    const { run } = terminal({ onStderr: () => decide('deny') });
    const { code, stderr } = await run(line);
    expect(code).toBe(1);
    expect(stderr).toMatch(/refused[\s\S]*next: /);
  });
});

describe('token on a terminal', () => {
  test('asks, opens the browser, waits, and prints the token alone', async () => {
    const { run, opened, questions } = terminal();
    const { code, stdout } = await run('token oauth/linear --subject user:user_9');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^oauth-emulated-\S+\n$/) });
    expect(opened).toHaveLength(1);
    expect(questions).toEqual(['Open the browser for that?']);
  });

  test('has the connector installed where that is missing', async () => {
    const { run, opened } = terminal();
    const { code, stdout } = await run('connect token github/acme --yes --json');
    expect({ code, opened }).toEqual({ code: 0, opened: [expect.stringContaining('/install/')] });
    expect(JSON.parse(stdout)).toMatchObject({ installationId: expect.stringMatching(/^inst_/) });
  });

  test('a no is no failure, and nothing is started', async () => {
    const { run } = terminal({ confirm: async () => false });
    const { code, stdout } = await run('token oauth/linear --subject user:user_9');
    expect({ code, stdout, consents: emulator.consents }).toEqual({ code: 0, stdout: '', consents: [] });
  });

  test('whose output is piped fails at once', async () => {
    const { run } = terminal({ stdoutIsTerminal: false });
    expect(await run('token oauth/linear --subject user:user_9')).toMatchObject({ code: 1, stdout: '' });
    expect(emulator.consents).toEqual([]);
  });

  test('a failure that no consent mends stays one', async () => {
    const { run, questions } = terminal();
    expect((await run('token api-key/revoked --yes')).code).toBe(1);
    expect(questions).toEqual([]);
  });
});

describe('the rest of a terminal', () => {
  test('open shows the dashboard, but for --json', async () => {
    const { run, opened } = terminal();
    const { stdout } = await run('connect open slack/acme-slack --team acme');
    expect(opened).toEqual([stdout.trim()]);
    await run('connect open slack/acme-slack --json');
    await run('connect open slack/acme-slack --no-open');
    expect(opened).toHaveLength(1);
  });

  test('create registers in the browser, with the look of the connector, and waits for it', async () => {
    for (const flag of ['', ' --yes']) {
      const { run, opened, questions } = terminal();
      const line = `connect create slack --name Bot --project prj_1 --accent-color #112233${flag}`;
      const { code, stdout } = await run(line);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^uid +slack\/bot/);
      expect(opened).toEqual([expect.stringMatching(/\/register\/.*\?accentColor=%23112233$/)]);
      expect(questions).toHaveLength(flag === '' ? 1 : 0);
      expect(emulator.connectors.at(-1)).toMatchObject({
        ...{ creationMode: 'managed', accentColor: '#112233' },
        defaultInstallationId: expect.any(String),
      });
    }
  });

  test('create that is canceled in the browser, or not wanted, makes nothing', async () => {
    const canceled = terminal({ onStderr: () => decide('deny') });
    expect(await canceled.run('connect create slack --name Bot')).toMatchObject({ code: 1, stdout: '' });
    const unwanted = terminal({ confirm: async () => false, onStderr: () => undefined });
    expect(await unwanted.run('connect create slack --name Bot')).toMatchObject({ code: 0, stdout: '' });
    expect(emulator.connectors.map(({ uid }) => uid)).not.toContain('slack/bot');
  });

  test('create opens nothing that is no web page', async () => {
    const error = { code: 'registration_required', message: 'Register.', registerUrl: 'file:///etc/passwd' };
    emulator.failNext({ status: 422, body: { error }, operationId: 'createManagedConnector' });
    const { run, opened } = terminal();
    const { code, stderr } = await run('connect create slack --name Bot --yes');
    expect({ code, opened }).toEqual({ code: 1, opened: [] });
    expect(stderr).not.toContain('file:');
  });

  test('attach asks before environments are taken away, and a no changes nothing', async () => {
    const { run } = terminal({ confirm: async () => false });
    const { code, stderr } = await run('connect attach slack/acme-slack -p prj_1 -e production');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Nothing was done.\n' });
    expect(emulator.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });
});

test.each([
  ['darwin', ['open', 'https://a.example/?x=1&y=2']],
  ['linux', ['xdg-open', 'https://a.example/?x=1&y=2']],
  ['win32', ['rundll32', 'url.dll,FileProtocolHandler', 'https://a.example/?x=1&y=2']],
])('on %s a program gets the URL as one argument, with no shell between', (platform, expected) => {
  const started: string[][] = [];
  createOpener(
    platform,
    {},
    (command, args) => void started.push([command, ...args]),
  )('https://a.example/?x=1&y=2');
  expect(started).toEqual([expected]);
});
