import type { EventListener, RequestErrorEvent, ResponseEvent, TransportEvent } from '../util/emitter.js';

/**
 * Where the transport tells what it does: `console`, a pino logger, or anything with a `debug` of this form.
 *
 * It is given path templates, statuses and times alone: no header, query, body or credential. A pino logger is recognised by
 * its `bindings` function, and is given the fields first, as it takes them.
 */
export interface Logger {
  /** Takes one line for each attempt. */
  debug(message: string, fields: LogFields): void;
}

/** The facts of one attempt, or of a hook that failed. */
export interface LogFields {
  readonly method: string;
  /** Path template, without values. */
  readonly path: string;
  /** Absent for a path that is not in the client's document. */
  readonly operationId?: string;
  /** From 1. */
  readonly attempt?: number;
  readonly durationMs?: number;
  readonly status?: number;
  readonly requestId?: string;
  /** Name of the error, or the system's code of a network failure. */
  readonly error?: string;
  /** Name of the hook that failed. */
  readonly hook?: string;
}

/** Returns a listener that writes a line for each response, for each request without one, and for each hook that failed. */
export function logTo(logger: Logger): EventListener<TransportEvent> {
  const write = writerOf(logger);
  return (event) => {
    const { method, path, operationId } = event;
    const facts = { method, path, ...(operationId === undefined ? {} : { operationId }) };
    if (event.type === 'response')
      write(`${method} ${path} ${event.status}`, { ...facts, ...attemptOf(event), ...answerOf(event) });
    else if (event.type === 'error')
      write(`${method} ${path} ${event.reason}`, { ...facts, ...attemptOf(event), error: event.reason });
    else if (event.type === 'hook-error')
      write(`${method} ${path}: the hook ${event.hook} failed`, {
        ...facts,
        hook: event.hook,
        error: event.reason,
      });
  };
}

function attemptOf({ attempt, durationMs }: ResponseEvent | RequestErrorEvent) {
  return { attempt, durationMs };
}

function answerOf({ status, requestId }: ResponseEvent) {
  return { status, ...(requestId === undefined ? {} : { requestId }) };
}

function writerOf(logger: Logger): (message: string, fields: LogFields) => void {
  const isPino = 'bindings' in logger && typeof logger.bindings === 'function';
  if (!isPino) return (message, fields) => logger.debug(message, fields);
  // pino takes what it merges into the line before the message (https://getpino.io/#/docs/api?id=logging-method-parameters).
  const pino = logger as unknown as { debug(fields: LogFields, message: string): void };
  return (message, fields) => pino.debug(fields, message);
}
