import type ts from 'typescript';
import { isDeclaredIn, type Search, symbolAt } from './uses.js';

/** The operation that each function of `vercel-rest/connect` calls; `undefined` for those that call none. */
export const CONNECT_OPERATIONS: Readonly<Record<string, string | undefined>> = {
  getToken: 'getConnectorToken',
  getTokenResponse: 'getConnectorToken',
  tryGetToken: 'getConnectorToken',
  tokenSource: 'getConnectorToken',
  revokeToken: 'revokeConnectorTokens',
  importTokens: 'importConnectorTokens',
  getConnectorMetadata: 'getConnector',
  startAuthorization: 'createConnectorAuthorizationRequest',
  startInstallation: 'createConnectorInstallationRequest',
  connectStats: undefined,
  stats: undefined,
  createConnectClient: undefined,
  createStoreKeys: undefined,
  deleteTokenCacheEntry: undefined,
};

/** Finds the functions of `vercel-rest/connect`, and the methods of its client, at a node. */
export function findConnectUses(search: Search, node: ts.Node): void {
  const { compiler, checker } = search;
  if (!compiler.isIdentifier(node)) return;
  const { parent } = node;
  if (compiler.isImportSpecifier(parent) || compiler.isExportSpecifier(parent)) return;
  if (compiler.isBindingElement(parent) && compiler.isObjectBindingPattern(parent.parent)) {
    const name = (parent.propertyName ?? parent.name).getText();
    // `const { getToken } = createConnectClient()`: the name is the program's own, what it stands for is not.
    const member = checker.getPropertyOfType(checker.getTypeAtLocation(parent.parent), name);
    note(search, node, name, member);
    return;
  }
  note(search, node, undefined, symbolAt(search, node));
}

function note(search: Search, node: ts.Node, name: string | undefined, symbol: ts.Symbol | undefined): void {
  if (symbol === undefined) return;
  const own = name ?? symbol.name;
  const operationId = Object.hasOwn(CONNECT_OPERATIONS, own) ? CONNECT_OPERATIONS[own] : undefined;
  if (operationId !== undefined && isDeclaredIn(symbol, search.isConnect))
    search.found(node, { operationId, viaConnect: true });
}
