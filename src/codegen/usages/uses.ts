import type ts from 'typescript';
import type { Compiler } from './program.js';

/** What a program says of an operation. */
export type Wanted =
  | {
      readonly operationId: string;
      /** Whether this package calls it on its own, with the types and the document of its own. */
      readonly viaConnect?: true;
    }
  | {
      readonly path: string /** In capitals; `undefined` where all operations of the path are meant. */;
      readonly method?: string;
    };

/** One use of an operation. */
export interface Use {
  readonly node: ts.Node;
  readonly wanted: Wanted;
}

/** One use that leads somewhere unknown. */
export interface LostUse {
  readonly node: ts.Node;
  readonly why: string;
}

/** What the searches share. */
export interface Search {
  readonly compiler: Compiler;
  readonly checker: ts.TypeChecker;
  /** Whether a declaration is one of generated types. */
  readonly isGenerated: (file: ts.SourceFile) => boolean;
  /** Whether a declaration is one of `vercel-rest/connect`. */
  readonly isConnect: (file: ts.SourceFile) => boolean;
  readonly found: (node: ts.Node, wanted: Wanted) => void;
  readonly lost: (node: ts.Node, why: string) => void;
}

/** So many literals are a choice that somebody wrote down; more are all paths there are. */
const MOST_LITERALS = 12;

/** The texts that a type stands for, where it stands for a few. */
export function literalsOf({ compiler }: Search, type: ts.Type): string[] | undefined {
  const types = type.isUnion() ? type.types : [type];
  const literals = types.flatMap((one) =>
    (one.flags & compiler.TypeFlags.StringLiteral) !== 0 && one.isStringLiteral() ? [one.value] : [],
  );
  return literals.length === types.length && literals.length <= MOST_LITERALS ? literals : undefined;
}

/** What a name stands for, imports and re-exports followed. */
export function symbolAt({ compiler, checker }: Search, node: ts.Node): ts.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(node);
  return symbol !== undefined && (symbol.flags & compiler.SymbolFlags.Alias) !== 0
    ? checker.getAliasedSymbol(symbol)
    : symbol;
}

/** Whether a symbol is declared in a file that passes a test. */
export function isDeclaredIn(symbol: ts.Symbol | undefined, test: (file: ts.SourceFile) => boolean): boolean {
  return symbol?.declarations?.some((declaration) => test(declaration.getSourceFile())) === true;
}
