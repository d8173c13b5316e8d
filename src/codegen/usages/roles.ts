import type ts from 'typescript';
import { OWN_PACKAGE } from './overlay.js';
import type { UsageSearch, Wanted } from './usage-search.js';

export const METHODS: ReadonlySet<string> = new Set([
  ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'],
]);

/** Which argument of a call names the operation. */
export interface ArgumentRole {
  /** The index of the argument, then the properties that lead to the text inside it. */
  readonly at: readonly [index: number, ...properties: string[]];
  /** In capitals; `undefined` where the function does not tell. */
  readonly methods?: readonly string[] | undefined;
  /** The index of the argument that holds the method. */
  readonly methodAt?: number;
}

/** The meaning of a call of a function: an argument names the operation, or the function calls one operation only. */
export type Role = ArgumentRole | { readonly wanted: Wanted };

/**
 * Roles of functions that the program declares itself: they hand a path on to a client, or stand in for one of its methods.
 */
export interface OwnRoles {
  /** By the declaration of a signature. */
  readonly of: Map<ts.Node, Role[]>;
  /** Those that a call was found of. */
  readonly called: Set<Role>;
  /** The node from which a role comes, and the reason to report where it is never called. */
  readonly origins: Map<Role, { readonly node: ts.Node; readonly why: string }>;
}

/** Nothing that the program declares itself. */
export const NO_ROLES: OwnRoles = { of: new Map(), called: new Set(), origins: new Map() };

/** Functions of this package that take a client and then a path or an operation id. */
const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  paginate: ['GET'],
  stream: ['GET'],
  upload: ['POST', 'PUT'],
};

/** The roles of a type that can be called; one for each member of a union, none for any other type. */
export function rolesOfType(search: UsageSearch, type: ts.Type, own: OwnRoles): Role[] {
  return membersOf(search, type).flatMap((member) =>
    member.getCallSignatures().flatMap(({ declaration }) => rolesOf(search, declaration, member, own)),
  );
}

/** The roles of what a call or `new` calls. */
export function rolesOfCall(
  search: UsageSearch,
  call: ts.CallExpression | ts.NewExpression,
  own: OwnRoles,
): Role[] {
  const { checker } = search;
  const signature = checker.getResolvedSignature(call);
  const type = checker.getTypeAtLocation(call.expression);
  const members = membersOf(search, type);
  if (members.length > 1) return rolesOfType(search, type, own);
  const roles = rolesOf(search, signature?.declaration, members[0] ?? type, own);
  return signature === undefined ? roles : roles.map((role) => narrowed(search, role, signature, call));
}

function membersOf({ checker }: UsageSearch, type: ts.Type): readonly ts.Type[] {
  const plain = checker.getNonNullableType(checker.getBaseConstraintOfType(type) ?? type);
  return plain.isUnion() ? plain.types : [plain];
}

function rolesOf(
  search: UsageSearch,
  declaration: ts.Node | undefined,
  type: ts.Type,
  own: OwnRoles,
): Role[] {
  if (declaration === undefined) return [];
  const declared = own.of.get(declaration);
  if (declared !== undefined) return declared;
  const { fileName } = declaration.getSourceFile();
  const name = search.packageOf(fileName);
  const isClient = name === OWN_PACKAGE && /\/(?:src|dist)\/client\//.test(fileName);
  const role = isClient || name === 'openapi-fetch' ? clientRole(search, declaration, type) : undefined;
  return role === undefined ? [] : [role];
}

/** Returns the role of a function of a client, by the names around its declaration and the arguments of its type. */
function clientRole(search: UsageSearch, declaration: ts.Node, type: ts.Type): Role | undefined {
  const names = namesAround(search, declaration);
  // `ClientMethod<Paths, 'get'>` is made for a method.
  const typed = argumentsOf(search, type).flatMap((argument) =>
    argument.isStringLiteral() ? [argument.value.toUpperCase()] : [],
  );
  const known = (texts: readonly string[]) => texts.filter((text) => METHODS.has(text));
  const methods = known(typed).length > 0 ? known(typed) : known(names).slice(0, 1);
  if (names.includes('ClientRequestMethod') || names[0] === 'request') return { at: [1], methodAt: 0 };
  if (names.includes('ClientForPath')) return { wanted: { path: '' } };
  const taking = FUNCTIONS[names[0] ?? ''];
  if (taking !== undefined) return { at: [1], methods: taking };
  if (names[0] === 'call') return { at: [0] };
  const operation = operationOf(search, type);
  if (operation !== undefined) return { wanted: operation };
  if (methods.length > 0) return { at: [0], methods };
  // Of a client's own functions, the rest make clients and call nothing.
  return names.some((name) => /Method$/.test(name)) ? { at: [0] } : undefined;
}

/** Returns the names of the declarations around a signature, the innermost first. */
function namesAround({ compiler }: UsageSearch, declaration: ts.Node): string[] {
  const names: string[] = [];
  for (let node = declaration; !compiler.isSourceFile(node); node = node.parent) {
    if (
      compiler.isTypeAliasDeclaration(node) ||
      compiler.isInterfaceDeclaration(node) ||
      compiler.isMethodSignature(node) ||
      compiler.isPropertySignature(node) ||
      compiler.isMethodDeclaration(node) ||
      compiler.isFunctionDeclaration(node)
    )
      names.push(node.name?.getText() ?? '');
  }
  return names;
}

/** The type arguments of an alias or an interface. */
function argumentsOf({ compiler, checker }: UsageSearch, type: ts.Type): readonly ts.Type[] {
  if (type.aliasTypeArguments !== undefined) return type.aliasTypeArguments;
  const { objectFlags = 0 } = type as ts.ObjectType; // Other types have no such flags.
  const isReference = (objectFlags & compiler.ObjectFlags.Reference) !== 0;
  return isReference ? checker.getTypeArguments(type as ts.TypeReference) : [];
}

/** The operation that the type of a function is made for: `OperationMethod<operations['getProject']>`. */
function operationOf(search: UsageSearch, type: ts.Type): Wanted | undefined {
  for (const argument of argumentsOf(search, type)) {
    if (argument.isStringLiteral() && !METHODS.has(argument.value.toUpperCase()))
      if (search.known.ids.has(argument.value)) return { operationId: argument.value };
    const declared = declaredOperation(search, argument);
    if (declared !== undefined) return declared;
  }
  return undefined;
}

/** The operation that a generated type describes: a member of `operations`, or of a path in `paths`. */
function declaredOperation({ compiler, known }: UsageSearch, type: ts.Type): Wanted | undefined {
  const steps: string[] = [];
  for (
    let node: ts.Node | undefined = type.symbol?.declarations?.[0];
    node !== undefined;
    node = node.parent
  ) {
    if (compiler.isPropertySignature(node)) steps.push(nameOf(compiler, node.name));
    if (!compiler.isInterfaceDeclaration(node)) continue;
    const [inner = '', outer = ''] = steps;
    const id = steps.length === 0 ? idDeclaredIn(compiler, node) : inner;
    const isOperation = steps.length === 0 || node.name.text === 'operations';
    if (isOperation && id !== undefined && known.ids.has(id)) return { operationId: id };
    if (known.paths.has(inner)) return { path: inner };
    return known.paths.has(outer) ? { path: outer, methods: [inner.toUpperCase()] } : undefined;
  }
  return undefined;
}

/** The id that the interface of one operation names: `interface GetProjectOperation { operationId: 'getProject' }`. */
function idDeclaredIn(compiler: typeof ts, { members }: ts.InterfaceDeclaration): string | undefined {
  for (const member of members) {
    if (!compiler.isPropertySignature(member) || nameOf(compiler, member.name) !== 'operationId') continue;
    const { type } = member;
    if (type && compiler.isLiteralTypeNode(type) && compiler.isStringLiteral(type.literal))
      return type.literal.text;
  }
  return undefined;
}

function nameOf(compiler: typeof ts, name: ts.PropertyName): string {
  return compiler.isStringLiteralLike(name) || compiler.isIdentifier(name) ? name.text : name.getText();
}

/** Fills in what only the call tells: the operation of a client that is made of paths, by the type of its answer. */
function narrowed(
  search: UsageSearch,
  role: Role,
  signature: ts.Signature,
  call: ts.CallExpression | ts.NewExpression,
): Role {
  if (!('wanted' in role) || !('path' in role.wanted) || role.wanted.path !== '') return role;
  const { checker } = search;
  const answer = checker.getAwaitedType(signature.getReturnType());
  const [operation] = answer?.aliasTypeArguments ?? [];
  const byAnswer = operation === undefined ? undefined : declaredOperation(search, operation);
  if (byAnswer !== undefined) return { wanted: byAnswer };
  const { expression } = call;
  const owner =
    'expression' in expression ? checker.getTypeAtLocation(expression.expression as ts.Node) : undefined;
  const [item] = owner?.aliasTypeArguments ?? [];
  const byOwner = item === undefined ? undefined : declaredOperation(search, item);
  const method = expression
    .getText()
    .split(/[.['"\]]+/)
    .findLast((word) => METHODS.has(word));
  if (byOwner === undefined || !('path' in byOwner)) return { at: [-1] };
  return { wanted: { path: byOwner.path, methods: method === undefined ? undefined : [method] } };
}
