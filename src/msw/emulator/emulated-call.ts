import type { CheckedRequest, MockResponse, OperationId } from '../types.js';
import type { Connector } from './connector-state.js';
import type { State } from './emulator-state.js';
import { HttpError } from './http-error.js';
import type { Caller } from './identify.js';
import type { EmulatedConnectorFacts } from './types.js';

/** A checked request, and who sends it to what. */
export interface EmulatedCall<Id extends OperationId> extends CheckedRequest<Id> {
  readonly state: State;
  readonly caller: Caller;
  /** The connector that the path names, if it names one. */
  readonly connector: Connector | undefined;
}

/** Answers one operation from the emulator's state; ends with a {@link HttpError} for an error. */
export type EmulatedOperation<Id extends OperationId> = (
  call: EmulatedCall<Id>,
) => MockResponse<Id> | Promise<MockResponse<Id>>;

/** The connector of a call to a path that names one. */
export function connectorOf({ connector }: { readonly connector: Connector | undefined }): Connector {
  if (connector === undefined) throw notFound();
  return connector;
}

/** The answer for a connector that does not exist. */
export function notFound(): HttpError {
  return new HttpError(404, 'There is no connector with this id or UID.');
}

/** Changes what the API tells of a connector. */
export function change(
  { state }: { readonly state: State },
  connector: Connector,
  changes: Partial<EmulatedConnectorFacts>,
): void {
  connector.facts = { ...connector.facts, ...changes, updatedAt: state.now() };
}
