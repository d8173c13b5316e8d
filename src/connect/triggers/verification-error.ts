import { brand } from '../../errors/brand.js';
import { VercelError } from '../../errors/index.js';

/** Why a request was not believed. */
export type VerificationFailure =
  | 'missing_token'
  | 'malformed_token'
  | 'wrong_algorithm'
  | 'unknown_key'
  | 'wrong_signature'
  | 'wrong_issuer'
  | 'wrong_audience'
  | 'wrong_project'
  | 'wrong_environment'
  | 'wrong_owner'
  | 'wrong_client'
  | 'wrong_connector'
  | 'wrong_time'
  | 'replayed'
  | 'body_too_large'
  | 'body_incomplete'
  | 'replay_unavailable'
  | 'keys_unavailable';

const STATUSES: Readonly<Partial<Record<VerificationFailure, 400 | 413 | 503>>> = {
  body_incomplete: 400,
  body_too_large: 413,
  keys_unavailable: 503,
  replay_unavailable: 503,
};

/**
 * Thrown when a request cannot be trusted. Respond with `status` and do nothing else.
 *
 * It never holds the token nor anything of the body.
 *
 * @example
 * try {
 *   const event = await verifyTrigger(request);
 * } catch (error) {
 *   if (error instanceof VerificationError) return new Response(null, { status: error.status });
 *   throw error;
 * }
 */
export class VerificationError extends VercelError {
  static {
    brand(this, 'VerificationError');
  }

  override readonly code: string = 'verification_failed';
  /** Reason for the refusal. */
  readonly reason: VerificationFailure;
  /**
   * HTTP status to answer with: 401; 400 for an incomplete body; 413 for one that is too long; 503 while Vercel's keys or the
   * replay store cannot be reached, so that Connect retries.
   */
  readonly status: 400 | 401 | 413 | 503;

  constructor(reason: VerificationFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.status = STATUSES[reason] ?? 401;
  }
}
