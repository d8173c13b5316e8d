import type ts from 'typescript';
import { declareRole } from './own-roles.js';
import { type ArgumentRole, METHODS, type OwnRoles, type Role, rolesOfCall, rolesOfType } from './roles.js';
import { argumentOf, parameterOf } from './texts.js';
import { isAny, type UsageSearch, unwrapped } from './usage-search.js';

type Call = ts.CallExpression | ts.NewExpression;

/**
 * Finds the operation that a call means: by the type of what is called, however it came there.
 *
 * @returns Whether the call is one of a client, or of a function that hands a path on to one.
 */
export function findClientCall(search: UsageSearch, call: Call, own: OwnRoles): boolean {
  const { compiler } = search;
  const bound = compiler.isCallExpression(call) ? boundRoles(search, call, own) : undefined;
  const roles = bound?.roles ?? rolesOfCall(search, call, own);
  for (const role of roles) {
    own.called.add(role);
    if ('wanted' in role) search.found(call, role.wanted);
    else followArgument(search, call, role, own);
  }
  if (roles.length > 0) return true;
  return compiler.isCallExpression(call) && findUntypedCall(search, call);
}

/** `client.GET.call(client, '/v9/projects')` and `Reflect.apply(client.GET, …)`: the path stands one further on, or in a list. */
function boundRoles(
  search: UsageSearch,
  call: ts.CallExpression,
  own: OwnRoles,
): { roles: Role[] } | undefined {
  const { compiler, checker } = search;
  const { expression } = call;
  if (!compiler.isPropertyAccessExpression(expression)) return undefined;
  const name = expression.name.text;
  if (name !== 'call' && name !== 'apply') return undefined;
  const inner = rolesOfType(search, checker.getTypeAtLocation(expression.expression), own);
  if (inner.length === 0) return undefined;
  const roles = inner.map((role): Role => {
    if ('wanted' in role) return role;
    const [index, ...steps] = role.at;
    const at = name === 'call' ? ([index + 1, ...steps] as const) : ([1, String(index), ...steps] as const);
    return { at, methods: role.methods };
  });
  return { roles };
}

function followArgument(search: UsageSearch, call: Call, role: ArgumentRole, own: OwnRoles): void {
  const { node, texts } = argumentOf(search, call, role.at);
  const methods =
    role.methodAt === undefined
      ? role.methods
      : argumentOf(search, call, [role.methodAt]).texts?.map((method) => method.toUpperCase());
  if (texts !== undefined) {
    for (const text of texts)
      search.found(call, text.startsWith('/') ? { path: text, methods } : { operationId: text });
    return;
  }
  const place = node && parameterOf(search, node);
  if (place !== undefined && search.isCaller(place.owner.getSourceFile())) {
    const handedOn: ArgumentRole = { at: place.at, ...(methods === undefined ? {} : { methods }) };
    declareRole(search, place.owner, handedOn, own, { node: call, why: PARAMETER });
    return;
  }
  search.lost(call, node === undefined ? 'the path is missing, or spread' : 'the path is computed');
}

/** Why a call is not followed whose path is a parameter; that holds only where no call of the function around it is found. */
const PARAMETER = 'the path is a parameter, and no call that gives it was found';

/** Finds `x.GET('/…')` where `x` has no type: the text names the operation, and a call without one is reported as lost. */
function findUntypedCall(search: UsageSearch, call: ts.CallExpression): boolean {
  const { compiler, checker } = search;
  const callee = unwrapped(search, call.expression);
  const isMember = compiler.isPropertyAccessExpression(callee) || compiler.isElementAccessExpression(callee);
  if (!isMember || !isAny(search, checker.getTypeAtLocation(callee.expression))) return false;
  const name = compiler.isPropertyAccessExpression(callee) ? callee.name.text : elementText(search, callee);
  const text = textOf(search, call.arguments[0]);
  if (name !== undefined && METHODS.has(name)) {
    const path = text?.startsWith('/') ? text : elementText(search, callee.expression);
    if (path !== undefined) search.found(call, { path, methods: [name] });
    else search.lost(call, `the client has no type, and the path of ${name} is computed`);
    return true;
  }
  const id = name === 'call' || name === 'request' ? text : name;
  if (id === undefined || !search.known.ids.has(id)) return false;
  search.found(call, { operationId: id });
  return true;
}

function textOf(search: UsageSearch, node: ts.Expression | undefined): string | undefined {
  const inner = node && unwrapped(search, node);
  return inner && search.compiler.isStringLiteralLike(inner) ? inner.text : undefined;
}

/** Returns the text in the brackets of `x['GET']`. */
function elementText(search: UsageSearch, node: ts.Expression): string | undefined {
  return search.compiler.isElementAccessExpression(node)
    ? textOf(search, node.argumentExpression)
    : undefined;
}
