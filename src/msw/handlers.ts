import { HttpResponse, type RequestHandler } from 'msw';
import type { Contract, ContractOperation } from '../contract-types.js';
import { InvalidArgumentError } from '../errors/index.js';
import { sleep } from '../transport/sleep.js';
import { type Answerer, createAnswerer, DEFAULT_SEED, type PlainAnswer } from './answer.js';
import { type CheckedParts, checkRequest, readBearer, type SentRequest } from './check-request.js';
import { type Checks, type IsChecked, readChecks } from './checks.js';
import { jsonResponse } from './error-body.js';
import {
  bySpecificity,
  everythingAt,
  type Place,
  placeOf,
  readPathParameters,
  urlPattern,
} from './match-path.js';
import { MatchedHandler } from './matched-handler.js';
import { createRequestIds, type RequestIds } from './request-ids.js';
import { createRouter, type Router } from './router.js';
import { createSchemas, type OneOfReading, type Schemas } from './schemas.js';
import { unknownOperation } from './unknown-operation.js';
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
  /** The request passed every check that is made. */
  accepted?(): void;
  /** The request was refused. */
  refused?(violation: Violation): void;
  answered(status: number): void;
}

/** What handlers are built from. */
export interface HandlerSettings {
  readonly contract: Contract;
  readonly baseUrl?: string | undefined;
  readonly seed?: number | string | undefined;
  readonly operations?: readonly string[] | undefined;
  readonly validate?: Checks | undefined;
  readonly oneOf?: OneOfReading | undefined;
  readonly overrideOf?: ((operationId: string) => UntypedOverride | undefined) | undefined;
  readonly onViolation?: ((violation: Violation) => void) | undefined;
  readonly onDeprecated?: ((operationId: string) => void) | undefined;
  readonly ids?: RequestIds | undefined;
  /** Called for each request once, in the order in which they arrive. */
  readonly onArrival?: ((request: Request) => void) | undefined;
  /** Called for each request before anything is done with it; `undefined` for an operation that does not exist. */
  readonly observe?: ((request: Request, operationId: string | undefined) => Observer) | undefined;
}

/** Handlers, and what made their answers. */
export interface BuiltHandlers {
  readonly handlers: RequestHandler[];
  readonly answerer: Answerer;
}

/** The settings with everything that one set of handlers shares. */
interface Core extends Omit<HandlerSettings, 'operations'> {
  readonly place: Place;
  readonly router: Router;
  readonly schemas: Schemas;
  readonly answerer: Answerer;
  readonly ids: RequestIds;
  readonly isChecked: IsChecked;
  /** The operations that are answered. */
  readonly served: readonly ContractOperation[];
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

async function serve(core: Core, operation: ContractOperation, request: Request): Promise<Response> {
  const observer = core.observe?.(request, operation.operationId);
  // A copy is read, so that an override still has the body.
  const text = await request.clone().text();
  observer?.readText(text);
  const response = withRequestId(
    await answer(core, operation, request, text, observer),
    core,
    operation.operationId,
  );
  observer?.answered(response.status);
  return response;
}

async function answer(
  core: Core,
  operation: ContractOperation,
  request: Request,
  text: string,
  observer: Observer | undefined,
): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const path = readPathParameters(core.place, operation.path, pathname);
  const sent: SentRequest = { path, query: searchParams, headers: request.headers, text };
  const checked = checkRequest(operation, sent, core.schemas, core.isChecked);
  if ('pointer' in checked) return refuse(core, operation.operationId, request, checked, observer);
  if (operation.deprecated && core.isChecked('deprecated')) core.onDeprecated?.(operation.operationId);
  const preferred = preferredStatus(request.headers);
  if (preferred !== undefined) return answerPreferred(core, operation, request, preferred, observer);
  observer?.accepted?.();
  const override = core.overrideOf?.(operation.operationId);
  const own =
    typeof override === 'function'
      ? await override({ ...checked, operationId: operation.operationId, request })
      : override;
  return own instanceof Response ? own : toResponse(core, operation, own ?? {}, request);
}

async function toResponse(
  core: Core,
  operation: ContractOperation,
  answer: PlainAnswer,
  request: Request,
): Promise<Response> {
  if (answer.delayMs !== undefined) await sleep(answer.delayMs, request.signal);
  if (answer.networkError) return HttpResponse.error();
  return core.answerer.toResponse(operation, answer, request.headers.get('accept'));
}

function answerPreferred(
  core: Core,
  operation: ContractOperation,
  request: Request,
  status: number,
  observer: Observer | undefined,
): Response {
  if (core.answerer.isDocumented(operation, status)) {
    observer?.accepted?.();
    const headers = { 'preference-applied': `code=${status}` };
    return core.answerer.toResponse(operation, { status, headers }, request.headers.get('accept'));
  }
  const documented = Object.keys(operation.responses).join(', ');
  const breach: Breach = {
    check: 'preference',
    pointer: '/headers/prefer',
    rule: 'undocumented',
    problem: `asks for a status that this operation does not have; it has ${documented}`,
  };
  return refuse(core, operation.operationId, request, breach, observer);
}

/** The status that `Prefer: code=<status>` (RFC 7240) asks for. */
function preferredStatus(headers: Headers): number | undefined {
  const code = /(?:^|[,;])\s*code\s*=\s*"?(\d{3})"?\s*(?:$|[,;])/i.exec(headers.get('prefer') ?? '')?.[1];
  return code === undefined ? undefined : Number(code);
}

function refuse(
  core: Core,
  operationId: string | undefined,
  request: Request,
  breach: Breach,
  observer: Observer | undefined,
): Response {
  const subject = { operationId, method: request.method, path: new URL(request.url).pathname };
  const violation = describeBreach(subject, breach, readBearer(request.headers));
  // Where unknown operations are not checked for, there is still nothing to answer them with.
  if (violation.check !== 'unknownOperation' || core.isChecked('unknownOperation')) {
    observer?.refused?.(violation);
    core.onViolation?.(violation);
  }
  return jsonResponse(violation.status, violationBody(violation));
}

async function refuseUnknown(core: Core, request: Request): Promise<Response> {
  const observer = core.observe?.(request, undefined);
  observer?.readText(await request.clone().text());
  const breach = unknownOperation(core.contract, core.place, core.served, request);
  const response = withRequestId(refuse(core, undefined, request, breach, observer), core, '');
  observer?.answered(response.status);
  return response;
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
