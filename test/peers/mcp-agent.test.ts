import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

it('the agent of examples/ runs offline: no consent, consent, a refused token', () => {
  const args = ['node_modules/tsx/dist/cli.mjs', 'examples/mcp-agent.ts'];
  const printed = execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  const [, first = '', second = '', third = ''] = printed.split(/\n(?=\d\. )/);
  expect(first).toContain(': 409');
  expect(first).toContain('getConnectorToken 422, createConnectorAuthorizationRequest 200');
  expect(second).toContain(': 200');
  expect(second).toContain('Created issue 1.');
  expect(second).toContain('user_456@acme.example');
  expect(second).toContain('Requests to Connect: none');
  expect(third).toContain('Created issue 2.');
  expect(third).toContain('Requests to Connect: getConnectorToken 200\n');
});
