import type { RequestHandler } from 'msw';
import type { Contract, ContractOperation } from '../contract-types.js';
import { InvalidArgumentError } from '../errors/index.js';
import { type Answerer, createAnswerer, DEFAULT_SEED } from './answer.js';
import { readChecks } from './checks.js';
import type { HandlerSettings } from './handler-settings.js';
import { bySpecificity, everythingAt, placeOf, urlPattern } from './match-path.js';
import { MatchedHandler } from './matched-handler.js';
import { createRequestIds } from './request-ids.js';
import { createRouter } from './router.js';
import { createSchemas } from './schemas.js';
import { type Core, refuseUnknown, serve } from './serve.js';

/** Handlers, and what made their answers. */
export interface BuiltHandlers {
  readonly handlers: RequestHandler[];
  readonly answerer: Answerer;
}

/** Makes one handler an operation, and one that refuses whatever else is sent to the API's hosts. */
export function buildHandlers(settings: HandlerSettings): RequestHandler[] {
  return assembleHandlers(settings).handlers;
}

/** {@link buildHandlers}, with what made the answers. */
export function assembleHandlers(settings: HandlerSettings): BuiltHandlers {
  const { contract, operations: wanted, seed = DEFAULT_SEED, oneOf = 'any' } = settings;
  for (const id of wanted ?? []) checkOperationId('operations', id, contract);
  const schemas = createSchemas(contract, { oneOf });
  const place = placeOf(settings.baseUrl ?? foreignBaseUrl(contract));
  const all = Object.values(contract.operations);
  const named = new Set(wanted);
  const served = all.filter(({ operationId }) => wanted === undefined || named.has(operationId));
  const core: Core = {
    ...settings,
    place,
    router: createRouter(place, served, settings.onArrival),
    schemas,
    answerer: createAnswerer(contract, seed, schemas),
    ids: settings.ids ?? createRequestIds(seed),
    isChecked: readChecks(settings.validate),
    served,
  };
  const handlers = [
    ...bySpecificity(served).map((operation) => operationHandler(core, operation)),
    restHandler(core),
  ];
  return { handlers, answerer: core.answerer };
}

/** Where the API of another document is; the Vercel API is at its regions too, which is the default. */
export function foreignBaseUrl({ baseUrl }: Contract): string | undefined {
  const isForeign = baseUrl.startsWith('https://') && !/^https:\/\/api\.vercel\.com\/?$/.test(baseUrl);
  return isForeign && !baseUrl.includes('{') ? baseUrl : undefined;
}

/** @throws {InvalidArgumentError} When the document has no such operation. */
export function checkOperationId(argument: string, operationId: string, { operations }: Contract): void {
  if (Object.hasOwn(operations, operationId)) return;
  throw new InvalidArgumentError(
    argument,
    `names no operation of the document: ${JSON.stringify(operationId)}`,
  );
}

function operationHandler(core: Core, operation: ContractOperation): RequestHandler {
  const match = {
    method: operation.method,
    url: urlPattern(core.place, operation.path),
    matches: (request: Request) => core.router.match(request) === operation,
  };
  return new MatchedHandler(match, ({ request }) => serve(core, operation, request));
}

function restHandler(core: Core): RequestHandler {
  const match = {
    method: /.*/,
    url: everythingAt(core.place),
    matches: (request: Request) => core.router.isHere(request) && core.router.match(request) === undefined,
  };
  return new MatchedHandler(match, ({ request }) => refuseUnknown(core, request));
}
