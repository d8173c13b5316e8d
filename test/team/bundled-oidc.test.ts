// A program that was bundled whole: what @vercel/oidc requires at run time is not there.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { oidcToken } from '../connect/helpers.js';

const ENTRY = new URL('../../src/connect/index.ts', import.meta.url).pathname;

test('a package that cannot be loaded is reported as that, and not as a token that is missing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bundled-oidc-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(
    join(folder, 'in.ts'),
    `import { createConnectClient } from ${JSON.stringify(ENTRY)};
const client = createConnectClient({ baseUrl: 'http://127.0.0.1:1', maxRetries: 0 });
await client.getToken('a/b', { subject: { type: 'app' } }).catch(({ name, code, message, cause }) => {
  console.log(JSON.stringify({ name, code, message, cause: cause?.message }));
});`,
  );
  const outfile = join(folder, 'out.mjs');
  await build({
    entryPoints: [join(folder, 'in.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
  });
  const env = { PATH: process.env.PATH, VERCEL_OIDC_TOKEN: oidcToken('bundled') };
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], { env });
  expect(JSON.parse(stdout)).toMatchObject({
    name: 'CredentialError',
    code: 'credential_unavailable',
    message: expect.stringMatching(
      /^the package @vercel\/oidc cannot be loaded, .*\(Dynamic require of "node:fs\/promises" is not supported\): .*bearerToken$/,
    ),
    cause: expect.stringContaining('Dynamic require'),
  });
});
