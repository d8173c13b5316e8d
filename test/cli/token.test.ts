import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createConnectEmulator } from '../../src/msw/index.js';
import { runCli } from './run-cli.js';
import { useServed } from './served.js';

const emulator = createConnectEmulator();
const served = useServed(emulator);

beforeEach(() => emulator.reset());

describe('vercel-rest token', () => {
  test('prints the token alone, so that it pipes', async () => {
    const { code, stdout, stderr } = await runCli(['token', 'slack/acme-slack', '--base-url', served.url]);
    expect(stdout).toMatch(/^\S+\n$/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('prints the whole answer with --json', async () => {
    const { code, stdout } = await runCli(['token', 'slack/acme-slack', '--base-url', served.url, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      connector: { uid: 'slack/acme-slack' },
      expiresAt: expect.any(Number),
    });
  });

  test('sends every flag as the parameter that it names', async () => {
    const details = '[{"type":"account","org":"acme"}]';
    const { code } = await runCli([
      ...['token', 'oauth/linear', '--base-url', served.url, '--subject', 'user:user_123'],
      ...[
        '--scopes',
        'read,write',
        '--scopes',
        'admin',
        '--resources',
        'https://r.example',
        '--audience',
        'a,b',
      ],
      ...['--authorization-details', details],
    ]);
    expect(code).toBe(0);
    expect(emulator.requests[0]?.body).toEqual({
      subject: { type: 'user', id: 'user_123' },
      scopes: ['read', 'write', 'admin'],
      resources: ['https://r.example'],
      audience: ['a', 'b'],
      authorizationDetails: [{ type: 'account', org: 'acme' }],
    });
  });

  test('asks for no scopes when told so', async () => {
    await runCli(['token', 'slack/acme-slack', '--base-url', served.url, '--no-default-scopes']);
    expect(emulator.requests[0]?.body).toMatchObject({ scopes: [] });
  });

  test('sends an installation id', async () => {
    await runCli(['token', 'slack/acme-slack', '--base-url', served.url, '--installation-id', 'inst_9']);
    expect(emulator.requests[0]?.body).toMatchObject({ installationId: 'inst_9' });
  });

  test('reads a jwt-bearer subject with colons in it', async () => {
    await runCli([
      'token',
      'oauth/linear',
      '--base-url',
      served.url,
      '--subject',
      'jwt-bearer:urn:acme:reports',
    ]);
    expect(emulator.requests[0]?.body).toMatchObject({
      subject: { type: 'jwt-bearer', sub: 'urn:acme:reports' },
    });
  });

  test('prefers VERCEL_TOKEN to the placeholder', async () => {
    await runCli(['token', 'slack/acme-slack', '--base-url', served.url], {
      env: { VERCEL_TOKEN: 'my-own-token' },
    });
    await runCli(['token', 'slack/acme-slack', '--base-url', served.url]);
    expect(emulator.requests.map(({ bearer }) => bearer)).toEqual([
      'my-own-token',
      'vercel-rest-placeholder',
    ]);
  });

  test.each([
    [
      'oauth/linear',
      'user:user_456',
      'user_authorization_required',
      'vercel-rest connect authorize oauth/linear --subject user:',
    ],
    [
      'github/acme',
      'app',
      'client_installation_required',
      'vercel-rest connect authorize github/acme --install',
    ],
    ['api-key/revoked', 'app', 'no_token', 'vercel-rest connect import-tokens api-key/revoked'],
    ['slack/nobody', 'app', 'not_found', 'vercel-rest connect list'],
  ])('tells what to do about %s for %s (%s)', async (connector, subject, errorCode, advice) => {
    const { code, stdout, stderr } = await runCli([
      'token',
      connector,
      '--base-url',
      served.url,
      '--subject',
      subject,
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(errorCode);
    expect(stderr).toContain(`next: `);
    expect(stderr).toContain(advice);
  });

  test('says when to come back after a 429', async () => {
    emulator.failNext({ status: 429, headers: { 'retry-after': '90' } });
    const { code, stderr } = await runCli(['token', 'slack/acme-slack', '--base-url', served.url]);
    expect(code).toBe(1);
    expect(stderr).toContain('Try again in 90 s');
  });

  test.each([
    ['no connector', ['token'], /missing required argument 'connector'/],
    ['an unknown flag', ['token', 'a/b', '--subjekt', 'app'], /unknown option '--subjekt'/],
    [
      'a bad subject',
      ['token', 'a/b', '--subject', 'robot'],
      /--subject must be app, user \(you\), user:<id> or jwt-bearer:<sub>/,
    ],
    ['a user without id', ['token', 'a/b', '--subject', 'user:'], /--subject must be/],
    [
      'details that are no JSON',
      ['token', 'a/b', '--authorization-details', '{'],
      /--authorization-details must be JSON/,
    ],
    ['an http base URL elsewhere', ['token', 'a/b', '--base-url', 'http://example.com'], /Invalid baseUrl/],
    ['an unknown command', ['tokens'], /unknown command 'tokens'[\s\S]*Did you mean token/],
  ])('refuses %s as a usage error', async (_, args, message) => {
    const { code, stdout, stderr } = await runCli(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });

  test('says where a credential comes from when there is none', async () => {
    // Nothing to read here, and no look at the disk or the network of whoever runs the tests.
    vi.stubEnv('VERCEL_OIDC_TOKEN', '');
    vi.stubEnv('VERCEL_OIDC_TOKEN_FILE', '/nowhere/oidc-token');
    const { code, stdout, stderr } = await runCli(['token', 'slack/acme-slack']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/next: Set VERCEL_TOKEN.*vercel-rest mock/);
  });

  test('names the server that does not answer, and what to check', async () => {
    const { code, stderr } = await runCli(['token', 'a/b', '--base-url', 'http://127.0.0.1:1']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/127\.0\.0\.1:1/);
    expect(stderr).toContain('--base-url');
  });
});

describe('vercel-rest', () => {
  test.each([
    [['--version'], /^9\.9\.9\n$/],
    [['--help'], /token[\s\S]*mock/],
    [['token', '--help'], /VERCEL_TOKEN/],
  ])('%j prints and ends with 0', async (args, text) => {
    const { code, stdout } = await runCli(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(text);
  });
});
