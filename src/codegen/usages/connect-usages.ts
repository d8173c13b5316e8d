import type ts from 'typescript';
import { isDeclaredIn, symbolAt, type UsageSearch } from './usage-search.js';

/** A provider fetch gets tokens, and begins a consent where Connect has no grant. */
const PROVIDER_FETCH = ['getConnectorToken', 'createConnectorAuthorizationRequest'];

/**
 * The operations that each function of `vercel-rest/connect` and of the adapters may call, methods of its parts by the name
 * of their interface. The list is empty for a function that calls none.
 */
export const CONNECT_OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  getToken: ['getConnectorToken'],
  getTokenResponse: ['getConnectorToken'],
  tryGetToken: ['getConnectorToken'],
  tokenSource: ['getConnectorToken'],
  revokeToken: ['revokeConnectorTokens'],
  importTokens: ['importConnectorTokens'],
  getConnectorMetadata: ['getConnector'],
  startAuthorization: ['createConnectorAuthorizationRequest'],
  startInstallation: ['createConnectorInstallationRequest'],
  experimental_startInstallation: ['createConnectorInstallationRequest'],
  // It ends with one token.
  waitForAuthorization: ['getConnectResult', 'getConnectorToken'],
  'ConnectConnectors.list': ['listConnectors'],
  'ConnectConnectors.get': ['getConnector'],
  'ConnectConnectors.create': ['createConnector'],
  'ConnectConnectors.createManaged': ['createManagedConnector'],
  'ConnectConnectors.update': ['updateConnector'],
  'ConnectConnectors.delete': ['deleteConnector'],
  'ConnectConnectors.eject': ['ejectManagedConnector'],
  'ConnectConnectors.getService': ['getConnectService'],
  'ConnectConnectors.revokeTokens': ['revokeConnectorTokens'],
  'ConnectProjects.list': ['listConnectorProjectConnections'],
  'ConnectProjects.listConnectors': ['listProjectConnectorConnections'],
  'ConnectProjects.get': ['getConnectorProjectConnection'],
  'ConnectProjects.attach': ['upsertConnectorProjectConnection'],
  'ConnectProjects.detach': ['deleteConnectorProjectConnection', 'deleteConnectorProjectEnvironment'],
  'ConnectTriggers.set': ['replaceConnectorTriggerDestinations'],
  'ConnectTriggers.clear': ['replaceConnectorTriggerDestinations'],
  createConnectFetch: PROVIDER_FETCH,
  connectAuthProvider: PROVIDER_FETCH,
  connectMcpAuth: PROVIDER_FETCH,
  connectMCPTransport: PROVIDER_FETCH,
  connectTool: PROVIDER_FETCH,
  getConsentChallenge: [],
  isConsentRequiredError: [],
  isConsentRequiredResult: [],
  toConsentResponse: [],
  connectStats: [],
  stats: [],
  createConnectClient: [],
  createStoreCrypto: [],
  createStoreKeys: [],
  deleteTokenCacheEntry: [],
  createConnectWebhookVerifier: [],
  createReplayStore: [],
  createTriggerVerifier: [],
  verifyTrigger: [],
  verifyWebhook: [],
};

/** Finds the functions of `vercel-rest/connect` and of the adapters, and the methods of its client, at a node. */
export function findConnectUsages(search: UsageSearch, node: ts.Node): void {
  const { compiler, checker } = search;
  if (compiler.isCallExpression(node)) noteCall(search, node);
  if (!compiler.isIdentifier(node)) return;
  const { parent } = node;
  if (compiler.isImportSpecifier(parent) || compiler.isExportSpecifier(parent)) return;
  if (compiler.isBindingElement(parent) && compiler.isObjectBindingPattern(parent.parent)) {
    const name = (parent.propertyName ?? parent.name).getText();
    // `const { getToken } = createConnectClient()`: the variable is the program's own, the function is not.
    const member = checker.getPropertyOfType(checker.getTypeAtLocation(parent.parent), name);
    note(search, node, name, member);
    return;
  }
  note(search, node, undefined, symbolAt(search, node));
}

/** A function that travelled under other names is known by where its signature is declared. */
function noteCall(search: UsageSearch, call: ts.CallExpression): void {
  const { compiler, checker } = search;
  const callee = compiler.isPropertyAccessExpression(call.expression)
    ? call.expression.name
    : call.expression;
  if (isDeclaredIn(symbolAt(search, callee), search.isConnect)) return;
  const declaration = checker.getResolvedSignature(call)?.declaration;
  if (declaration === undefined || !search.isConnect(declaration.getSourceFile())) return;
  const named = compiler.isFunctionTypeNode(declaration) ? declaration.parent : declaration;
  const name = 'name' in named ? (named.name as ts.Node | undefined) : undefined;
  if (name !== undefined) note(search, call, name.getText(), symbolAt(search, name));
}

function note(
  search: UsageSearch,
  node: ts.Node,
  name: string | undefined,
  symbol: ts.Symbol | undefined,
): void {
  if (symbol === undefined || !isDeclaredIn(symbol, search.isConnect)) return;
  const own = name ?? symbol.name;
  const holder = symbol.declarations?.[0]?.parent;
  const part = holder && search.compiler.isInterfaceDeclaration(holder) ? `${holder.name.text}.${own}` : own;
  const key = [part, own].find((each) => Object.hasOwn(CONNECT_OPERATIONS, each));
  for (const operationId of (key === undefined ? undefined : CONNECT_OPERATIONS[key]) ?? [])
    search.found(node, { operationId, viaConnect: true });
}
