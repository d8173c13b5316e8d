/** Tokens that a full bucket holds. */
const CAPACITY = 500;

/** What a further attempt costs, by what the one before came to. */
const COSTS = {
  failure: 5,
  /** It held a connection for long. */
  timeout: 10,
  /** The first retry of a call whose connection ended: a restarted load balancer ends those of 150 calls at once. */
  'first-reset': 3,
} as const;

/** What a further attempt is paid for. */
export type RetryCause = keyof typeof COSTS;

/** Bounds how much retrying may add to the load of an API that is down. */
export interface RetryBudget {
  /** Takes what a further attempt costs; `false` when there is not enough left, so that the failure is final. */
  spend(cause: RetryCause): boolean;
  /** Gives a little back: a call succeeded. */
  refund(): void;
}

/**
 * Makes the bucket of one API origin: 500 tokens, 5 for a retry, 10 after a timeout, 3 for the first one after a reset, 1
 * back for a success.
 *
 * In a full outage of any length all calls together make at most a hundred further attempts (166 where connections are
 * reset), instead of three each. The numbers are those of the AWS SDKs' standard retry mode.
 */
export function createRetryBudget(): RetryBudget {
  let left = CAPACITY;
  return {
    spend(cause) {
      if (left < COSTS[cause]) return false;
      left -= COSTS[cause];
      return true;
    },
    refund() {
      left = Math.min(CAPACITY, left + 1);
    },
  };
}
