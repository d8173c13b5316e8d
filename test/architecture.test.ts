// The layers of src/, stated once. docs/architecture.md draws the same order.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** A file imports from its own layer and from those before it. Layers that share a line do not import each other. */
const LAYERS = [
  ['util'],
  ['errors'],
  ['http'],
  ['openapi'],
  ['generated'],
  ['transport'],
  ['client'],
  ['platform'],
  ['msw', 'codegen'],
  ['connect'],
  ['redis', 'adapters'],
  ['cli'],
];

/** Entries of the package, which may re-export what an earlier layer holds. */
const isEntry = (file: string) => /^adapters\/[^/]+\/index\.ts$/.test(file);

/** Names that mean the same in every folder: the barrel of the folder, and its public types. */
const SHARED_NAMES: ReadonlySet<string> = new Set(['index.ts', 'types.ts']);

const ROOT = fileURLToPath(new URL('../src/', import.meta.url));

interface Import {
  readonly to: string;
  readonly isType: boolean;
  readonly isReExport: boolean;
}

/** Sources by their path inside `src/`. */
type Sources = ReadonlyMap<string, string>;

describe('the layers of src/', () => {
  const sources = readSources();

  it('are followed by every file', () => {
    expect(sources.size).toBeGreaterThan(300);
    expect(findViolations(sources)).toEqual([]);
  });

  it('are drawn in docs/architecture.md in the same order', () => {
    const page = readFileSync(new URL('../docs/architecture.md', import.meta.url), 'utf8');
    const order = LAYERS.map((layers) => layers.join(', ')).join(' < ');
    expect(page).toContain(`\`${order}\``);
    expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(`\`${order}\``);
  });

  it('have the files that docs/architecture.md names', () => {
    const page = readFileSync(new URL('../docs/architecture.md', import.meta.url), 'utf8');
    const named = [...page.matchAll(/`src\/([\w/-]+\.ts)`/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !sources.has(path))).toEqual([]);
  });
});

/** Jobs that one file does for all of src/, and the code that a second one would have. */
const ONCE: readonly (readonly [job: string, file: string, code: RegExp])[] = [
  ['writes and reads JSON pointers', 'openapi/json-pointer.ts', /replace(?:All)?\(\s*['"/]~/],
  ['lists the HTTP methods of a path item', 'openapi/normalize/walk.ts', /\[[^\]]*'get',\s*'p(?:os|u)t'/],
  [
    'loads the YAML parser',
    'openapi/parse-text.ts',
    /(?:require|import)\('(?:js-)?yaml'\)|from '(?:js-)?yaml'/,
  ],
  ['sorts the sets of a document', 'openapi/normalize/canonical.ts', /'enum',\s*'x-extensible-enum'/],
];

describe('a job that src/ does once', () => {
  it.each(ONCE)('%s in %s alone', (_job, file, code) => {
    const found = [...readSources()].filter(([, text]) => code.test(text)).map(([path]) => path);
    expect(found).toEqual([file]);
  });
});

describe('a violation of the layers', () => {
  const leaf = 'export const one = 1;\n';

  it.each<[string, Record<string, string>, string]>([
    [
      'an upward import',
      { 'util/a.ts': "import { one } from '../http/b.js';\n", 'http/b.ts': leaf },
      'util/a.ts imports http/b.ts, which stands in a later layer',
    ],
    [
      'an upward import of types',
      { 'util/a.ts': "import type { One } from '../http/b.js';\n", 'http/b.ts': leaf },
      'util/a.ts imports http/b.ts, which stands in a later layer',
    ],
    [
      'an upward import inside a type',
      { 'util/a.ts': "type A = import('../http/b.js').One;\n", 'http/b.ts': leaf },
      'util/a.ts imports http/b.ts, which stands in a later layer',
    ],
    [
      'an upward import that is lazy',
      { 'util/a.ts': "await import('../http/b.js');\n", 'http/b.ts': leaf },
      'util/a.ts imports http/b.ts, which stands in a later layer',
    ],
    [
      'an import between two layers of one line',
      { 'msw/a.ts': "import { one } from '../codegen/b.js';\n", 'codegen/b.ts': leaf },
      'msw/a.ts imports codegen/b.ts, which stands in a later layer',
    ],
    [
      'a circle of values',
      {
        'util/a.ts': "import './b.js';\n",
        'util/b.ts': "import './c.js';\n",
        'util/c.ts': "import './a.js';\n",
      },
      'util/a.ts, util/b.ts, util/c.ts import each other in a circle',
    ],
    ['a file loose in src/', { 'loose.ts': leaf }, 'loose.ts stands in no layer'],
    ['a folder that is no layer', { 'misc/a.ts': leaf }, 'misc/a.ts stands in no layer'],
    [
      'one name with two meanings',
      { 'util/read.ts': leaf, 'http/body/read.ts': leaf },
      'read.ts is the name of http/body/read.ts and util/read.ts',
    ],
    [
      'a re-export of another layer',
      { 'http/a.ts': "export { one } from '../util/b.js';\n", 'util/b.ts': leaf },
      'http/a.ts re-exports util/b.ts of another layer',
    ],
    ['code in a barrel', { 'util/index.ts': leaf }, 'util/index.ts is a barrel and holds code'],
    [
      'an import of no file',
      { 'util/a.ts': "import './gone.js';\n" },
      'util/a.ts imports util/gone.ts, which is not there',
    ],
  ])('is found: %s', (_name, files, expected) => {
    expect(findViolations(new Map(Object.entries(files)))).toContain(expected);
  });

  it('is not seen in a circle of types, in a barrel, or in an import of an earlier layer', () => {
    const files = {
      'util/a.ts': "import type { B } from './b.js';\nexport type A = B;\n",
      'util/b.ts': "import type { A } from './a.js';\nexport type B = A;\n",
      'util/index.ts': "export type { A } from './a.js';\n",
      'http/c.ts': "import type { A } from '../util/index.js';\nexport type C = A;\n",
      'index.ts': "export type { C } from './http/c.js';\n",
      'adapters/mcp/index.ts': "export type { C } from '../../http/c.js';\n",
    };
    expect(findViolations(new Map(Object.entries(files)))).toEqual([]);
  });
});

function readSources(): Sources {
  const names = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return new Map(
    names.sort().map((name) => [name.replaceAll('\\', '/'), readFileSync(join(ROOT, name), 'utf8')] as const),
  );
}

function findViolations(sources: Sources): string[] {
  const imports = new Map([...sources].map(([file, text]) => [file, importsOf(file, text)] as const));
  return [
    ...[...sources.keys()].filter((file) => rankOf(file) === -1).map((file) => `${file} stands in no layer`),
    ...findSharedNames(sources),
    ...[...sources]
      .filter(([file, text]) => isBarrelWithCode(file, text))
      .map(([file]) => `${file} is a barrel and holds code`),
    ...[...imports].flatMap(([file, found]) => found.flatMap((one) => judge(file, one, sources))),
    ...findCircles(imports),
  ];
}

function judge(file: string, { to, isReExport }: Import, sources: Sources): string[] {
  if (!sources.has(to)) return [`${file} imports ${to}, which is not there`];
  const [own, other] = [layerOf(file), layerOf(to)];
  if (own === other || file === 'index.ts') return [];
  if (rankOf(to) >= rankOf(file)) return [`${file} imports ${to}, which stands in a later layer`];
  return isReExport && !isEntry(file) ? [`${file} re-exports ${to} of another layer`] : [];
}

function layerOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : file;
}

/** The place of a file's layer in the order; `index.ts` of the package stands after all, and -1 is no place. */
function rankOf(file: string): number {
  return file === 'index.ts' ? LAYERS.length : LAYERS.findIndex((layers) => layers.includes(layerOf(file)));
}

function findSharedNames(sources: Sources): string[] {
  const named = new Map<string, string[]>();
  for (const file of sources.keys()) {
    // A generated module is named after a tag of the document.
    if (layerOf(file) === 'generated' || SHARED_NAMES.has(basename(file))) continue;
    named.set(basename(file), [...(named.get(basename(file)) ?? []), file]);
  }
  return [...named]
    .filter(([, files]) => files.length > 1)
    .map(([name, files]) => `${name} is the name of ${files.sort().join(' and ')}`);
}

/** Finds the files that reach themselves over imports of values; a type is gone when the code runs. */
function findCircles(imports: ReadonlyMap<string, readonly Import[]>): string[] {
  const next = (file: string) =>
    (imports.get(file) ?? []).filter(({ isType }) => !isType).map(({ to }) => to);
  const circles = new Set<string>();
  for (const start of imports.keys()) {
    const reached = new Set<string>();
    const queue = next(start);
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (reached.has(file)) continue;
      reached.add(file);
      queue.push(...next(file));
    }
    if (!reached.has(start)) continue;
    const members = [...reached].filter((file) => reachesItself(file, start, next)).sort();
    circles.add(`${members.join(', ')} import each other in a circle`);
  }
  return [...circles];
}

function reachesItself(from: string, target: string, next: (file: string) => string[]): boolean {
  const seen = new Set<string>();
  const queue = [from];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    if (next(file).includes(target)) return true;
    queue.push(...next(file));
  }
  return false;
}

function isBarrelWithCode(file: string, text: string): boolean {
  if (basename(file) !== 'index.ts' || layerOf(file) === 'generated') return false;
  return parse(file, text).statements.some((statement) => !ts.isExportDeclaration(statement));
}

function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier?.startsWith('.')) {
      const to = posix.join(dirname(file), specifier).replace(/\.js$/, '.ts');
      found.push({ to, isType: isTypeOnly(node), isReExport: ts.isExportDeclaration(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file, text));
  return found;
}

function parse(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

function specifierOf(node: ts.Node): string | undefined {
  const isStatement = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
  if (isStatement && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier))
    return node.moduleSpecifier.text;
  if (
    ts.isImportTypeNode(node) &&
    ts.isLiteralTypeNode(node.argument) &&
    ts.isStringLiteral(node.argument.literal)
  )
    return node.argument.literal.text;
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword) return undefined;
  const [specifier] = node.arguments;
  return specifier && ts.isStringLiteral(specifier) ? specifier.text : undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly || areTypes(node.exportClause);
  if (!ts.isImportDeclaration(node) || node.importClause === undefined) return false;
  return (
    node.importClause.isTypeOnly || (!node.importClause.name && areTypes(node.importClause.namedBindings))
  );
}

function areTypes(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  if (bindings === undefined || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return false;
  return bindings.elements.length > 0 && bindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}
