import { type HttpHandler, http, type RequestHandler } from 'msw';
import type { Contract, ContractOperation } from '../contract-types.js';
import { InvalidArgumentError } from '../errors/index.js';
import { contract as builtIn } from '../generated/contract.js';
import { type Answerer, createAnswerer, DEFAULT_SEED, type PlainAnswer } from './answer.js';
import { type CheckedParts, checkRequest, readBearer, type SentRequest } from './check-request.js';
import { jsonResponse } from './error-body.js';
import {
  bySpecificity,
  everythingAt,
  findNearMisses,
  type Place,
  placeOf,
  readPathParameters,
  urlPattern,
} from './match-path.js';
import { createRequestIds, type RequestIds } from './request-ids.js';
import { createSchemas, type Schemas } from './schemas.js';
import type { HandlerOptions } from './types.js';
import { type Breach, describeBreach, type Violation, violationBody } from './violation.js';

/** A checked request without the document's types. */
export interface UntypedRequest extends CheckedParts {
  readonly operationId: string;
  readonly request: Request;
}

/** An override without the document's types. */
export type UntypedOverride =
  | PlainAnswer
  | ((
      request: UntypedRequest,
    ) => PlainAnswer | Response | undefined | Promise<PlainAnswer | Response | undefined>);

/** Follows one request through the handlers. */
export interface Observer {
  /** The body was read. */
  readText(text: string): void;
  answered(status: number): void;
}

/** What handlers are built from. */
export interface HandlerSettings {
  readonly contract: Contract;
  readonly baseUrl?: string | undefined;
  readonly seed?: number | string | undefined;
  readonly operations?: readonly string[] | undefined;
  readonly overrideOf?: ((operationId: string) => UntypedOverride | undefined) | undefined;
  readonly onViolation?: ((violation: Violation) => void) | undefined;
  readonly ids?: RequestIds | undefined;
  /** Called for each request before anything is done with it; `undefined` for an operation that does not exist. */
  readonly observe?: ((request: Request, operationId: string | undefined) => Observer) | undefined;
}

/** The settings with everything that one set of handlers shares. */
interface Core extends Omit<HandlerSettings, 'operations'> {
  readonly place: Place;
  readonly schemas: Schemas;
  readonly answerer: Answerer;
  readonly ids: RequestIds;
}

/**
 * Makes msw request handlers that stand in for the Vercel API: one an operation of the document, and one last that
 * refuses whatever else is sent to the API's hosts.
 *
 * Each request is checked against the document (bearer, path, query, headers, body). One that breaks it is refused in
 * the API's own error shape, with `operationId`, `pointer` and `rule` beside `code` and `message`. One that does not is
 * answered with a body that the document allows; `Prefer: code=404` picks another documented status.
 *
 * @throws {InvalidArgumentError} For an unknown operation id or a `baseUrl` that no client would take.
 *
 * @example
 * const server = setupServer(...createHandlers({ overrides: { getConnectorToken: { status: 503 } } }));
 * server.listen({ onUnhandledRequest: 'error' });
 */
export function createHandlers(options: HandlerOptions = {}): RequestHandler[] {
  const { overrides = {}, ...rest } = options;
  for (const id of Object.keys(overrides)) checkOperationId('overrides', id, builtIn);
  // The document's types end here: a checked request has the shape that the override's own type promises it.
  const untyped = new Map(Object.entries(overrides as Record<string, UntypedOverride | undefined>));
  return buildHandlers({ ...rest, contract: builtIn, overrideOf: (operationId) => untyped.get(operationId) });
}

/** {@link createHandlers} for any document and without its types. */
export function buildHandlers(settings: HandlerSettings): RequestHandler[] {
  const { contract, operations: wanted, seed = DEFAULT_SEED } = settings;
  for (const id of wanted ?? []) checkOperationId('operations', id, contract);
  const schemas = createSchemas(contract);
  const core: Core = {
    ...settings,
    place: placeOf(settings.baseUrl),
    schemas,
    answerer: createAnswerer(contract, seed, schemas),
    ids: settings.ids ?? createRequestIds(seed),
  };
  const all = Object.values(contract.operations);
  const served = all.filter(({ operationId }) => wanted === undefined || wanted.includes(operationId));
  return [
    ...bySpecificity(served).map((operation) => operationHandler(core, operation)),
    http.all(everythingAt(core.place), ({ request }) => refuseUnknown(core, served, request)),
  ];
}

/** @throws {InvalidArgumentError} When the document has no such operation. */
export function checkOperationId(argument: string, operationId: string, { operations }: Contract): void {
  if (Object.hasOwn(operations, operationId)) return;
  throw new InvalidArgumentError(
    argument,
    `names no operation of the document: ${JSON.stringify(operationId)}`,
  );
}

function operationHandler(core: Core, operation: ContractOperation): HttpHandler {
  const method = operation.method.toLowerCase();
  // The table's methods are msw's own names in upper case.
  const register = http[method as Exclude<keyof typeof http, 'all'>];
  return register(urlPattern(core.place, operation.path), ({ request }) => serve(core, operation, request));
}

async function serve(core: Core, operation: ContractOperation, request: Request): Promise<Response> {
  const observer = core.observe?.(request, operation.operationId);
  // A copy is read, so that an override still has the body.
  const text = await request.clone().text();
  observer?.readText(text);
  const response = withRequestId(await answer(core, operation, request, text), core, operation.operationId);
  observer?.answered(response.status);
  return response;
}

async function answer(
  core: Core,
  operation: ContractOperation,
  request: Request,
  text: string,
): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const path = readPathParameters(core.place, operation.path, pathname);
  const sent: SentRequest = { path, query: searchParams, headers: request.headers, text };
  const checked = checkRequest(operation, sent, core.schemas);
  if ('pointer' in checked) return refuse(core, operation.operationId, request, checked);
  const preferred = preferredStatus(request.headers);
  if (preferred !== undefined) return answerPreferred(core, operation, request, preferred);
  const override = core.overrideOf?.(operation.operationId);
  const own =
    typeof override === 'function'
      ? await override({ ...checked, operationId: operation.operationId, request })
      : override;
  return own instanceof Response ? own : core.answerer.toResponse(operation, own ?? {});
}

function answerPreferred(
  core: Core,
  operation: ContractOperation,
  request: Request,
  status: number,
): Response {
  if (core.answerer.isDocumented(operation, status)) {
    const headers = { 'preference-applied': `code=${status}` };
    return core.answerer.toResponse(operation, { status, headers });
  }
  const documented = Object.keys(operation.responses).join(', ');
  return refuse(core, operation.operationId, request, {
    pointer: '/headers/prefer',
    rule: 'undocumented',
    problem: `asks for a status that this operation does not have; it has ${documented}`,
  });
}

/** The status that `Prefer: code=<status>` (RFC 7240) asks for. */
function preferredStatus(headers: Headers): number | undefined {
  const code = /(?:^|[,;])\s*code\s*=\s*"?(\d{3})"?\s*(?:$|[,;])/i.exec(headers.get('prefer') ?? '')?.[1];
  return code === undefined ? undefined : Number(code);
}

function refuse(core: Core, operationId: string | undefined, request: Request, breach: Breach): Response {
  const subject = { operationId, method: request.method, path: new URL(request.url).pathname };
  const violation = describeBreach(subject, breach, readBearer(request.headers));
  core.onViolation?.(violation);
  return jsonResponse(violation.status, violationBody(violation));
}

async function refuseUnknown(
  core: Core,
  served: readonly ContractOperation[],
  request: Request,
): Promise<Response> {
  const observer = core.observe?.(request, undefined);
  observer?.readText(await request.clone().text());
  const response = withRequestId(
    refuse(core, undefined, request, unknownOperation(core, served, request)),
    core,
    '',
  );
  observer?.answered(response.status);
  return response;
}

function unknownOperation(core: Core, served: readonly ContractOperation[], request: Request): Breach {
  const { pathname } = new URL(request.url);
  const all = Object.values(core.contract.operations);
  // One that is served was answered before it came to this.
  const leftOut = all.find(
    (operation) =>
      operation.method === request.method &&
      urlPattern(core.place, operation.path).test(`${new URL(request.url).origin}${pathname}`),
  );
  const near = findNearMisses(core.place, served, pathname);
  const hint = near.length === 0 ? '' : `; near misses: ${near.join(', ')}`;
  const problem =
    leftOut === undefined
      ? `is no operation of the document${hint}`
      : `is ${leftOut.operationId}, which the \`operations\` of these handlers leave out`;
  return { pointer: '/path', rule: 'undocumented', problem, status: 404 };
}

/** Every answer has an `x-vercel-id`, as those of the API do; one that an override set itself stays. */
function withRequestId(response: Response, core: Core, operationId: string): Response {
  // A network error (`Response.error()`) is no answer and has no headers.
  if (response.type === 'error' || response.headers.has('x-vercel-id')) return response;
  const headers = new Headers(response.headers);
  headers.set('x-vercel-id', core.ids.next(operationId));
  const { status, statusText, body } = response;
  return new Response(body, { status, statusText, headers });
}
