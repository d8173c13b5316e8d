import { clientOver } from '../client/create-client.js';
import type { Transport } from '../client/create-transport.js';
import type { Result } from '../client/types.js';
import type { CallFacts } from '../errors/index.js';
import type { operations } from '../generated/connect.js';
import { operations as table } from '../generated/index.js';
import type { ParseAs } from '../transport/middleware.js';
import type { RequestContext } from './request-context.js';
import { requireObject } from './tokens/token-response.js';

/** An operation of Connect. */
export type OperationId = keyof operations;

/** Parameters and body of an operation. */
export interface Sent {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly parseAs?: ParseAs;
}

type UntypedCall = (operationId: OperationId, init: object) => Promise<Result<unknown>>;

/** One API that tokens come from. */
export interface ConnectApi {
  readonly transport: Transport;
  /** Made at the first {@link callOperation}: a program that only gets tokens has none. */
  call: UntypedCall | undefined;
}

/** Calls any operation but that of a token, in the time that is left of its context. */
export function callOperation(
  { api, bearer, leftMs }: RequestContext,
  operationId: OperationId,
  { path, query, body, parseAs }: Sent,
  signal: AbortSignal | undefined,
): Promise<Result<unknown>> {
  // The public functions are typed by the document; between them and the client an operation is plain data.
  api.call ??= clientOver(api.transport, table).call as unknown as UntypedCall;
  const init = { params: { path, query }, body, parseAs, signal };
  return api.call(operationId, { ...init, bearerToken: bearer, totalTimeout: leftMs() });
}

/**
 * Calls an operation that returns an object.
 *
 * @throws {MalformedResponseError} For any other body.
 */
export async function callForObject<Answer>(
  context: RequestContext,
  operationId: OperationId,
  sent: Sent,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { data, response } = await callOperation(context, operationId, sent, signal);
  requireObject(data, response, factsOf(operationId));
  // The document gives this operation this response; additional fields pass through.
  return data as Answer;
}

/** Returns method and path of an operation. */
export function factsOf(operationId: OperationId): CallFacts {
  const { method = '', path = '' } = table.operations[operationId] ?? {};
  return { method, path };
}
