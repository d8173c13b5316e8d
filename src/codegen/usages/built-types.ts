import { dirname } from 'node:path';
import type ts from 'typescript';
import { OWN_PACKAGE, type Packages } from './overlay.js';
import type { FileKinds, KnownNames, LostUsage } from './usage-search.js';

/** Large, and never about an API. */
const IS_LIBRARY = /\/node_modules\/(?:typescript|@types)\//;

/**
 * Finds files that describe the API and that no types of a document can stand in for: the build of another package, or the
 * types of another generator.
 */
export function findForeignTypes(
  program: ts.Program,
  folders: readonly string[],
  { isGenerated, packageOf }: FileKinds,
  { paths }: KnownNames,
): string[] {
  const exchanged = new Set(folders);
  return program
    .getSourceFiles()
    .filter((file) => {
      if (IS_LIBRARY.test(file.fileName) || !/\b(?:interface|type) paths\b/.test(file.text)) return false;
      if (exchanged.has(dirname(file.fileName)) || packageOf(file.fileName) === OWN_PACKAGE) return false;
      const isOurs = isGenerated(file) && !file.isDeclarationFile;
      const named = [...file.text.matchAll(/^\s*["'](\/[^"']*)["']\??:/gm)];
      return !isOurs && named.some(([, path = '']) => paths.has(path));
    })
    .map(({ fileName }) => fileName);
}

const CLIENTS = /"(?:vercel-rest|openapi-fetch|@vercel\/sdk)"\s*:/;

/** Finds imports of a sibling package that is there as built: what it calls stands in sources that the program does not have. */
export function findBuiltPackages(
  program: ts.Program,
  { isCaller, isGenerated }: FileKinds,
  packages: Packages,
  roots: ReadonlySet<string>,
): LostUsage[] {
  const checker = program.getTypeChecker();
  const named = new Set([...roots].map(packages.nameOf));
  return program
    .getSourceFiles()
    .filter(isCaller)
    .flatMap(({ statements }) => statements)
    .flatMap((statement): LostUsage[] => {
      // An import or a re-export; the type of a statement does not say which of them have a specifier.
      const node =
        'moduleSpecifier' in statement ? (statement.moduleSpecifier as ts.Expression | undefined) : undefined;
      if (node === undefined) return [];
      const module = checker.getSymbolAtLocation(node)?.declarations?.[0]?.getSourceFile();
      if (module === undefined || !module.isDeclarationFile || isGenerated(module)) return [];
      const name = packages.nameOf(module.fileName);
      if (module.fileName.includes('/node_modules/') || name === undefined || named.has(name)) return [];
      if (name === OWN_PACKAGE || !CLIENTS.test(packages.textOf(module.fileName))) return [];
      return [
        {
          node,
          why: `${name} is there as built, and the calls in it are not seen: name its tsconfig in --uses too`,
        },
      ];
    });
}
