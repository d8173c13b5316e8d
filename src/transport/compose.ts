import type { OperationInfo } from '../operation-info.js';
import type { Credential } from './credentials.js';

/** How a call wants its body: the modes of openapi-fetch. */
export type ParseAs = 'json' | 'text' | 'blob' | 'arrayBuffer' | 'stream';

/**
 * The facts of one call that travel beside its `Request` through every stage.
 *
 * A `Request` alone cannot say which operation it belongs to, and the decisions of the stages (may this be sent twice,
 * must it answer a body, how is it named in an error) depend on just that. Immutable: a stage that changes a fact hands
 * a changed copy to `next`.
 */
export interface Call {
  /** HTTP method, upper case. */
  readonly method: string;
  /** Path template, without values. */
  readonly path: string;
  /** The operation's row of the generated table; `undefined` for a path outside it. */
  readonly operation: OperationInfo | undefined;
  readonly parseAs: ParseAs;
  /** Time for one attempt, in milliseconds. */
  readonly timeoutMs: number;
  /** Further attempts after the first. */
  readonly maxRetries: number;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** The caller's own signal. */
  readonly signal: AbortSignal | undefined;
  /** Where the bearer comes from; `undefined` sends none. */
  readonly credential: Credential | undefined;
  /** What must not be shown if the server echoes it. The auth stage adds the bearer that it sends. */
  readonly secrets: string[];
}

/** Sends one request of one call. */
export type Send = (request: Request, call: Call) => Promise<Response>;

/** One layer of the transport: takes what comes after it, gives what the layer before it calls. */
export type Stage = (next: Send) => Send;

/**
 * Folds stages round the function that really sends.
 *
 * @param stages - Outermost first.
 * @param send - The innermost: one request over the wire.
 *
 * @example
 * const send = compose([retryStage(), timeoutStage()], fetchSend(fetch));
 */
export function compose(stages: readonly Stage[], send: Send): Send {
  return stages.reduceRight((next, stage) => stage(next), send);
}
