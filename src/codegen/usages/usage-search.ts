import type ts from 'typescript';
import type { Compiler } from './program.js';

/** The operation that a use names, in one of three ways. */
export type Wanted =
  | {
      readonly operationId: string;
      /** Whether this package calls it on its own, with the types and the document of its own. */
      readonly viaConnect?: true;
    }
  | {
      readonly path: string;
      /** In capitals, any of which may be meant; `undefined` for all operations of the path. */
      readonly methods?: readonly string[] | undefined;
      /** Whether only the text tells: no type says that the path is sent to this API. */
      readonly perhaps?: true;
    }
  | {
      /** The names of another SDK for the operation, the most exact one first; only letters and digits count, in either case. */
      readonly names: readonly string[];
    };

/** One use of an operation. */
export interface Usage {
  readonly node: ts.Node;
  readonly wanted: Wanted;
}

/** One use that leads somewhere unknown. */
export interface LostUsage {
  readonly node: ts.Node;
  readonly why: string;
}

/** The names of the operations in both documents. */
export interface KnownNames {
  readonly paths: ReadonlySet<string>;
  /** Operation ids, and the paths that they have in either document. */
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>;
  /** Base URLs of the API, without the path. */
  readonly hosts: ReadonlySet<string>;
}

/** Which files of a program are what. */
export interface FileKinds {
  /** Whether the file belongs to the program itself, so that uses in it count. */
  readonly isCaller: (file: ts.SourceFile) => boolean;
  /** Whether the file holds generated types. */
  readonly isGenerated: (file: ts.SourceFile) => boolean;
  /** Whether the file is one of `vercel-rest/connect`. */
  readonly isConnect: (file: ts.SourceFile) => boolean;
  /** The name of the package that a file belongs to. */
  readonly packageOf: (file: string) => string | undefined;
}

/** The program and the results that all searches share. */
export interface UsageSearch extends FileKinds {
  readonly compiler: Compiler;
  readonly checker: ts.TypeChecker;
  readonly known: KnownNames;
  /** Remembers whether a type is a client's. */
  readonly clients: Map<ts.Type, boolean>;
  readonly found: (node: ts.Node, wanted: Wanted) => void;
  readonly lost: (node: ts.Node, why: string) => void;
}

/** So many literals are a choice that somebody wrote down; more are all paths there are. */
const MOST_LITERALS = 12;

/** Returns the members of a small union of texts; `undefined` for any other type. */
export function literalsOf({ compiler }: UsageSearch, type: ts.Type): string[] | undefined {
  const types = (type.isUnion() ? type.types : [type]).filter(
    ({ flags }) => (flags & (compiler.TypeFlags.Undefined | compiler.TypeFlags.Null)) === 0,
  );
  const literals = types.flatMap((one) =>
    (one.flags & compiler.TypeFlags.StringLiteral) !== 0 && one.isStringLiteral() ? [one.value] : [],
  );
  const isChoice = literals.length > 0 && literals.length <= MOST_LITERALS;
  return isChoice && literals.length === types.length ? literals : undefined;
}

/** Returns the symbol of a name, through imports and re-exports. */
export function symbolAt({ compiler, checker }: UsageSearch, node: ts.Node): ts.Symbol | undefined {
  const symbol =
    compiler.isShorthandPropertyAssignment(node.parent) && node.parent.name === node
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
  return symbol !== undefined && (symbol.flags & compiler.SymbolFlags.Alias) !== 0
    ? checker.getAliasedSymbol(symbol)
    : symbol;
}

/** Whether a symbol is declared in a file that passes a test. */
export function isDeclaredIn(symbol: ts.Symbol | undefined, test: (file: ts.SourceFile) => boolean): boolean {
  return symbol?.declarations?.some((declaration) => test(declaration.getSourceFile())) === true;
}

/** The expression inside of assertions, parentheses and `!`: an assertion changes what the compiler believes, not what is sent. */
export function unwrapped({ compiler }: UsageSearch, node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    compiler.isAsExpression(inner) ||
    compiler.isTypeAssertionExpression(inner) ||
    compiler.isParenthesizedExpression(inner) ||
    compiler.isSatisfiesExpression(inner) ||
    compiler.isNonNullExpression(inner)
  )
    inner = inner.expression;
  return inner;
}

/** Returns the type of a property of a type. */
export function memberOf(
  { checker }: UsageSearch,
  type: ts.Type | undefined,
  name: string,
  node: ts.Node,
): ts.Type | undefined {
  const symbol = type && checker.getPropertyOfType(type, name);
  return symbol && checker.getTypeOfSymbolAtLocation(symbol, node);
}

/** Whether a type is `any`. */
export function isAny({ compiler }: UsageSearch, type: ts.Type): boolean {
  return (type.flags & compiler.TypeFlags.Any) !== 0;
}
