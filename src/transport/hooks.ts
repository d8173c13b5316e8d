import { networkErrorCode } from '../http/network-error.js';
import { readRequestId } from '../http/request-id.js';
import type {
  AttemptEvent,
  CallEvent,
  EventListener,
  RequestErrorEvent,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  TransportEvent,
} from '../util/emitter.js';
import { withinCall } from './attempt-timer.js';
import type { CallContext, Middleware } from './middleware.js';
import { type OutgoingRequest, PlainRequest, withHeaders } from './plain-request.js';

/** The request of one attempt, as {@link Hooks.onRequest} may change it. Its headers carry the credential. */
export interface HookRequest {
  readonly method: string;
  /** Path and query with their values. */
  readonly url: string;
  /** To be changed: what is set here is sent with this attempt, and is masked in errors. */
  readonly headers: Headers;
  /** The text or the bytes of the body; `null` for none, `undefined` for a stream, a form and an upload. */
  readonly body: string | Uint8Array | Blob | null | undefined;
}

/**
 * Functions that are called around each attempt of each call.
 *
 * The events hold names, counts and times; only the second argument of `onRequest` carries a credential. A hook that throws
 * or rejects changes nothing: the call goes on, and the event `hook-error` and a line of the logger name the hook.
 *
 * @example
 * createClient({ hooks: { onResponse: ({ operationId, durationMs }) => console.log(operationId, durationMs) } });
 */
export interface Hooks {
  /**
   * Called before a request is sent, and waited for; it may change the headers, e.g. to sign the request or to pass on a
   * trace. The wait is bounded by the time of the call.
   */
  onRequest?(event: RequestEvent, request: HookRequest): void | Promise<void>;
  /** Called when a request was answered, with whatever status. Not waited for. */
  onResponse?(event: ResponseEvent): void | Promise<void>;
  /** Called when a request got no response, or one whose body cannot be read. Not waited for. */
  onError?(event: RequestErrorEvent, error: unknown): void | Promise<void>;
  /** Called when a further attempt is about to be made. Not waited for. */
  onRetry?(event: RetryEvent): void | Promise<void>;
}

/** The names of all hooks. */
export const HOOK_NAMES: readonly (keyof Hooks)[] = ['onRequest', 'onResponse', 'onError', 'onRetry'];

/** What {@link observeMiddleware} takes from outside. */
export interface ObserveOptions {
  /** The origin of every request: no call chooses another, and redirects stay within it. */
  readonly origin: string;
  readonly emit: EventListener<TransportEvent>;
  /** Called in this order. */
  readonly hooks: readonly Hooks[];
  /** Milliseconds that no clock setting changes. */
  readonly now: () => number;
}

/**
 * Emits an event when an attempt begins, and one when it succeeds or fails.
 *
 * Logger, counters, `onEvent`, the diagnostics channel and the hooks all stand on these events.
 */
export function observeMiddleware(options: ObserveOptions): Middleware {
  const { origin, emit, hooks, now } = options;
  const changesRequests = hooks.some(({ onRequest }) => onRequest !== undefined);
  return (next) =>
    async function observe(request, call) {
      // Such an attempt is not sent. The timeout middleware says why.
      if (call.signal?.aborted || !call.totalTimeout.allows(call.timeoutMs)) return next(request, call);
      const { method, path, operationId, attempt } = call;
      const facts: AttemptEvent = { method, path, operationId, attempt, origin, context: {} };
      const begun: RequestEvent = { type: 'request', ...facts };
      emit(begun);
      let startedAt = now();
      try {
        const sent = changesRequests ? await changedByHooks(request, call, begun, options) : request;
        startedAt = now();
        const response = await next(sent, call);
        emitResponse(response, call, { ...facts, durationMs: now() - startedAt }, options);
        return response;
      } catch (error) {
        emitError(error, call, { ...facts, durationMs: now() - startedAt }, options);
        throw error;
      }
    };
}

type TimedAttempt = AttemptEvent & { readonly durationMs: number };

function emitResponse(
  response: Response,
  call: CallContext,
  facts: TimedAttempt,
  { emit, hooks }: ObserveOptions,
) {
  const requestId = readRequestId(response, call.secrets);
  const event: ResponseEvent = { type: 'response', ...facts, status: response.status, requestId };
  emit(event);
  for (const hook of hooks) callHook('onResponse', call, emit, () => hook.onResponse?.(event));
}

function emitError(error: unknown, call: CallContext, facts: TimedAttempt, { emit, hooks }: ObserveOptions) {
  const reason = networkErrorCode(error) ?? nameOf(error);
  const event: RequestErrorEvent = { type: 'error', ...facts, reason };
  emit(event);
  for (const hook of hooks) callHook('onError', call, emit, () => hook.onError?.(event, error));
}

/** Returns a listener that passes events on, and calls the `onRetry` of each hook. */
export function callRetryHooks(
  hooks: readonly Hooks[],
  emit: EventListener<TransportEvent>,
): EventListener<TransportEvent> {
  return (event) => {
    emit(event);
    if (event.type !== 'retry') return;
    for (const hook of hooks) callHook('onRetry', event, emit, () => hook.onRetry?.(event));
  };
}

/** Returns the request with what the hooks have made of its headers. */
async function changedByHooks(
  request: OutgoingRequest,
  call: CallContext,
  event: RequestEvent,
  { hooks, emit }: ObserveOptions,
): Promise<OutgoingRequest> {
  // Headers of its own: what is set for this attempt must not be sent with the next one.
  const headers = new Headers(request.headers);
  const body = request instanceof PlainRequest && call.openBody === undefined ? request.body : undefined;
  const given: HookRequest = { method: request.method, url: request.url, headers, body };
  for (const hook of hooks) {
    const work = callHook('onRequest', call, emit, () => hook.onRequest?.(event, given));
    if (work !== undefined) await withinCall(work, call);
  }
  for (const [name, value] of headers) if (request.headers.get(name) !== value) call.secrets.add(value);
  return withHeaders(request, headers);
}

/**
 * Calls a hook so that nothing of it reaches the call.
 *
 * @returns What the hook wants to be waited for; never rejects.
 */
function callHook(
  hook: keyof Hooks,
  { method, path, operationId }: CallEvent,
  emit: EventListener<TransportEvent>,
  run: () => void | Promise<void>,
): Promise<void> | undefined {
  const report = (error: unknown) =>
    emit({ type: 'hook-error', method, path, operationId, hook, reason: nameOf(error) });
  try {
    const work = run();
    // A hook without types may return anything.
    return work instanceof Promise ? work.catch(report) : undefined;
  } catch (error) {
    report(error);
    return undefined;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
