import type { UntypedRequest } from '../handlers/handler-settings.js';
import type { PlainResponse } from '../respond/responder.js';
import { consentOperations } from './consent-operations.js';
import { creationOperations } from './creation.js';
import { destinationOperations } from './destinations.js';
import { notFound } from './emulated-call.js';
import type { State } from './emulator-state.js';
import type { Failures } from './failures.js';
import { HttpError } from './http-error.js';
import { identify } from './identify.js';
import { importOperations } from './imports.js';
import { linkOperations } from './link-operations.js';
import { listOperations } from './list-operations.js';
import { serviceOperations } from './services.js';
import { tokenOperations } from './tokens.js';
import type { EmulatorOptions } from './types.js';

/** Responds from state, for every operation of openapi/connect.yaml; test/types/emulator.test-d.ts checks that. */
export const EMULATED = {
  ...listOperations,
  ...tokenOperations,
  ...importOperations,
  ...consentOperations,
  ...creationOperations,
  ...destinationOperations,
  ...serviceOperations,
  ...linkOperations,
};

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
