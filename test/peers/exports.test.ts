// Every name that @vercel/connect exports where we have an entry is exported here too, values and types.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const THEIRS = dirname(createRequire(import.meta.url).resolve('@vercel/connect'));
const OURS = fileURLToPath(new URL('../../src/', import.meta.url));

const ENTRIES = [
  ['.', 'index.d.ts', 'connect/index.ts'],
  ['/mcp', 'mcp/index.d.ts', 'adapters/mcp/index.ts'],
  ['/ai-sdk', 'ai-sdk/index.d.ts', 'adapters/ai-sdk/index.ts'],
  ['/tanstack-ai', 'tanstack-ai/index.d.ts', 'adapters/tanstack-ai/index.ts'],
] as const;

/** The names that a file exports, types marked. */
function exportsOf(file: string): Map<string, 'type' | 'value'> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const found = new Map<string, 'type' | 'value'>();
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement)) {
      const { exportClause, moduleSpecifier, isTypeOnly } = statement;
      if (exportClause === undefined && moduleSpecifier && ts.isStringLiteral(moduleSpecifier)) {
        const target = join(dirname(file), moduleSpecifier.text.replace(/\.js$/, '.ts'));
        for (const [name, kind] of exportsOf(target)) found.set(name, kind);
      }
      if (exportClause && ts.isNamedExports(exportClause))
        for (const { name, isTypeOnly: isType } of exportClause.elements)
          found.set(name.text, isTypeOnly || isType ? 'type' : 'value');
    } else if (isExported(statement)) {
      const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
      if (isType || ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
        found.set(statement.name?.text ?? 'default', isType ? 'type' : 'value');
    }
  }
  return found;
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

describe.each(ENTRIES)('@vercel/connect%s', (path, theirFile, ourFile) => {
  const theirs = exportsOf(join(THEIRS, theirFile));
  const ours = exportsOf(join(OURS, ourFile));

  it('exports names that were found', () => {
    expect(theirs.size).toBeGreaterThan(20);
    expect([...theirs.values()]).toContain('type');
  });

  it('exports nothing that we do not, and each as a value or a type as here', () => {
    // A class is a value here and a type where only its type is exported, never the other way round.
    const missing = [...theirs].filter(
      ([name, kind]) => ours.get(name) !== kind && ours.get(name) !== 'value',
    );
    expect(missing).toEqual([]);
  });

  it('has the values that its types promise', async () => {
    const name = path === '.' ? '' : path;
    const [there, here] = await Promise.all([
      import(/* @vite-ignore */ `@vercel/connect${name}`),
      import(/* @vite-ignore */ `../../src/${ourFile}`),
    ]);
    expect(Object.keys(there).filter((value) => !(value in here))).toEqual([]);
  });
});

it('every subpath that we share with it is compared', () => {
  const read = (file: string) => Object.keys(JSON.parse(readFileSync(file, 'utf8')).exports);
  const theirs = read(join(THEIRS, '../package.json'));
  const shared = read(fileURLToPath(new URL('../../package.json', import.meta.url))).filter(
    (path) => path !== '.' && theirs.includes(path),
  );
  expect(shared.map((path) => path.slice(1)).sort()).toEqual(
    ENTRIES.map(([path]) => path)
      .filter((path) => path !== '.')
      .sort(),
  );
});
