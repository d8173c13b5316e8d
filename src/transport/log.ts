import type { EventListener, TransportEvent } from '../util/emitter.js';

/**
 * Receives a line for each attempt: `console`, a pino logger, or anything with a `debug` of this form.
 *
 * It receives path templates, statuses and times alone: no header, query, body or credential. A pino logger is recognised by
 * its `bindings` function, and receives the fields first, as it takes them.
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
  const isPino = 'bindings' in logger && typeof logger.bindings === 'function';
  // pino takes what it merges into the line before the message (https://getpino.io/#/docs/api?id=logging-method-parameters).
  const pino = logger as unknown as { debug(fields: LogFields, message: string): void };
  const write = (message: string, fields: LogFields) =>
    isPino ? pino.debug(fields, message) : logger.debug(message, fields);
  return (event) => {
    const { method, path, operationId } = event;
    const facts = { method, path, ...(operationId === undefined ? {} : { operationId }) };
    if (event.type === 'response') {
      const { attempt, durationMs, status, requestId } = event;
      const own = { attempt, durationMs, status, ...(requestId === undefined ? {} : { requestId }) };
      write(`${method} ${path} ${status}`, { ...facts, ...own });
    } else if (event.type === 'error') {
      const { attempt, durationMs, reason } = event;
      write(`${method} ${path} ${reason}`, { ...facts, attempt, durationMs, error: reason });
    } else if (event.type === 'hook-error') {
      const { hook, reason } = event;
      write(`${method} ${path}: the hook ${hook} failed`, { ...facts, hook, error: reason });
    }
  };
}
