import { BYTES, essenceOf } from '../../openapi/media-types.js';
import { sleep } from '../../util/abort.js';
import { BodyError } from '../mock/mock-error.js';
import { createRandom } from '../respond/random.js';
import { checkRequest, readBearer } from '../validate/check-request.js';
import { SchemaError } from '../validate/schema-source.js';
import { type ContractError, toValidationError } from '../validate/validation-error.js';
import type { Core } from './core.js';
import { type Observer, responseOf } from './handler-settings.js';
import { preferredResponse } from './preferred-response.js';
import type { RouteMatch } from './router.js';
import { unknownOperation } from './unknown-operation.js';

interface Exchange {
  readonly core: Core;
  readonly request: Request;
  /** `null` for a request that no operation takes. */
  readonly match: RouteMatch | null;
  readonly observer: Observer | undefined;
}

/** Checks a request and responds to it; returns `undefined` for a request that goes elsewhere. */
export async function serve(core: Core, request: Request): Promise<Response | undefined> {
  const match = core.router.match(request);
  if (match === undefined) return undefined;
  const operationId = match?.operation.operationId;
  const observer = core.observe?.(request, operationId);
  const exchange: Exchange = { core, request, match, observer };
  const { headers } = request;
  // Files are neither checked nor kept: a log of uploads would hold all of them. A copy is read, so that an override still has
  // the body.
  const isFile = essenceOf(headers.get('content-type')) === BYTES;
  const length = headers.get('content-length') ?? 'some';
  const text = request.body === null ? '' : isFile ? `[${length} bytes]` : await request.clone().text();
  observer?.readText(text);
  const response =
    match === null
      ? refuse(exchange, unknownOperation(core.contract, core.origin, core.served, request))
      : await respond(exchange, match, text).catch((error: unknown) =>
          refuse(exchange, documentError(error)),
        );
  const identified = core.hasRequestIds ? withRequestId(response, core, operationId ?? '') : response;
  observer?.answered(identified.status);
  return identified;
}

/** Responds to a request of an operation as the test planned it, or as the document has it. */
async function respond(exchange: Exchange, match: RouteMatch, text: string): Promise<Response> {
  const { core, request, observer } = exchange;
  const { operation, path } = match;
  const { headers, signal } = request;
  const sent = { path, query: new URL(request.url).search.slice(1), headers, text };
  const checked = checkRequest(operation, sent, core.schemas, core.checks);
  if ('pointer' in checked) return refuse(exchange, checked);
  const { operationId } = operation;
  if (operation.deprecated && core.checks.deprecated) core.onDeprecated?.(operationId);
  const prefer = headers.get('prefer');
  const preferred = prefer === null ? undefined : preferredResponse(core.responder, operation, prefer);
  if (preferred !== undefined && 'pointer' in preferred) return refuse(exchange, preferred);
  observer?.accepted?.();
  const override = preferred ?? core.overrideOf?.(operationId);
  const planned = (await responseOf(override, { ...checked, operationId, request })) ?? {};
  if (planned instanceof Response) return planned;
  if (planned.delayMs !== undefined) await sleep(planned.delayMs, signal);
  return core.responder.toResponse(operation, planned, headers.get('accept'));
}

function refuse({ core, request, match, observer }: Exchange, error: ContractError): Response {
  const operation = match?.operation;
  const { method, url, headers } = request;
  const subject = { operationId: operation?.operationId, method, path: new URL(url).pathname };
  const validationError = toValidationError(subject, error, readBearer(headers));
  // Without the check for unknown operations there is still no response to give them.
  if (validationError.check !== 'unknownOperation' || core.checks.unknownOperation) {
    observer?.refused?.(validationError);
    core.onValidationError?.(validationError);
  }
  return core.responder.refuse(operation, validationError);
}

/** Returns the error of the document that was thrown. @throws Any other error. */
function documentError(error: unknown): ContractError {
  if (error instanceof BodyError) return error.contractError;
  if (!(error instanceof SchemaError)) throw error;
  const problem = `cannot be read: ${error.message}; correct the document`;
  return { check: 'document', pointer: '/schema', rule: 'schema', problem, status: 500 };
}

/** Adds the `x-vercel-id` that every response of the Vercel API has; one that an override set stays. */
function withRequestId(response: Response, core: Core, operationId: string): Response {
  // A network error (`Response.error()`) has no headers.
  if (response.type === 'error' || response.headers.has('x-vercel-id')) return response;
  const id = core.ids.next(operationId);
  try {
    response.headers.set('x-vercel-id', id);
    return response;
  } catch {
    // The headers of a response from `fetch` cannot be changed.
    const headers = new Headers(response.headers);
    headers.set('x-vercel-id', id);
    const { status, statusText, body } = response;
    return new Response(body, { status, statusText, headers });
  }
}

/** Generates the values of `x-vercel-id`. */
export interface RequestIds {
  /** Returns the next id of an operation, which does not depend on other operations. */
  next(operationId: string): string;
  /** Starts again from the first ids. */
  reset(): void;
}

/** Makes request ids of the API's shape (`<region>::<id>-<number>`), the same in the same order for the same seed. */
export function createRequestIds(seed: number | string): RequestIds {
  const known = new Map<string, { readonly prefix: string; count: number }>();
  return {
    next(operationId) {
      let ids = known.get(operationId);
      if (ids === undefined) {
        const text = createRandom('request', seed, operationId).text(8).toLowerCase();
        ids = { prefix: `mock1::${text}`, count: 0 };
        known.set(operationId, ids);
      }
      ids.count += 1;
      return `${ids.prefix}-${ids.count}`;
    },
    reset: () => known.clear(),
  };
}
