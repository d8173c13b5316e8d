import type ts from 'typescript';
import { METHODS, NO_ROLES, type OwnRoles, type Role, rolesOfType } from './roles.js';
import { isAny, memberOf, symbolAt, type UsageSearch } from './usage-search.js';

/**
 * Remembers that a function of the program hands one of its arguments on to a client as the path, so that its calls are
 * followed: under each of its overloads, and through the interface or the type that it implements.
 */
export function declareRole(
  search: UsageSearch,
  owner: ts.SignatureDeclaration,
  role: Role,
  own: OwnRoles,
  origin: { readonly node: ts.Node; readonly why: string },
): void {
  addRole([owner, ...siblingsOf(search, owner)], role, own, origin);
}

function addRole(
  declarations: readonly ts.Node[],
  role: Role,
  own: OwnRoles,
  origin: { readonly node: ts.Node; readonly why: string },
): void {
  const text = JSON.stringify(role);
  for (const declaration of declarations) {
    const present = own.of.get(declaration) ?? [];
    if (present.some((each) => JSON.stringify(each) === text)) continue;
    own.of.set(declaration, [...present, role]);
    if (!own.origins.has(role)) own.origins.set(role, origin);
  }
}

function siblingsOf(search: UsageSearch, owner: ts.SignatureDeclaration): readonly ts.Node[] {
  const { compiler, checker } = search;
  const overloads = owner.name === undefined ? [] : (symbolAt(search, owner.name)?.declarations ?? []);
  if (compiler.isArrowFunction(owner) || compiler.isFunctionExpression(owner))
    return signaturesOf(search, checker.getContextualType(owner));
  if (!compiler.isMethodDeclaration(owner) || owner.name === undefined) return overloads;
  if (compiler.isObjectLiteralExpression(owner.parent)) {
    const expected = checker.getContextualType(owner.parent);
    return [...overloads, ...signaturesOf(search, memberOf(search, expected, owner.name.getText(), owner))];
  }
  const clauses = compiler.isClassLike(owner.parent) ? (owner.parent.heritageClauses ?? []) : [];
  const inherited = clauses
    .flatMap(({ types }) => types)
    .flatMap((type) =>
      signaturesOf(
        search,
        memberOf(search, checker.getTypeAtLocation(type), owner.name?.getText() ?? '', owner),
      ),
    );
  return [...overloads, ...inherited];
}

/** Returns the declarations of a type's signatures, those of the program alone. */
function signaturesOf({ checker, isCaller }: UsageSearch, type: ts.Type | undefined): ts.Node[] {
  const plain = type && checker.getNonNullableType(type);
  const members = plain === undefined ? [] : plain.isUnion() ? plain.types : [plain];
  return members
    .flatMap((member) => member.getCallSignatures())
    .flatMap(({ declaration }) =>
      declaration !== undefined && isCaller(declaration.getSourceFile()) ? [declaration] : [],
    );
}

const NEVER_CALLED = 'it is handed to a type of the program, and no call through that type was found';

/** Members of a client through which operations are called. */
const MEMBERS = [...METHODS, 'call', 'request', 'operations'];

/**
 * Looks at an expression that is handed to where another type is expected: a client, or a method of one.
 *
 * A type of the program's own that stands in for the client's, such as `interface Port { GET(path: string): … }`, is
 * remembered, and calls through it are followed; a type that hides what it holds is listed.
 */
export function findHandedOn(search: UsageSearch, node: ts.Expression, own: OwnRoles): void {
  const { compiler, checker } = search;
  if (!isFlow(search, node) || isTakenApart(search, node)) return;
  const expected = checker.getContextualType(node);
  if (expected === undefined) return;
  const type = checker.getTypeAtLocation(node);
  if (type === expected || isAny(search, type)) return;
  const roles = rolesOfType(search, type, NO_ROLES);
  if (roles.length > 0) {
    handOnMethod(search, node, roles, expected, own);
    return;
  }
  if (!isClient(search, type) || isClient(search, expected) || isOpen(search, expected)) return;
  const isTaken = MEMBERS.map((name) => {
    const [given, asked] = [type, expected].map((each) => memberOf(search, each, name, node));
    const declarations = signaturesOf(search, asked);
    const [role] = given === undefined ? [] : rolesOfType(search, given, NO_ROLES);
    if (role !== undefined) addRole(declarations, role, own, { node, why: NEVER_CALLED });
    return declarations.length > 0 && role !== undefined;
  }).some(Boolean);
  if (!isTaken && !isPrinted(compiler, node))
    search.lost(node, `${short(node)} is handed to where its type is not kept`);
}

function handOnMethod(
  search: UsageSearch,
  node: ts.Expression,
  roles: readonly Role[],
  expected: ts.Type,
  own: OwnRoles,
): void {
  if (rolesOfType(search, expected, NO_ROLES).length > 0 || isOpen(search, expected)) return;
  const declarations = signaturesOf(search, expected);
  const [role] = roles;
  if (role !== undefined) addRole(declarations, role, own, { node, why: NEVER_CALLED });
  if (declarations.length === 0 && !isPrinted(search.compiler, node))
    search.lost(node, `${short(node)} is handed on, and called elsewhere`);
}

/** A place where a value goes into something that may have another type: an argument, an assignment, a property, a result. */
function isFlow({ compiler }: UsageSearch, node: ts.Expression): boolean {
  const isValue =
    compiler.isIdentifier(node) ||
    compiler.isPropertyAccessExpression(node) ||
    compiler.isElementAccessExpression(node) ||
    compiler.isCallExpression(node) ||
    compiler.isAwaitExpression(node);
  if (!isValue) return false;
  const { parent } = node;
  if (compiler.isCallExpression(parent) || compiler.isNewExpression(parent)) {
    // `client.GET.bind(client)`: what a function is bound to calls nothing.
    const { expression } = parent;
    const isBinding =
      compiler.isPropertyAccessExpression(expression) && /^(?:bind|call|apply)$/.test(expression.name.text);
    return expression !== node && !(isBinding && parent.arguments?.[0] === node);
  }
  if (compiler.isVariableDeclaration(parent)) return parent.initializer === node;
  if (compiler.isPropertyAssignment(parent)) return parent.initializer === node;
  if (compiler.isBinaryExpression(parent))
    return parent.right === node && parent.operatorToken.kind === compiler.SyntaxKind.EqualsToken;
  return (
    compiler.isReturnStatement(parent) ||
    compiler.isAsExpression(parent) ||
    compiler.isArrayLiteralExpression(parent) ||
    compiler.isShorthandPropertyAssignment(parent) ||
    compiler.isJsxExpression(parent) ||
    (compiler.isArrowFunction(parent) && parent.body === node)
  );
}

/** `const { GET } = client`: a pattern asks for the members that it names and hides nothing. */
function isTakenApart({ compiler }: UsageSearch, node: ts.Node): boolean {
  let outer = node.parent;
  while (
    compiler.isArrayLiteralExpression(outer) ||
    compiler.isObjectLiteralExpression(outer) ||
    compiler.isPropertyAssignment(outer) ||
    compiler.isShorthandPropertyAssignment(outer) ||
    compiler.isAsExpression(outer)
  )
    outer = outer.parent;
  return compiler.isVariableDeclaration(outer) && !compiler.isIdentifier(outer.name);
}

/** Whether a type keeps whatever it is given: a type parameter does. */
function isOpen({ compiler, checker }: UsageSearch, type: ts.Type): boolean {
  const members = type.isUnion() ? type.types : [type];
  return members.some(
    (member) => (checker.getNonNullableType(member).flags & compiler.TypeFlags.TypeParameter) !== 0,
  );
}

/** Whether a type has members that call operations, under whatever name. */
function isClient(search: UsageSearch, type: ts.Type): boolean {
  const present = search.clients.get(type);
  if (present !== undefined) return present;
  // A type that holds itself is asked once.
  search.clients.set(type, false);
  const { checker } = search;
  const plain = checker.getNonNullableType(checker.getBaseConstraintOfType(type) ?? type);
  const calls = (name: string) => {
    const [declaration] = checker.getPropertyOfType(plain, name)?.declarations ?? [];
    const member = declaration && memberOf(search, plain, name, declaration);
    return member !== undefined && rolesOfType(search, member, NO_ROLES).length > 0;
  };
  const found =
    !isAny(search, plain) &&
    (plain.aliasSymbol?.name === 'PathBasedClient' ||
      MEMBERS.some((name) => name !== 'operations' && calls(name)));
  search.clients.set(type, found);
  return found;
}

/** Printing hands nothing on. */
function isPrinted(compiler: typeof ts, node: ts.Node): boolean {
  const { parent } = node;
  return compiler.isCallExpression(parent) && /^console\.\w+$/.test(parent.expression.getText());
}

function short(node: ts.Node): string {
  const text = node.getText().replace(/\s+/g, ' ');
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
