import { describe, expect, test } from 'vitest';
import { runCli } from './run-cli.js';

describe('vercel-rest mock', () => {
  test('prints its URL first, serves tokens there, and stops when told', async () => {
    const controller = new AbortController();
    let token: Promise<{ code: number; stdout: string }> | undefined;
    const mock = runCli(['mock', '--port', '0'], {
      signal: controller.signal,
      onStdout: (text) => {
        token ??= runCli(['token', 'slack/acme-slack', '--base-url', text.trim()]).finally(() =>
          controller.abort(),
        );
      },
    });
    const { code, stdout } = await mock;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(await token).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\S+\n$/) });
  });

  test.each(['x', '70000', '-1', ''])('refuses port %j', async (port) => {
    const { code, stderr } = await runCli(['mock', `--port=${port}`]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--port/);
  });
});
