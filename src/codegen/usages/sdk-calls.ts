import type ts from 'typescript';
import type { UsageSearch } from './usage-search.js';

const SDK = '@vercel/sdk';

/**
 * Finds a call of `@vercel/sdk`: a method of one of its classes, or one of its functions.
 *
 * They are called as the operation is, but for a few; what they take and give is named after the operation too.
 */
export function findSdkCall(search: UsageSearch, call: ts.CallExpression): boolean {
  const { checker, compiler } = search;
  const signature = checker.getResolvedSignature(call);
  const declaration = signature?.declaration;
  if (signature === undefined || declaration === undefined) return false;
  const { fileName } = declaration.getSourceFile();
  if (search.packageOf(fileName) !== SDK || !/\/(?:sdk|funcs)\/[^/]+$/.test(fileName)) return false;
  const isCall = compiler.isMethodDeclaration(declaration) || compiler.isFunctionDeclaration(declaration);
  const name = isCall ? declaration.name?.getText() : undefined;
  if (name === undefined) return false;
  const taken = signature.parameters.map((parameter) => checker.getTypeOfSymbolAtLocation(parameter, call));
  const given = checker.getAwaitedType(signature.getReturnType());
  const types = [...taken, ...(given === undefined ? [] : [given])].flatMap(namesOfType);
  search.found(call, { names: [...types, name] });
  return true;
}

/** `GetProjectsRequest`, and what a page of results holds, without what the SDK adds to the name. */
function namesOfType(type: ts.Type): string[] {
  const name = type.aliasSymbol?.name ?? type.symbol?.name ?? '';
  const own = /^(\w+?)(?:Request|ResponseBody|Response)$/.exec(name)?.[1];
  const inner = (type.aliasTypeArguments ?? []).flatMap(namesOfType);
  return own === undefined ? inner : [own, ...inner];
}
