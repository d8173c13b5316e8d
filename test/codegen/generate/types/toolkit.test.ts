import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findToolkit } from '../../../../src/codegen/generate/types/toolkit.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vercel-rest-toolkit-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A package of a monorepo, or its root, with these packages in its `node_modules`. */
function place(name: string, packages: Readonly<Record<string, string>>): string {
  const own = join(folder, name);
  for (const [dependency, text] of Object.entries(packages)) {
    const at = join(own, 'node_modules', dependency);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'index.js'), text);
  }
  return join(own, 'package.json');
}

const TYPESCRIPT_7 = "exports.version = '7.0.2';";
const OPENAPI_TYPESCRIPT = "exports.marker = 'of the project';";

it('is that of the project, with the compiler of its openapi-typescript', () => {
  const file = place('paired', {
    'openapi-typescript': OPENAPI_TYPESCRIPT,
    'openapi-typescript/node_modules/typescript': "exports.version = '5.9.3'; exports.factory = {};",
    typescript: TYPESCRIPT_7,
  });
  expect(findToolkit([file, import.meta.url])).toMatchObject({
    openapiTypescript: { marker: 'of the project' },
    compiler: { version: '5.9.3' },
  });
});

it.each([
  ['TypeScript has no API there', { 'openapi-typescript': OPENAPI_TYPESCRIPT, typescript: TYPESCRIPT_7 }],
  ['they are missing there', {}],
])('is that beside this package, where %s', (name, packages) => {
  const found = findToolkit([place(name.replaceAll(' ', '-'), packages), import.meta.url]);
  expect(found).toMatchObject({ compiler: { version: ts.version } });
});

it('says which TypeScript has no API, and throws where a package is missing', () => {
  const file = place('seven', { 'openapi-typescript': OPENAPI_TYPESCRIPT, typescript: TYPESCRIPT_7 });
  expect(findToolkit([file])).toEqual({ version: '7.0.2' });
  // Not in the folder, which may have packages above it.
  expect(() => findToolkit([resolve('/none/package.json')])).toThrow('openapi-typescript');
});
