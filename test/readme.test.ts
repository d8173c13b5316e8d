import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { setupServer } from 'msw/node';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createConnectEmulator } from '../src/msw/index.js';

// What the examples call and a README need not define.
const PROLOGUE = `
declare function postToSlack(token: string): Promise<void>;
declare function showConsentButton(): void;
declare function readMyToken(): Promise<string>;
`;
const STAND_INS = `
const postToSlack = async (token) => { if (!token) throw new Error('no token'); };
const showConsentButton = () => {};
const readMyToken = async () => 'my-bearer';
`;

const folder = new URL('./readme-examples/', import.meta.url);
const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ''], index) => ({
  name: `${headingBefore(readme.indexOf(code))} (example ${index + 1})`,
  file: new URL(`example-${index + 1}.ts`, folder),
  code,
}));

function headingBefore(position: number): string {
  const headings = [...readme.slice(0, position).matchAll(/^#+ (.*)$/gm)];
  return headings.at(-1)?.[1] ?? '';
}

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the README has examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(6);
});

test('every example compiles under the strict settings of this repository', async () => {
  const configPath = fileURLToPath(new URL('../tsconfig.json', import.meta.url));
  const config = ts.getParsedCommandLineOfConfigFile(
    configPath,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  );
  await Promise.all(examples.map(({ file, code }) => writeFile(file, `${code}\n${PROLOGUE}\nexport {};\n`)));
  const files = examples.map(({ file }) => fileURLToPath(file));
  const program = ts.createProgram(files, { ...config?.options, noEmit: true });
  const problems = ts
    .getPreEmitDiagnostics(program)
    .map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
  expect(problems).toEqual([]);
}, 60_000);

describe('every example runs against the emulator', () => {
  const emulator = createConnectEmulator();
  const server = setupServer(...emulator.handlers);
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
  afterAll(() => server.close());

  test.each(examples)('$name', async ({ file, code }) => {
    vi.stubEnv('VERCEL_TOKEN', 'readme-token');
    vi.stubEnv('VERCEL_OIDC_TOKEN', unsignedOidcToken());
    const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
    await writeFile(file, `${STAND_INS}\n${code}\nexport {};\n`);
    await import(/* @vite-ignore */ fileURLToPath(file));
    for (const [comment] of code.matchAll(/(?<=console\.log\(.*\); \/\/ )\d+/g)) {
      expect(printed.mock.calls.flat().map(String)).toContain(comment);
    }
  });
});

function unsignedOidcToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ sub: 'owner:acme:project:shop:environment:development', exp: 4_102_444_800 })}.c2ln`;
}
