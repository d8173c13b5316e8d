import type ts from 'typescript';
import { type ClientAliases, collectAliases, findClientCalls } from './client-calls.js';
import { findConnectUses } from './connect-uses.js';
import type { Compiler } from './program.js';
import { findTypeUses } from './type-uses.js';
import type { LostUse, Search, Use } from './uses.js';

/** Which files of a program are what. */
export interface FileKinds {
  /** Written by whoever asks, so that uses in it are theirs. */
  readonly isCaller: (file: ts.SourceFile) => boolean;
  readonly isGenerated: (file: ts.SourceFile) => boolean;
  readonly isConnect: (file: ts.SourceFile) => boolean;
}

/** What a program uses, in the order of its files. */
export interface FoundUses {
  readonly uses: readonly Use[];
  readonly lost: readonly LostUse[];
}

/** Finds each use of an operation in a program: calls of a client, functions of `vercel-rest/connect`, generated types. */
export function findUses(compiler: Compiler, program: ts.Program, kinds: FileKinds): FoundUses {
  const uses: Use[] = [];
  const lost: LostUse[] = [];
  const search: Search = {
    compiler,
    checker: program.getTypeChecker(),
    isGenerated: kinds.isGenerated,
    isConnect: kinds.isConnect,
    found: (node, wanted) => uses.push({ node, wanted }),
    lost: (node, why) => lost.push({ node, why }),
  };
  const files = program.getSourceFiles().filter(kinds.isCaller);
  const aliases: ClientAliases = new Map();
  for (const file of files) visit(file, (node) => collectAliases(search, node, aliases));
  for (const file of files)
    visit(file, (node) => {
      findClientCalls(search, node, aliases);
      findConnectUses(search, node);
      findTypeUses(search, node);
    });
  return { uses, lost };
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => visit(child, see));
}
