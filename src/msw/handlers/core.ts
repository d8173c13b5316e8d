import { InvalidArgumentError } from '../../errors/index.js';
import type { Contract, ContractOperation } from '../../openapi/contract-types.js';
import { describeScheme } from '../../openapi/security-schemes.js';
import { DEFAULT_SEED, Responder } from '../respond/responder.js';
import { type ActiveChecks, readChecks } from '../validate/checks.js';
import { createSchemas, type Schemas } from '../validate/validator.js';
import type { HandlerSettings } from './handler-settings.js';
import { isForeign, type MockOrigin, originFor, withServersOf } from './match-path.js';
import { createRouter, type Router } from './router.js';
import { createRequestIds, type RequestIds } from './serve.js';

/** The state that one set of handlers shares. */
export interface Core extends Omit<HandlerSettings, 'operations'> {
  readonly origin: MockOrigin;
  readonly router: Router;
  readonly schemas: Schemas;
  readonly responder: Responder;
  readonly ids: RequestIds;
  /** Whether responses have an `x-vercel-id`, as those of the Vercel API have. */
  readonly hasRequestIds: boolean;
  readonly checks: ActiveChecks;
  /** The operations that are mocked. */
  readonly served: readonly ContractOperation[];
}

/**
 * Makes the state that handlers share; it does not depend on msw.
 *
 * @throws {InvalidArgumentError} For an unknown operation id, a `baseUrl` that no client would take, or an operation that needs
 *   credentials which the mock cannot check.
 */
export function createCore(settings: HandlerSettings): Core {
  const { contract, operations: wanted, seed = DEFAULT_SEED, oneOf } = settings;
  for (const id of wanted ?? []) checkOperationId('operations', id, contract);
  const named = new Set(wanted);
  const all = Object.values(contract.operations);
  const served = wanted === undefined ? all : all.filter(({ operationId }) => named.has(operationId));
  const checks = readChecks(settings.validate);
  for (const { method, path, security = [] } of checks.credentials ? served : []) {
    const unknown = security.map((schemes) => schemes.find(({ kind }) => kind === 'unknown'));
    const [first] = unknown;
    if (first === undefined || unknown.includes(undefined)) continue;
    throw new InvalidArgumentError(
      'document',
      `asks for ${describeScheme(first)} at ${method} ${path}, which the mock cannot check: ` +
        'switch the check off with validate: { credentials: false }',
    );
  }
  const origin = originFor(settings.baseUrl, contract);
  const schemas = createSchemas(contract, { oneOf });
  return {
    ...settings,
    origin: withServersOf(origin, served),
    router: createRouter(origin, served, settings.onArrival),
    schemas,
    responder: new Responder(seed, schemas),
    ids: settings.ids ?? createRequestIds(seed),
    hasRequestIds: !isForeign(contract),
    checks,
    served,
  };
}

/** @throws {InvalidArgumentError} When the document has no such operation. */
export function checkOperationId(argument: string, operationId: string, { operations }: Contract): void {
  if (Object.hasOwn(operations, operationId)) return;
  throw new InvalidArgumentError(
    argument,
    `names no operation of the document: ${JSON.stringify(operationId)}`,
  );
}
