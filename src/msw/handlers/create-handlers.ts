import type { RequestHandler } from 'msw';
import type { operations } from '../../generated/index.js';
import { checkNames, HANDLERS } from '../known-options.js';
import type {
  ForeignSource,
  HandlerOptions,
  OperationMap,
  UntypedOperations,
  UntypedOptions,
} from '../types.js';
import { checkResponse } from '../validate/check-response.js';
import { checkOperationId, createCore } from './core.js';
import type { UntypedOverride } from './handler-settings.js';
import { handlersOf } from './msw-handlers.js';
import { openContract } from './open-contract.js';

/**
 * Makes msw request handlers that mock an API: one for each operation of its document, and a last one that refuses every other
 * request to the API's hosts. Without a document they mock Vercel Connect.
 *
 * Each request is checked against the document (bearer, path, query, headers, body). One that violates it is refused in the
 * API's own error shape, with `operationId`, `pointer` and `rule` beside `code` and `message`. The response to a valid one has a
 * body that the document allows; `Prefer: code=404` selects another status.
 *
 * A document is read as its authors mean it: its flaws are repaired in a copy. Each operation is repaired when it is first
 * used, so that a document of hundreds of operations is ready at once.
 *
 * @typeParam Operations - The `operations` that `openapi-typescript` makes of the document; default: the built-in ones.
 * @throws {InvalidArgumentError} For an invalid document, an unknown operation id, a `baseUrl` that no client would
 *   accept, or an override whose body the document does not allow.
 *
 * @example
 * const server = setupServer(...createHandlers({ overrides: { getConnectorToken: { status: 503 } } }));
 * server.listen({ onUnhandledRequest: 'error' });
 */
export function createHandlers<Operations extends OperationMap = UntypedOperations>(
  options: HandlerOptions<NoInfer<Operations>> & ForeignSource,
): RequestHandler[];
export function createHandlers<Operations extends OperationMap = operations>(
  options?: HandlerOptions<NoInfer<Operations>>,
): RequestHandler[];
export function createHandlers(options: UntypedOptions = {}): RequestHandler[] {
  checkNames('options', options, HANDLERS, '');
  const { overrides = {}, ...rest } = options;
  const { contract } = openContract(options);
  for (const id of Object.keys(overrides)) checkOperationId('overrides', id, contract);
  // The document's types end here: a checked request has the shape that the override's own type promises it.
  const untyped = new Map(Object.entries(overrides as Record<string, UntypedOverride | undefined>));
  const core = createCore({
    ...rest,
    contract,
    overrideOf: (operationId) => untyped.get(operationId),
  });
  for (const [id, override] of untyped)
    if (typeof override === 'object') checkResponse('overrides', contract, id, override, core.responder);
  return handlersOf(core);
}
