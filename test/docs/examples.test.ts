// Compiles every TypeScript block of README and docs/, and runs it against the emulators.
//
// ```ts         compiles, and runs on its own
// ```ts check   compiles alone: it needs an account, a framework, or an application around it
// ```ts vitest  compiles, and test/team/fresh-project.test.ts runs it as a test file
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runInNewContext, Script } from 'node:vm';
import { setupServer } from 'msw/node';
import ts from 'typescript';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { createConnectEmulator, createMock } from '../../src/msw/index.js';
import { type Block, pages, ROOT } from './pages.js';

/** test/team/platform-docs.test.ts runs its recipes, each after the client of the page's first example. */
const RUN_ELSEWHERE = ['docs/platform.md'];
const LANGUAGES = ['ts', 'js', 'sh', 'json', 'yaml', 'text', 'diff'];
const MODES = ['', 'check', 'vitest'];

/** What \`vercel-rest generate\` writes into a project, made from the document of the platform. */
const GENERATED = `
import { type ClientOptions, createClient as create } from 'vercel-rest';
import { operations, type paths } from '../../../../src/generated/platform/index.js';

export * from '../../../../src/generated/platform/index.js';
export const createClient = (options: Omit<ClientOptions, 'operations'> = {}) =>
  create<paths>({ ...options, operations });
`;

const folder = new URL('./examples/', import.meta.url);
const blocks = pages.flatMap((page) => page.blocks);
const examples = blocks
  .filter(({ page, language, mode }) => language === 'ts' && (mode !== '' || !RUN_ELSEWHERE.includes(page)))
  .map((block) => ({
    ...block,
    name: nameOf(block),
    file: new URL(`${block.page.replaceAll(/[/.]/g, '-')}-${block.line}.ts`, folder),
  }));
const programs = examples.filter(({ mode }) => mode === '');

function nameOf({ page, line, heading }: Block): string {
  return `${page}:${line} (${heading})`;
}

const blocksOf = (...languages: string[]) =>
  blocks
    .filter(({ language }) => languages.includes(language))
    .map((block) => [nameOf(block), block.code] as const);

beforeAll(async () => {
  await mkdir(new URL('./vercel/', folder), { recursive: true });
  await writeFile(new URL('./vercel/index.ts', folder), GENERATED);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('every block has a language and a mode that is checked here', () => {
  expect(blocks.filter(({ language }) => !LANGUAGES.includes(language)).map(nameOf)).toEqual([]);
  expect(blocks.filter(({ mode }) => !MODES.includes(mode)).map(nameOf)).toEqual([]);
  expect(programs.length).toBeGreaterThanOrEqual(25);
});

test('every example compiles under the strict settings of this repository', async () => {
  const configPath = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const config = ts.getParsedCommandLineOfConfigFile(configPath, {}, host);
  await Promise.all(examples.map(({ file, code }) => writeFile(file, `${code}\nexport {};\n`)));
  const files = [...examples.map(({ file }) => fileURLToPath(file)), `${ROOT}test/docs/frameworks.d.ts`];
  const program = ts.createProgram(files, {
    ...config?.options,
    noEmit: true,
    // NestJS has decorators of before the standard.
    experimentalDecorators: true,
  });
  const names = new Map(examples.map(({ file, name }) => [fileURLToPath(file), name]));
  const problems = ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${names.get(file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  expect(problems).toEqual([]);
}, 120_000);

describe('every example runs against the emulator', () => {
  const emulator = createConnectEmulator();
  const platform = createMock({ document: `${ROOT}openapi/platform.yaml`, memory: {} });
  const server = setupServer();
  // For each example: one that has a server of its own gives the network back when it closes.
  beforeEach(() =>
    server.listen({
      onUnhandledRequest: (request, print) => {
        if (new URL(request.url).hostname !== '127.0.0.1') print.error();
      },
    }),
  );
  afterEach(() => server.close());

  test.each(programs)('$name', async ({ file, code }) => {
    vi.stubEnv('VERCEL_TOKEN', 'readme-token');
    vi.stubEnv('VERCEL_OIDC_TOKEN', unsignedOidcToken());
    vi.stubEnv('WEBHOOK_SECRET', 'webhook-secret');
    emulator.reset();
    server.resetHandlers(
      ...(/'\.\/vercel\/|vercel-rest\/platform/.test(code) ? platform : emulator).handlers,
    );
    const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
    await writeFile(file, `${code}\nexport {};\n`);
    await import(/* @vite-ignore */ fileURLToPath(file));
    for (const [comment] of code.matchAll(/(?<=console\.log\(.*\); \/\/ )\d+/g)) {
      expect(printed.mock.calls.flat().map(String)).toContain(comment);
    }
  });
});

describe('every other block is well-formed', () => {
  test.each(blocksOf('js'))('js: %s', (_name, code) => {
    // CommonJS alone: what is TypeScript or an ES module is a `ts` block.
    expect(() => new Script(`(function (require, module) {${code}})`)).not.toThrow();
    if (code.includes('module.exports')) runInNewContext(code, { module: {} });
  });
  test.each(blocksOf('json'))('json: %s', (_name, code) => {
    expect(() => JSON.parse(code)).not.toThrow();
  });
  test.each(blocksOf('yaml'))('yaml: %s', (_name, code) => {
    expect(() => parse(code)).not.toThrow();
  });
});

function unsignedOidcToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ sub: 'owner:acme:project:shop:environment:development', exp: 4_102_444_800 })}.c2ln`;
}
