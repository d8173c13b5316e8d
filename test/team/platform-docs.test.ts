// Compiles and runs the recipes of docs/platform.md, each after the client of the page's first example.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setupServer } from 'msw/node';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createMock } from '../../src/msw/index.js';

const DOCUMENT = fileURLToPath(new URL('../../openapi/platform.yaml', import.meta.url));
const folder = new URL('./platform-recipes/', import.meta.url);
const page = await readFile(new URL('../../docs/platform.md', import.meta.url), 'utf8');
const [client = '', ...recipes] = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);
const examples = recipes.map((code, index) => ({
  name: /import \{ ([^}]*) \}/.exec(code)?.[1] ?? `recipe ${index + 1}`,
  file: new URL(`recipe-${index + 1}.ts`, folder),
  code,
}));

beforeAll(() => mkdir(folder, { recursive: true }));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the page has a recipe for each function', () => {
  const all = ['limited', 'poll', 'waitForDeployment', 'waitForPromotion', 'waitForDomain'];
  for (const name of [...all, 'deployFolder', 'syncEnv', 'followEvents', 'createMock'])
    expect(examples.some((example) => example.name.includes(name))).toBe(true);
});

test('every recipe compiles under the strict settings of this repository', async () => {
  const configPath = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const config = ts.getParsedCommandLineOfConfigFile(configPath, {}, host);
  await Promise.all(examples.map(({ file, code }) => writeFile(file, `${client}\n${code}\nexport {};\n`)));
  const program = ts.createProgram(
    examples.map(({ file }) => fileURLToPath(file)),
    { ...config?.options, noEmit: true, noUnusedLocals: false },
  );
  const problems = ts
    .getPreEmitDiagnostics(program)
    .map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
  expect(problems).toEqual([]);
}, 60_000);

describe('every recipe runs against the emulator', () => {
  const mock = createMock({ document: DOCUMENT, memory: {} });
  const server = setupServer(...mock.handlers);
  let site = '';
  beforeAll(async () => {
    server.listen({ onUnhandledRequest: 'error' });
    site = await mkdtemp(join(tmpdir(), 'recipe-site-'));
    await writeFile(join(site, 'index.html'), '<h1>Hello</h1>');
  });
  afterAll(async () => {
    server.close();
    await rm(site, { recursive: true, force: true });
  });

  test.each(examples)('$name', async ({ file, code }) => {
    vi.stubEnv('VERCEL_TOKEN', 'recipe-token');
    vi.stubEnv('API_KEY', 'recipe-key');
    const printed: unknown[][] = [];
    vi.spyOn(console, 'log').mockImplementation((...values) => void printed.push(values));
    vi.spyOn(console, 'error').mockImplementation((...values) => void printed.push(values));
    // The recipes name a deployment, a folder and a document that a reader has.
    const own = new Request('https://api.vercel.com/v13/deployments', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer recipe-token' },
      body: JSON.stringify({ name: 'storefront', files: [] }),
    });
    const { id } = Object(await (await fetch(own)).json());
    const runnable = `${client}\n${code}`
      .replaceAll("'dpl_1'", JSON.stringify(id))
      .replaceAll("'./site'", JSON.stringify(site))
      .replaceAll("'./openapi/platform.yaml'", JSON.stringify(DOCUMENT));
    const compiled = ts.transpileModule(runnable, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    const target = new URL(file.href.replace(/\.ts$/, '.run.mjs'));
    await writeFile(target, compiled.outputText);
    await import(target.href);
    expect(printed.length).toBeGreaterThan(0);
    expect(JSON.stringify(printed)).not.toContain('recipe-key');
    expect(mock.validationErrors).toEqual([]);
  });
});
