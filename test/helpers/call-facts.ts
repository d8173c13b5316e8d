import type { OperationInfo } from '../../src/openapi/operation-info.js';
import type { CallContext, OutgoingRequest } from '../../src/transport/middleware.js';
import { TotalTimeout } from '../../src/transport/timeout.js';
import { Secrets } from '../../src/util/secrets.js';

/** The facts of a call, to test one stage alone with. */
export function callFacts(changes: Partial<CallContext> = {}): CallContext {
  const { method = 'GET', operation } = changes;
  return {
    repeatable: !['POST', 'PATCH'].includes(method) || (operation?.safeToRepeat ?? false),
    hasIdleTimeout: false,
    totalTimeout: new TotalTimeout(Number.POSITIVE_INFINITY),
    maxRetryAfterMs: 65_000,
    noStore: false,
    maxBodyBytes: 10_000_000,
    timer: undefined,
    method: 'GET',
    path: '/v1/things/{thing}',
    operation: undefined,
    operationId: undefined,
    fetchOptions: {},
    parseAs: 'json',
    timeoutMs: 1_000,
    maxRetries: 3,
    attempt: 1,
    signal: undefined,
    credential: undefined,
    schemes: [],
    secrets: new Secrets(),
    ...changes,
  };
}

/** A row of the operation table. */
export function operationInfo(changes: Partial<OperationInfo> = {}): OperationInfo {
  return {
    method: 'GET',
    path: '/v1/things/{thing}',
    team: [],
    safeToRepeat: true,
    success: { 200: ['application/json'] },
    ...changes,
  };
}

/** A request to an address that nothing answers. */
export function request(init: Partial<Omit<OutgoingRequest, 'url'>> = {}): OutgoingRequest {
  return {
    method: 'GET',
    url: 'https://api.example.com/v1/things/one?q=1',
    headers: {},
    body: null,
    ...init,
  };
}
