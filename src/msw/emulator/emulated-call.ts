import type { CheckedRequest, MockResponse, OperationId } from '../types.js';
import type { Connector } from './connector-state.js';
import type { State } from './emulator-state.js';
import { HttpError } from './http-error.js';
import type { Caller } from './identify.js';
import type { EmulatedConnectorFacts } from './types.js';

/** A checked request, its caller and its connector. */
export interface EmulatedCall<Id extends OperationId> extends CheckedRequest<Id> {
  readonly state: State;
  readonly caller: Caller;
  /** The connector that the path names; `undefined` for a path without one. */
  readonly connector: Connector | undefined;
}

/** Responds to one operation from the emulator's state; throws an {@link HttpError} for an error. */
type EmulatedOperation<Id extends OperationId> = (
  call: EmulatedCall<Id>,
) => MockResponse<Id> | Promise<MockResponse<Id>>;

/** Operations of the document, by id. The keys are optional, since the types of a release know the whole API. */
export type EmulatedOperations = { readonly [Id in OperationId]?: EmulatedOperation<Id> };

/** Returns the connector of a call. @throws {HttpError} 404 for an unknown one. */
export function connectorOf({ connector }: { readonly connector: Connector | undefined }): Connector {
  if (connector === undefined) throw notFound();
  return connector;
}

/** Makes the error for a connector that does not exist. */
export function notFound(): HttpError {
  return new HttpError(404, 'No connector has this id or UID.');
}

/** Changes a connector as the API shows it. */
export function change(
  { state }: { readonly state: State },
  connector: Connector,
  changes: Partial<EmulatedConnectorFacts>,
): void {
  connector.facts = { ...connector.facts, ...changes, updatedAt: state.now() };
}
