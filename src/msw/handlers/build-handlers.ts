import type { RequestHandler } from 'msw';
import type { ContractOperation } from '../../openapi/contract-types.js';
import { checkMsw } from './check-msw.js';
import { createCore } from './core.js';
import type { HandlerSettings } from './handler-settings.js';
import { bySpecificity, everythingAt, urlPattern } from './match-path.js';
import { MatchedHandler } from './matched-handler.js';
import { type Core, refuseUnknown, serve } from './serve.js';

/** Makes one handler an operation, and one that refuses whatever else is sent to the API's hosts. */
export function buildHandlers(settings: HandlerSettings): RequestHandler[] {
  return handlersOf(createCore(settings));
}

/** The handlers of {@link buildHandlers}, over what they share. */
export function handlersOf(core: Core): RequestHandler[] {
  checkMsw();
  return [
    ...bySpecificity(core.served).map((operation) => operationHandler(core, operation)),
    restHandler(core),
  ];
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
