import type { UntypedRequest } from '../handlers/handler-settings.js';
import type { PlainResponse } from '../respond/responder.js';
import type { OperationId } from '../types.js';
import {
  createConnectorAuthorizationRequest,
  createConnectorInstallationRequest,
  getConnectResult,
} from './consent-operations.js';
import {
  createConnector,
  createManagedConnector,
  ejectManagedConnector,
  updateConnector,
} from './creation.js';
import { replaceConnectorTriggerDestinations } from './destinations.js';
import { type EmulatedOperation, notFound } from './emulated-call.js';
import type { State } from './emulator-state.js';
import type { Failures } from './failures.js';
import { HttpError } from './http-error.js';
import { identify } from './identify.js';
import { importConnectorTokens } from './imports.js';
import * as links from './link-operations.js';
import { deleteConnector, getConnector, listConnectors } from './list-operations.js';
import { getConnectService, uploadFile } from './services.js';
import { getConnectorToken, revokeConnectorTokens } from './tokens.js';
import type { EmulatorOptions } from './types.js';

/**
 * Responds from state, for every operation of openapi/connect.yaml; test/types/emulator.test-d.ts checks that. The keys are
 * optional here, since the types of a release know the whole API.
 */
export const EMULATED = {
  listConnectors,
  getConnector,
  deleteConnector,
  getConnectorToken,
  revokeConnectorTokens,
  importConnectorTokens,
  createConnectorAuthorizationRequest,
  createConnectorInstallationRequest,
  getConnectResult,
  createConnector,
  createManagedConnector,
  updateConnector,
  ejectManagedConnector,
  replaceConnectorTriggerDestinations,
  getConnectService,
  uploadFile,
  ...links,
} satisfies { readonly [Id in OperationId]?: EmulatedOperation<Id> };

type AnyOperation = (
  call: UntypedRequest & Record<'state' | 'caller' | 'connector', unknown>,
) => PlainResponse | Promise<PlainResponse>;

// The document's types end here: a request was checked against the operation that its id names.
const OPERATIONS = new Map(Object.entries(EMULATED as unknown as Readonly<Record<string, AnyOperation>>));

/** The parts of an emulator that respond to a request. */
interface Emulation {
  readonly state: State;
  readonly failures: Failures;
  readonly credentials: EmulatorOptions['credentials'];
}

/**
 * Responds to a checked request: with a planned failure, or by caller, connector and operation.
 *
 * @returns `undefined` for the document's own response.
 */
export async function emulate(
  request: UntypedRequest,
  { state, failures, credentials }: Emulation,
): Promise<PlainResponse | undefined> {
  const planned = failures.take(request.operationId);
  if (planned !== undefined) return planned;
  try {
    const caller = identify(request.bearer ?? '', credentials, state.account);
    if (caller.projectId !== undefined) state.projects.add(caller.projectId);
    const reference = request.params.connector;
    const connector = typeof reference === 'string' ? state.find(reference) : undefined;
    if (reference !== undefined && connector === undefined) throw notFound();
    return await OPERATIONS.get(request.operationId)?.({ ...request, state, caller, connector });
  } catch (error) {
    if (error instanceof HttpError) return error.response;
    throw error;
  }
}
