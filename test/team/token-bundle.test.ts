// A program that was bundled whole and only gets tokens: it must not carry the rest of the package.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

async function filesOf(source: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents: source, resolveDir: ROOT },
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['@vercel/oidc'],
    write: false,
    metafile: true,
    absWorkingDir: ROOT,
  });
  const [output] = Object.values(metafile.outputs);
  return Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [file] : [],
  );
}

test('getToken brings no management, import, consent page, trigger, store or response cache', async () => {
  const files = await filesOf(`import { getToken } from './src/connect/index.ts'; console.log(getToken);`);
  expect(files).toContain('src/connect/tokens/find-token.ts');
  const others =
    /^src\/(?:connect\/(?:management|import|store|triggers|consent\/(?:start|wait|poll))|transport\/cache)/;
  expect(files.filter((file) => others.test(file))).toEqual([]);
});

test('a client of its own brings its methods, and no response cache', async () => {
  const files = await filesOf(
    `import { createConnectClient } from './src/connect/index.ts'; console.log(createConnectClient);`,
  );
  expect(files).toContain('src/connect/management/connectors.ts');
  expect(files.filter((file) => file.startsWith('src/transport/cache/'))).toEqual([]);
});
