import type { ContractOperation } from '../../openapi/contract-types.js';
import { sleep } from '../../util/sleep.js';
import { BodyError } from '../mock/mock-error.js';
import { jsonResponse } from '../respond/error-body.js';
import { essenceOf, mediaOf } from '../respond/media.js';
import type { PlainResponse, Responder } from '../respond/responder.js';
import { readBearer } from '../validate/check-credentials.js';
import { checkRequest, type SentRequest } from '../validate/check-request.js';
import type { IsChecked } from '../validate/checks.js';
import { SchemaError } from '../validate/schema-error.js';
import type { Schemas } from '../validate/schemas.js';
import { type ContractError, toValidationError, validationErrorBody } from '../validate/validation-error.js';
import type { HandlerSettings, Observer } from './handler-settings.js';
import { isForeign, type MockOrigin, readPathParameters } from './match-path.js';
import type { RequestIds } from './request-ids.js';
import type { Router } from './router.js';
import { unknownOperation } from './unknown-operation.js';

/** The settings with everything that one set of handlers shares. */
export interface Core extends Omit<HandlerSettings, 'operations'> {
  readonly place: MockOrigin;
  readonly router: Router;
  readonly schemas: Schemas;
  readonly responder: Responder;
  readonly ids: RequestIds;
  readonly isChecked: IsChecked;
  /** The operations that are answered. */
  readonly served: readonly ContractOperation[];
}

/** Checks one request to an operation, and answers it. */
export async function serve(core: Core, operation: ContractOperation, request: Request): Promise<Response> {
  const observer = core.observe?.(request, operation.operationId);
  const text = await readText(request);
  observer?.readText(text);
  const { operationId } = operation;
  const answered = await answer(core, operation, request, text, observer).catch((error: unknown) =>
    refuse(core, operationId, request, documentBreach(error), observer),
  );
  const response = withRequestId(answered, core, operationId);
  observer?.answered(response.status);
  return response;
}

/** What is wrong with the document, as an error says it. @throws Any other error. */
function documentBreach(error: unknown): ContractError {
  if (error instanceof BodyError) return error.contractError;
  if (!(error instanceof SchemaError)) throw error;
  const problem = `cannot be read: ${error.message}; correct the document`;
  return { check: 'document', pointer: '/schema', rule: 'schema', problem, status: 500 };
}

/** A copy is read, so that an override still has the body; a copy of none is spared. */
async function readText(request: Request): Promise<string> {
  if (request.body === null) return '';
  const { headers } = request;
  // Files are neither checked nor worth keeping: a log of uploads would hold all of them.
  if (essenceOf(headers.get('content-type')) !== 'application/octet-stream') return request.clone().text();
  return `[${headers.get('content-length') ?? 'some'} bytes]`;
}

async function answer(
  core: Core,
  operation: ContractOperation,
  request: Request,
  text: string,
  observer: Observer | undefined,
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const path = readPathParameters(core.place, operation.path, pathname);
  const sent: SentRequest = { path, query: search.slice(1), headers: request.headers, text };
  const checked = checkRequest(operation, sent, core.schemas, core.isChecked);
  if ('pointer' in checked) return refuse(core, operation.operationId, request, checked, observer);
  if (operation.deprecated && core.isChecked('deprecated')) core.onDeprecated?.(operation.operationId);
  const preferred = preferredStatus(request.headers);
  if (preferred !== undefined) return answerPreferred(core, operation, request, preferred, observer);
  const example = preferredExample(request.headers);
  if (example !== undefined) return answerExample(core, operation, request, example, observer);
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
  answer: PlainResponse,
  request: Request,
): Promise<Response> {
  if (answer.delayMs !== undefined) await sleep(answer.delayMs, request.signal);
  if (answer.networkError) return Response.error();
  return core.responder.toResponse(operation, answer, request.headers.get('accept'));
}

function answerPreferred(
  core: Core,
  operation: ContractOperation,
  request: Request,
  status: number,
  observer: Observer | undefined,
): Response {
  if (core.responder.isDocumented(operation, status)) {
    observer?.accepted?.();
    const headers = { 'preference-applied': `code=${status}` };
    return core.responder.toResponse(operation, { status, headers }, request.headers.get('accept'));
  }
  const documented = Object.keys(operation.responses).join(', ');
  const breach: ContractError = {
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

/** Answers with the documented example that `Prefer: example=<name>` asks for, of whichever status. */
function answerExample(
  core: Core,
  operation: ContractOperation,
  request: Request,
  name: string,
  observer: Observer | undefined,
): Response {
  const examples = Object.entries(operation.responses).flatMap(([status, { body }]) =>
    mediaOf(body).flatMap((media) =>
      Object.entries(media.examples).map((entry) => [status, ...entry] as const),
    ),
  );
  const found = examples.find(([, own]) => own === name);
  if (found !== undefined) {
    observer?.accepted?.();
    const status = /^\d{3}$/.test(found[0]) ? Number(found[0]) : core.responder.defaultStatus(operation);
    const headers = { 'preference-applied': `example=${name}` };
    return core.responder.toResponse(
      operation,
      { status, body: found[2], headers },
      request.headers.get('accept'),
    );
  }
  const breach: ContractError = {
    check: 'preference',
    pointer: '/headers/prefer',
    rule: 'undocumented',
    problem: `asks for an example that this operation does not have; it has ${examples.map(([, own]) => own).join(', ') || 'none'}`,
  };
  return refuse(core, operation.operationId, request, breach, observer);
}

function preferredExample(headers: Headers): string | undefined {
  return /(?:^|[,;])\s*example\s*=\s*"?([^",;]+?)"?\s*(?:$|[,;])/i.exec(headers.get('prefer') ?? '')?.[1];
}

function refuse(
  core: Core,
  operationId: string | undefined,
  request: Request,
  breach: ContractError,
  observer: Observer | undefined,
): Response {
  const subject = { operationId, method: request.method, path: new URL(request.url).pathname };
  const validationError = toValidationError(subject, breach, readBearer(request.headers));
  // Where unknown operations are not checked for, there is still nothing to answer them with.
  if (validationError.check !== 'unknownOperation' || core.isChecked('unknownOperation')) {
    observer?.refused?.(validationError);
    core.onValidationError?.(validationError);
  }
  const standard = validationErrorBody(validationError);
  const operation = operationId === undefined ? undefined : core.contract.operations[operationId];
  if (operation === undefined) return jsonResponse(validationError.status, standard);
  const { body, mediaType } = core.responder.refusalOf(operation, validationError.status, standard);
  return jsonResponse(
    validationError.status,
    body,
    mediaType === JSON_TYPE ? {} : { 'content-type': mediaType },
  );
}

const JSON_TYPE = 'application/json';

/** Refuses a request that no operation of the document takes. */
export async function refuseUnknown(core: Core, request: Request): Promise<Response> {
  const observer = core.observe?.(request, undefined);
  observer?.readText(await readText(request));
  const breach = unknownOperation(core.contract, core.place, core.served, request);
  const response = withRequestId(refuse(core, undefined, request, breach, observer), core, '');
  observer?.answered(response.status);
  return response;
}

/** Every answer of the Vercel API has an `x-vercel-id`; one that an override set itself stays, and other APIs have none. */
function withRequestId(response: Response, core: Core, operationId: string): Response {
  // A network error (`Response.error()`) is no answer and has no headers.
  if (response.type === 'error' || response.headers.has('x-vercel-id') || isForeign(core.contract))
    return response;
  const id = core.ids.next(operationId);
  try {
    response.headers.set('x-vercel-id', id);
    return response;
  } catch {
    // One that came from `fetch`, whose headers cannot be changed.
    const headers = new Headers(response.headers);
    headers.set('x-vercel-id', id);
    const { status, statusText, body } = response;
    return new Response(body, { status, statusText, headers });
  }
}
