import { networkErrorCode } from '../http/network-error.js';
import { readRequestId } from '../http/request-id.js';
import type { Stage } from './compose.js';

/**
 * Where the transport tells what it does; `console` fits.
 *
 * It is given path templates, statuses and times alone: no header, query, body or credential.
 */
export interface Logger {
  /** One line an attempt. */
  debug(message: string, fields: LogFields): void;
}

/** The facts of one attempt. */
export interface LogFields {
  readonly method: string;
  /** Path template, without values. */
  readonly path: string;
  /** From 1. */
  readonly attempt: number;
  readonly durationMs: number;
  readonly status?: number;
  readonly requestId?: string;
  /** Name of the error, or the system's code of a network failure. */
  readonly error?: string;
}

/** Reports each attempt to the caller's logger. */
export function logStage(logger: Logger, now: () => number = Date.now): Stage {
  return (next) => async (request, call) => {
    const { method, path, attempt } = call;
    const startedAt = now();
    const facts = () => ({ method, path, attempt, durationMs: now() - startedAt });
    const tell = (message: string, fields: LogFields) => {
      try {
        logger.debug(message, fields);
      } catch {
        // A logger that fails must not decide what becomes of the call.
      }
    };
    try {
      const response = await next(request, call);
      const requestId = readRequestId(response, call.secrets);
      const fields = {
        ...facts(),
        status: response.status,
        ...(requestId === undefined ? {} : { requestId }),
      };
      tell(`${method} ${path} ${response.status}`, fields);
      return response;
    } catch (error) {
      const name = networkErrorCode(error) ?? (error instanceof Error ? error.name : 'Error');
      tell(`${method} ${path} ${name}`, { ...facts(), error: name });
      throw error;
    }
  };
}
