import type { VercelError } from '../../src/index.js';
import type { Step } from './fault-server.js';

type ErrorClass = abstract new (...args: never[]) => VercelError;

/** What a call must come to. */
export interface Outcome {
  /** `undefined`: the right value. */
  readonly error: ErrorClass | undefined;
  /** Fields that the error must have. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Complete requests that the server saw. */
  readonly requests: number;
}

/** A fault beyond the common ones. */
export interface ExtraFault {
  readonly step: Step;
  /** For a GET, when the first answer alone is bad. */
  readonly once: Outcome;
  /** For a GET, when every answer is. */
  readonly always: Outcome;
  /** For an unsafe POST, when every answer is. */
  readonly unsafe: Outcome;
}

const ATTEMPTS = 4;

const right = (requests: number): Outcome => ({ error: undefined, facts: {}, requests });

/** Looks bad and is not: the value comes at once. */
export function harmless(step: Step): ExtraFault {
  return { step, once: right(1), always: right(1), unsafe: right(1) };
}

/** Passes: repeated where that is safe, and the error in the end. An unsafe POST is never sent again. */
export function transient(step: Step, error: ErrorClass, facts: Outcome['facts'] = {}): ExtraFault {
  return {
    step,
    once: right(2),
    always: { error, facts, requests: ATTEMPTS },
    unsafe: { error, facts, requests: 1 },
  };
}

/** Says something that a further attempt would not change: an error at once. */
export function final(step: Step, error: ErrorClass, facts: Outcome['facts'] = {}): ExtraFault {
  const outcome = { error, facts, requests: 1 };
  return { step, once: outcome, always: outcome, unsafe: outcome };
}
