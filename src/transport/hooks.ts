import { networkErrorCode } from '../http/network-error.js';
import { readRequestId } from '../http/request-id.js';
import type {
  CallEvent,
  EventListener,
  RequestErrorEvent,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  TransportEvent,
} from '../util/emitter.js';
import type { CallContext, Middleware, OutgoingRequest } from './middleware.js';
import { withinCall } from './timeout.js';

/** The request of one attempt, as {@link Hooks.onRequest} may change it. Its headers carry the credential. */
export interface HookRequest {
  readonly method: string;
  /** Path and query with their values. */
  readonly url: string;
  /** May be changed: a header that a hook sets is sent with this attempt, and is masked in errors. */
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
  /** Called for a response of any status. Not waited for. */
  onResponse?(event: ResponseEvent): void | Promise<void>;
  /** Called when a request got no response, or one whose body cannot be read. Not waited for. */
  onError?(event: RequestErrorEvent, error: unknown): void | Promise<void>;
  /** Called when a further attempt is about to be made. Not waited for. */
  onRetry?(event: RetryEvent): void | Promise<void>;
}

/** The names of all hooks. */
export const HOOK_NAMES: readonly (keyof Hooks)[] = ['onRequest', 'onResponse', 'onError', 'onRetry'];

/** Emits an event, that of a failure with its error. */
type Emit = (event: TransportEvent, error?: unknown) => void;

interface ObserveOptions {
  /** The origin of every request: no call chooses another, and redirects stay within it. */
  readonly origin: string;
  readonly emit: Emit;
  /** Called in this order. */
  readonly hooks: readonly Hooks[];
}

/**
 * Emits an event when an attempt begins, and one when it succeeds or fails.
 *
 * The logger, the counters, `onEvent`, the diagnostics channel and the hooks all receive these events.
 */
export function observeMiddleware(options: ObserveOptions): Middleware {
  const { origin, emit, hooks } = options;
  const changesRequests = hooks.some(({ onRequest }) => onRequest !== undefined);
  return (next) =>
    async function observe(request, call) {
      // Such an attempt is not sent. The timeout middleware says why.
      if (call.signal?.aborted || !call.totalTimeout.allows(call.timeoutMs)) return next(request, call);
      const { method, path, operationId, attempt } = call;
      const begun: RequestEvent = {
        type: 'request',
        method,
        path,
        operationId,
        attempt,
        origin,
        context: {},
      };
      emit(begun);
      let startedAt = performance.now();
      try {
        const sent = changesRequests ? await changedByHooks(request, call, begun, options) : request;
        startedAt = performance.now();
        const response = await next(sent, call);
        const durationMs = performance.now() - startedAt;
        const { status, headers } = response;
        const requestId = headers.has('x-vercel-id') ? readRequestId(response, call.secrets) : undefined;
        emit({ ...begun, type: 'response', durationMs, status, requestId });
        return response;
      } catch (error) {
        const reason = networkErrorCode(error) ?? nameOf(error);
        const durationMs = performance.now() - startedAt;
        emit({ ...begun, type: 'error', durationMs, reason }, error);
        throw error;
      }
    };
}

/** Returns a listener that passes events on, and calls the hooks that are not waited for. */
export function callHooks(hooks: readonly Hooks[], emit: EventListener<TransportEvent>): Emit {
  return (event, error) => {
    emit(event);
    for (const hook of hooks)
      if (event.type === 'response') callHook('onResponse', event, emit, () => hook.onResponse?.(event));
      else if (event.type === 'error') callHook('onError', event, emit, () => hook.onError?.(event, error));
      else if (event.type === 'retry') callHook('onRetry', event, emit, () => hook.onRetry?.(event));
  };
}

/** Returns the request with the headers that the hooks have changed. */
async function changedByHooks(
  request: OutgoingRequest,
  call: CallContext,
  event: RequestEvent,
  { hooks, emit }: ObserveOptions,
): Promise<OutgoingRequest> {
  // Headers of its own: a header that is set for this attempt must not be sent with the next one.
  const headers = new Headers(request.headers);
  const { method, url, body } = request;
  const isReadable =
    call.openBody === undefined && !(body instanceof FormData || body instanceof ReadableStream);
  const given: HookRequest = { method, url, headers, body: isReadable ? body : undefined };
  for (const hook of hooks) {
    const work = callHook('onRequest', call, emit, () => hook.onRequest?.(event, given));
    if (work !== undefined) await withinCall(work, call);
  }
  for (const [name, value] of headers) if (request.headers[name] !== value) call.secrets.add(value);
  return { ...request, headers: Object.fromEntries(headers) };
}

/**
 * Calls a hook. An error of the hook never reaches the call.
 *
 * @returns A promise of the hook's own; it never rejects.
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
