import { InvalidArgumentError } from '../../errors/index.js';
import type { Contract, ContractOperation } from '../../openapi/contract-types.js';
import { describeScheme } from '../../openapi/security-schemes.js';
import { createResponder, DEFAULT_SEED } from '../respond/responder.js';
import { readChecks } from '../validate/checks.js';
import { createSchemas } from '../validate/schemas.js';
import type { HandlerSettings } from './handler-settings.js';
import { placeFor, withServersOf } from './match-path.js';
import { createRequestIds } from './request-ids.js';
import { createRouter } from './router.js';
import { type Core, refuseUnknown, serve } from './serve.js';

/**
 * Makes what handlers share: it knows the document, and nothing of msw.
 *
 * @throws {InvalidArgumentError} For an unknown operation id, or a `baseUrl` that no client would take.
 */
export function createCore(settings: HandlerSettings): Core {
  const { contract, operations: wanted, seed = DEFAULT_SEED, oneOf = 'any' } = settings;
  for (const id of wanted ?? []) checkOperationId('operations', id, contract);
  const schemas = createSchemas(contract, { oneOf });
  const all = Object.values(contract.operations);
  const named = new Set(wanted);
  const served = all.filter(({ operationId }) => wanted === undefined || named.has(operationId));
  const place = placeFor(settings.baseUrl, contract);
  const isChecked = readChecks(settings.validate);
  if (isChecked('credentials')) for (const operation of served) refuseUnknownSchemes(operation);
  return {
    ...settings,
    place: withServersOf(place, served),
    router: createRouter(place, served, settings.onArrival),
    schemas,
    responder: createResponder(seed, schemas),
    ids: settings.ids ?? createRequestIds(seed),
    isChecked,
    served,
  };
}

/** @throws {InvalidArgumentError} For an operation that can be called only with a credential that is not read here. */
function refuseUnknownSchemes({ method, path, security = [] }: ContractOperation): void {
  const unknown = security.map((schemes) => schemes.find(({ kind }) => kind === 'unknown'));
  const [first] = unknown;
  if (first === undefined || unknown.includes(undefined)) return;
  throw new InvalidArgumentError(
    'document',
    `asks for ${describeScheme(first)} at ${method} ${path}, which the mock cannot check: ` +
      'switch the check off with validate: { credentials: false }',
  );
}

/** Answers a request as the handlers together would, without asking each; `undefined` for one that goes elsewhere. */
export async function answerRequest(core: Core, request: Request): Promise<Response | undefined> {
  if (!core.router.isHere(request)) return undefined;
  const operation = core.router.match(request);
  return operation === undefined ? refuseUnknown(core, request) : serve(core, operation, request);
}

/** @throws {InvalidArgumentError} When the document has no such operation. */
export function checkOperationId(argument: string, operationId: string, { operations }: Contract): void {
  if (Object.hasOwn(operations, operationId)) return;
  throw new InvalidArgumentError(
    argument,
    `names no operation of the document: ${JSON.stringify(operationId)}`,
  );
}
